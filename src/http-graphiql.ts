import { type RuruClientConfig, ruruHTML } from 'ruru/server';
import { getStaticFile } from 'ruru/static';
import { HttpError } from './http-error.js';
import { type Route, send } from './http-routes.js';

const STATIC = '/graphiql/';

/** Everything comes from this server; GraphiQL writes its own inline script and styles. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
].join('; ');

export const isForBrowser = (method: string | undefined, accept: string | undefined): boolean =>
  method === 'GET' && accept !== undefined && accept.includes('text/html');

/** The page at `/graphql` in a browser. */
export const graphiqlPage = (): { readonly html: string; readonly policy: string } => ({
  html: ruruHTML({
    staticPath: STATIC,
    endpoint: '/graphql',
    clientConfig: { debugTools: [] } as unknown as RuruClientConfig,
    htmlParts: { titleTag: '<title>Weirgate GraphQL</title>' },
  }),
  policy: POLICY,
});

/** The page's scripts and styles, out of the package. */
export const graphiqlFiles: Route = {
  method: 'GET',
  path: `${STATIC}*`,
  handle: async (request, response, url) => {
    const file = await getStaticFile({
      staticPath: STATIC,
      urlPath: url.pathname,
      acceptEncoding: request.headers['accept-encoding'],
      disallowDevAssets: true,
    });
    if (file === null)
      throw new HttpError(404, 'NOT_FOUND', `there is no file \`${url.pathname}\``);
    const { etag } = file.headers;
    const known = etag !== undefined && request.headers['if-none-match'] === etag;
    send(
      response,
      known ? 304 : 200,
      { ...file.headers, vary: 'accept-encoding' },
      known ? '' : file.content,
    );
  },
};
