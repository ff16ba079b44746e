import { createSourceEventStream, type ExecutionResult, execute as executeEvent } from 'graphql';
import { askedBy, heeding, orAborted } from '../database/deadline.js';
import type { Log } from '../database/log.js';
import { deadlineIn } from '../http/deadline.js';
import { ErrorCode } from '../query/api-error.js';
import { apiErrorIn } from '../query/unavailable.js';
import { spanned } from '../tracing/tracing.js';
import { maskError } from './mask.js';
import {
  type Answer,
  argumentsOf,
  type Endpoint,
  masked,
  type Operation,
  spanOf,
} from './operation.js';

type Subscribable<C> = Pick<
  Endpoint<C>,
  'schema' | 'log' | 'running' | 'askerOf' | 'charge' | 'deadline' | 'onDoubt'
>;

/** Who asks is asked anew so often, also where nothing happens: tokens end by themselves. */
const LOOK_EVERY_MS = 10_000;

const REFUSALS: readonly string[] = [ErrorCode.UNAUTHENTICATED, ErrorCode.FORBIDDEN];

type Watch = { readonly signal: AbortSignal; readonly stop: () => void };

/** Fires with what refuses the caller, once a token is revoked or has expired. A database that is away refuses nobody. */
function watchCaller<C>({ onDoubt }: Subscribable<C>, { renew }: Operation<C>): Watch {
  const ending = new AbortController();
  const look = async (): Promise<void> => {
    try {
      await renew?.();
    } catch (error) {
      if (REFUSALS.includes(apiErrorIn(error)?.code ?? '')) ending.abort(error);
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  const trust = onDoubt(() => void look());
  return {
    signal: ending.signal,
    stop: () => {
      clearInterval(timer);
      trust();
    },
  };
}

/** Work with the time that an operation has; what it throws then is that the time is over. */
async function inTime<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const { signal, clear } = deadlineIn(milliseconds);
  return heeding(signal, () => orAborted(signal, work())).finally(clear);
}

/** Answers each event as a query is answered: by who asks then, at its cost, within its time and among all that runs. */
const answering =
  <C>(endpoint: Subscribable<C>, operation: Operation<C>) =>
  (rootValue: unknown): Promise<ExecutionResult> =>
    inTime(endpoint.deadline, async () => {
      const contextValue = (await operation.renew?.()) ?? operation.context;
      await endpoint.charge(contextValue, operation.cost ?? 0);
      const given = { ...argumentsOf(endpoint, operation), contextValue, rootValue };
      return spanned(spanOf(operation), () =>
        endpoint.running.within(() =>
          askedBy(endpoint.askerOf(contextValue), async () => executeEvent(given)),
        ),
      );
    });

/** Starts a subscription: its answers, or the one answer that refuses it. Never throws. */
export async function runSubscription<C>(
  endpoint: Subscribable<C>,
  operation: Operation<C>,
): Promise<AsyncIterable<Answer> | Answer> {
  const { requestId } = operation;
  const who = endpoint.askerOf(operation.context);
  try {
    const source = await inTime(endpoint.deadline, () =>
      askedBy(who, async () => createSourceEventStream(argumentsOf(endpoint, operation))),
    );
    if (!(Symbol.asyncIterator in source)) return masked(source, requestId, endpoint.log);
    const events = source[Symbol.asyncIterator]();
    const watch = watchCaller(endpoint, operation);
    let isOver = false;
    const end = async (): Promise<void> => {
      if (isOver) return;
      isOver = true;
      watch.stop();
      await events.return?.();
    };
    const next = (): Promise<IteratorResult<unknown>> =>
      orAborted(
        watch.signal,
        askedBy(who, () => events.next()),
      );
    return answersOf({ next, end }, answering(endpoint, operation), {
      requestId,
      log: endpoint.log,
    });
  } catch (error) {
    return { errors: [maskError(error, requestId, endpoint.log)] };
  }
}

type Source = {
  readonly next: () => Promise<IteratorResult<unknown>>;
  readonly end: () => Promise<void>;
};

/**
 * The answer to each event in its final form. Not a generator function: its `return` would wait for the next
 * event of the source, so that a quiet source would never hear that the client has left.
 */
function answersOf(
  source: Source,
  answerTo: (event: unknown) => Promise<ExecutionResult>,
  { requestId, log }: { readonly requestId: string; readonly log: Log },
): AsyncGenerator<Answer, void, void> {
  let broken = false;
  const end = async (): Promise<{ readonly done: true; readonly value: undefined }> => {
    await source.end();
    return { done: true, value: undefined };
  };
  return {
    next: async () => {
      if (broken) return { done: true, value: undefined };
      try {
        const { done, value } = await source.next();
        if (done) return await end();
        return { done: false, value: masked(await answerTo(value), requestId, log) };
      } catch (error) {
        broken = true;
        await source.end();
        return { done: false, value: { errors: [maskError(error, requestId, log)] } };
      }
    },
    return: end,
    throw: end,
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
}
