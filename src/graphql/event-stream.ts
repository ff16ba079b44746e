import type { IncomingMessage, ServerResponse } from 'node:http';
import { getOperationAST } from 'graphql';
import { type Route, requestIdFor } from '../http/routes.js';
import { badInput } from '../query/api-error.js';
import { jsonBodyOf } from './json-body.js';
import { maskError } from './mask.js';
import { type Answer, type Endpoint, finish, runOperation, runSubscription } from './operation.js';
import { incomingOf } from './route.js';
import { prepare, Refusals } from './websocket.js';

type Streams<C> = {
  readonly endpoint: Endpoint<C>;
  /** Bytes of a request's body. */
  readonly bodyLimit: number;
  /** Milliseconds that each event has. */
  readonly deadline: number;
};

/** Proxies end what is silent. */
const ALIVE_EVERY_MS = 15_000;

type Payload = {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
};

async function payloadOf(request: IncomingMessage, limit: number): Promise<Payload> {
  const value = await jsonBodyOf(request, limit);
  if (typeof value !== 'object' || value === null || !('query' in value))
    throw badInput('`query` is missing');
  if (typeof value.query !== 'string') throw badInput('`query` is not a string');
  return value as Payload;
}

/** Waits until the client has taken what was written: a slow one is told less, not later. */
async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  await new Promise<void>(resolve => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

const isMany = (answers: AsyncIterable<Answer> | Answer): answers is AsyncIterable<Answer> =>
  Symbol.asyncIterator in answers;

/** Runs the operation and writes its answers, until it ends or the client has left. */
async function stream<C>(
  endpoint: Endpoint<C>,
  { operation, checked, document }: Awaited<ReturnType<typeof prepare<C>>>,
  response: ServerResponse,
): Promise<void> {
  const kind = getOperationAST(document, operation.operationName)?.operation;
  if (kind === 'mutation') throw badInput('a mutation is sent to `/graphql`');
  const tell = (answer: Answer): Promise<void> =>
    write(response, `event: next\ndata: ${JSON.stringify(finish(endpoint, answer, checked))}\n\n`);
  const answers =
    kind === 'subscription'
      ? await runSubscription(endpoint, operation)
      : await runOperation(endpoint, operation);
  if (!isMany(answers)) return tell(answers);
  const each = answers[Symbol.asyncIterator]();
  // At once: a generator around it would wait for the next event.
  response.once('close', () => void each.return?.());
  for await (const answer of { [Symbol.asyncIterator]: () => each }) await tell(answer);
}

/**
 * Subscriptions as server-sent events, for proxies that cut WebSockets: the "distinct connections mode" of the GraphQL over
 * SSE protocol, by POST. Same authentication, checks and limits as over WebSocket.
 */
export const eventStreamRoute = <C>({ endpoint, bodyLimit, deadline }: Streams<C>): Route => ({
  method: 'POST',
  path: '/graphql/stream',
  handle: async (request, response) => {
    const requestId = requestIdFor(response);
    const payload = await payloadOf(request, bodyLimit);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    const alive = setInterval(() => response.write(':\n\n'), ALIVE_EVERY_MS);
    try {
      const incoming = () => incomingOf(request, requestId, deadline);
      await stream(endpoint, await prepare(endpoint, payload, incoming), response);
    } catch (error) {
      const faults = error instanceof Refusals ? error.errors : [error];
      const errors = faults.map(fault => maskError(fault, requestId, endpoint.log));
      await write(
        response,
        `event: next\ndata: ${JSON.stringify(finish(endpoint, { errors }, { cost: 0 }))}\n\n`,
      );
    } finally {
      clearInterval(alive);
    }
    response.end('event: complete\ndata:\n\n');
  },
});
