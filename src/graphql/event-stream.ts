import type { ServerResponse } from 'node:http';
import { getOperationAST } from 'graphql';
import { heeding } from '../database/deadline.js';
import { deadlineOf } from '../http/deadline.js';
import { type Route, requestIdFor } from '../http/routes.js';
import { badInput } from '../query/api-error.js';
import { UnavailableReason, unavailable } from '../query/unavailable.js';
import type { Incoming } from './incoming.js';
import type { JsonBodies } from './json-body.js';
import { maskError } from './mask.js';
import { type Answer, type Endpoint, finish, runOperation } from './operation.js';
import { incomingOf } from './route.js';
import { runSubscription } from './subscription.js';
import { prepare, Refusals } from './websocket.js';

type Streams<C> = {
  readonly endpoint: Endpoint<C>;
  readonly bodies: JsonBodies;
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

function payloadOf(value: unknown): Payload {
  if (typeof value !== 'object' || value === null || !('query' in value))
    throw badInput('`query` is missing');
  if (typeof value.query !== 'string') throw badInput('`query` is not a string');
  return value as Payload;
}

/** A client that takes nothing for so long is let go. */
const PATIENCE_MS = 60_000;

/** Streams of all callers at the same time, as for WebSockets. */
const MOST_STREAMS = 500;

/** Waits until the client has taken what was written: a slow one is told less, not later. */
async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  const taken = Promise.withResolvers<void>();
  const timer = setTimeout(() => response.destroy(), PATIENCE_MS);
  response.once('drain', taken.resolve);
  response.once('close', taken.resolve);
  await taken.promise;
  clearTimeout(timer);
  response.off('drain', taken.resolve);
  response.off('close', taken.resolve);
}

const isMany = (answers: AsyncIterable<Answer> | Answer): answers is AsyncIterable<Answer> =>
  Symbol.asyncIterator in answers;

/** As long as an operation has, and as somebody waits for it. */
async function whileThere<T>(
  response: ServerResponse,
  milliseconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const { signal, clear } = deadlineOf(response, milliseconds);
  return heeding(signal, work).finally(clear);
}

/** Counts streams. @throws ApiError UNAVAILABLE where there are too many */
function counted(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let open = 0;
  return async work => {
    if (open >= most)
      throw unavailable(UnavailableReason.BUSY, `the server has ${most} streams open already`);
    open += 1;
    return work().finally(() => {
      open -= 1;
    });
  };
}

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
      : await whileThere(response, endpoint.deadline, () => runOperation(endpoint, operation));
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
export const eventStreamRoute = <C>({ endpoint, bodies, deadline }: Streams<C>): Route => {
  const within = counted(MOST_STREAMS);
  return {
    method: 'POST',
    path: '/graphql/stream',
    handle: async (request, response) => {
      const requestId = requestIdFor(response);
      const incoming = () => incomingOf(request, requestId, deadline);
      const prepared = await known(endpoint, incoming(), async asker => {
        const payload = payloadOf(await bodies.read(request, asker));
        return () => prepare(endpoint, payload, incoming);
      });
      await within(() => answerStream(endpoint, response, prepared));
    },
  };
};

type Preparing<C> = () => ReturnType<typeof prepare<C>>;

/** Of who is not known no body is read; what refuses them is told in the stream. */
async function known<C>(
  { contextOf, askerOf }: Endpoint<C>,
  incoming: Incoming,
  read: (asker: string | null) => Promise<Preparing<C>>,
): Promise<Preparing<C>> {
  let asker: string | null;
  try {
    asker = askerOf(await contextOf(incoming));
  } catch (refusal) {
    return () => Promise.reject(refusal);
  }
  return read(asker);
}

async function answerStream<C>(
  endpoint: Endpoint<C>,
  response: ServerResponse,
  prepared: Preparing<C>,
): Promise<void> {
  const requestId = requestIdFor(response);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const alive = setInterval(() => response.write(':\n\n'), ALIVE_EVERY_MS);
  try {
    await stream(endpoint, await prepared(), response);
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
}
