import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { HttpError } from '../http/error.js';
import { type Route, send } from '../http/routes.js';

/** Where `npm run graphiql` writes them, gzipped; named in `package.json`. */
const FOLDER = new URL('./', import.meta.resolve('#graphiql/index.html.gz'));
const PREFIX = '/graphiql/';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Everything comes from this server, and only from files; the editor makes styles as it goes. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const isForBrowser = (method: string | undefined, accept: string | undefined): boolean =>
  method === 'GET' && accept !== undefined && accept.includes('text/html');

const takesGzip = ({ headers }: IncomingMessage): boolean =>
  /(^|,)\s*(x-)?gzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(
    String(headers['accept-encoding'] ?? ''),
  );

/** @returns null where there is no such file */
async function gzipped(name: string): Promise<Buffer | null> {
  try {
    return await readFile(new URL(`${name}.gz`, FOLDER));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

function sendFile(
  { request, response }: Exchange,
  name: string,
  packed: Buffer,
  caching: { readonly 'cache-control': string; readonly vary: string },
): void {
  const headers = {
    'content-type': TYPES[name.slice(name.lastIndexOf('.') + 1)],
    'content-security-policy': POLICY,
    ...caching,
  };
  if (takesGzip(request)) send(response, 200, { ...headers, 'content-encoding': 'gzip' }, packed);
  else send(response, 200, headers, gunzipSync(packed));
}

/** Answers the page at `/graphql` in a browser. */
export async function sendGraphiql(exchange: Exchange): Promise<void> {
  const page = await gzipped('index.html');
  if (page === null)
    throw new HttpError(404, 'NOT_FOUND', 'GraphiQL is not built; run `npm run graphiql`');
  // The same path answers operations, to whom takes JSON.
  const caching = { 'cache-control': 'no-cache', vary: 'accept, accept-encoding' };
  sendFile(exchange, 'index.html', page, caching);
}

/** The page's scripts and styles. Their names hold a hash of what they are, so that they never change. */
export const graphiqlFiles: Route = {
  method: 'GET',
  path: `${PREFIX}*`,
  handle: async (request, response, url) => {
    const name = url.pathname.slice(PREFIX.length);
    const file = /^[\w-]+\.(js|css|svg)$/.test(name) ? await gzipped(name) : null;
    if (file === null)
      throw new HttpError(404, 'NOT_FOUND', `there is no file \`${url.pathname}\``);
    const caching = {
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    };
    sendFile({ request, response }, name, file, caching);
  },
};
