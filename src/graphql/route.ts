import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { heeding } from '../database/deadline.js';
import { addressOf } from '../http/client-address.js';
import { compressed } from '../http/compress.js';
import { deadlineOf } from '../http/deadline.js';
import { type Route, requestIdFor, send } from '../http/routes.js';
import { ErrorCode } from '../query/api-error.js';
import { apiErrorIn } from '../query/unavailable.js';
import type { Carried } from './apollo.js';
import { withRequest } from './error-form.js';
import { isForBrowser, sendGraphiql } from './graphiql.js';
import type { Incoming } from './incoming.js';
import type { JsonBodies } from './json-body.js';
import { checkText, type Endpoint } from './operation.js';

export type GraphqlRoutes<C> = {
  readonly apollo: ApolloServer<Carried<C>>;
  readonly endpoint: Endpoint<C>;
  readonly bodies: JsonBodies;
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

/** A body that came slowly is for who may still ask by then. */
const STALE_MS = 1_000;

/** Nothing is read of who is not known: neither a body nor a document, whose faults would tell of the schema. */
async function answerOperation<C>(
  { apollo, endpoint, bodies }: GraphqlRoutes<C>,
  { request, response, url }: Exchange,
): Promise<void> {
  const { deadline, askerOf, limits } = endpoint;
  const requestId = requestIdFor(response);
  const known = () => contextWithin(endpoint, incomingOf(request, requestId, deadline), response);
  const started = Date.now();
  const first = await known();
  const httpGraphQLRequest: HTTPGraphQLRequest = {
    method: request.method?.toUpperCase() ?? 'GET',
    headers: headersOf(request.headers),
    search: url.search,
    body: request.method === 'POST' ? await bodies.read(request, askerOf(first)) : undefined,
  };
  checkText(endpoint, documentOf(httpGraphQLRequest, url));
  const context = Date.now() - started > STALE_MS ? await known() : first;
  const { signal, clear } = deadlineOf(response, deadline);
  const result = await heeding(signal, () =>
    apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: async () => ({ requestId, context }),
    }),
  ).finally(clear);
  if (result.body.kind !== 'complete')
    throw new Error('incremental delivery is not part of this schema');
  const headers = { ...Object.fromEntries(result.headers), 'cache-control': 'no-store' };
  const status = result.status ?? 200;
  const text = result.body.string;
  const told = status < 400 ? text : withRequest(text, requestId, limits.cost);
  const packed = await compressed(request.headers, told);
  const vary = `accept, ${packed.headers['vary']}`;
  send(response, status, { ...headers, ...packed.headers, vary }, packed.body);
}

/** What Apollo will parse; nothing where it is missing. */
function documentOf({ body }: HTTPGraphQLRequest, { searchParams }: URL): string | null {
  const found =
    typeof body === 'object' && body !== null && 'query' in body
      ? body.query
      : searchParams.get('query');
  return typeof found === 'string' ? found : null;
}

/** @throws what refuses the caller, which is counted as every error */
async function contextWithin<C>(
  { contextOf, deadline, onError }: Endpoint<C>,
  incoming: Incoming,
  response: ServerResponse,
): Promise<C> {
  const { signal, clear } = deadlineOf(response, deadline);
  try {
    return await heeding(signal, async () => contextOf(incoming));
  } catch (error) {
    onError(apiErrorIn(error)?.code ?? ErrorCode.INTERNAL);
    throw error;
  } finally {
    clear();
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
