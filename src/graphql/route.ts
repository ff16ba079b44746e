import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { heeding } from '../database/deadline.js';
import { addressOf } from '../http/client-address.js';
import { compressed } from '../http/compress.js';
import { deadlineOf } from '../http/deadline.js';
import { type Route, requestIdFor, send } from '../http/routes.js';
import type { Carried } from './apollo.js';
import { assertShort } from './document-length.js';
import { withRequest } from './error-form.js';
import { isForBrowser, sendGraphiql } from './graphiql.js';
import type { Incoming } from './incoming.js';
import type { JsonBodies } from './json-body.js';

type Context<C> = Carried<C>['context'];

export type GraphqlRoutes<C> = {
  readonly apollo: ApolloServer<Carried<C>>;
  readonly contextOf: (incoming: Incoming) => C | Promise<C>;
  readonly bodies: JsonBodies;
  /** Milliseconds that an operation has. */
  readonly deadline: number;
  /** Cost that an operation may have. */
  readonly costLimit: number;
};

/** GraphQL over HTTP by GET and POST, and GraphiQL in a browser, on one path. */
export function graphqlRoutes<C>(service: GraphqlRoutes<C>): readonly Route[] {
  const operation: Route['handle'] = (request, response, url) =>
    answerOperation(service, { request, response, url });
  return [
    { method: 'POST', path: '/graphql', handle: operation },
    {
      method: 'GET',
      path: '/graphql',
      handle: (request, response, url) =>
        isForBrowser(request.method, request.headers.accept)
          ? sendGraphiql({ request, response })
          : operation(request, response, url),
    },
  ];
}

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
};

async function answerOperation<C>(
  { apollo, contextOf, bodies, deadline, costLimit }: GraphqlRoutes<C>,
  { request, response, url }: Exchange,
): Promise<void> {
  const requestId = requestIdFor(response);
  const sent = incomingOf(request, requestId, deadline);
  const httpGraphQLRequest: HTTPGraphQLRequest = {
    method: request.method?.toUpperCase() ?? 'GET',
    headers: headersOf(request.headers),
    search: url.search,
    body: request.method === 'POST' ? await bodies.read(request, sent) : undefined,
  };
  assertShort(documentOf(httpGraphQLRequest, url));
  const incoming = incomingOf(request, requestId, deadline);
  const { signal, clear } = deadlineOf(response, deadline);
  const result = await heeding(signal, () =>
    apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: async () => ({ requestId, context: await contextFor(contextOf, incoming) }),
    }),
  ).finally(clear);
  if (result.body.kind !== 'complete')
    throw new Error('incremental delivery is not part of this schema');
  const headers = { ...Object.fromEntries(result.headers), 'cache-control': 'no-store' };
  const status = result.status ?? 200;
  const text = result.body.string;
  const told = status < 400 ? text : withRequest(text, requestId, costLimit);
  const packed = await compressed(request.headers, told);
  const vary = `accept, ${packed.headers['vary']}`;
  send(response, status, { ...headers, ...packed.headers, vary }, packed.body);
}

/** What Apollo will parse; nothing where it is missing. */
function documentOf({ body }: HTTPGraphQLRequest, { searchParams }: URL): string {
  const found =
    typeof body === 'object' && body !== null && 'query' in body
      ? body.query
      : searchParams.get('query');
  return typeof found === 'string' ? found : '';
}

async function contextFor<C>(
  contextOf: GraphqlRoutes<C>['contextOf'],
  incoming: Incoming,
): Promise<Context<C>> {
  try {
    return { value: await contextOf(incoming) };
  } catch (failure) {
    return { failure };
  }
}

function headersOf(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  return map;
}

/** @param deadline in milliseconds from now */
export const incomingOf = (
  request: IncomingMessage,
  requestId: string,
  deadline: number,
): Incoming => ({
  requestId,
  headers: request.headers,
  authorization: request.headers.authorization ?? null,
  remoteAddress: addressOf(request),
  deadline: new Date(Date.now() + deadline),
});
