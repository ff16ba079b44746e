import { availableParallelism } from 'node:os';
import { type Caller, principalOf } from './access/caller.js';
import { currentSignal, orAborted } from './database/deadline.js';
import { fairGate, type Gate } from './database/fair-gate.js';
import { rooms, type UseCases } from './rooms.js';
import { type Answer, answered } from './threads/answer.js';
import { pack } from './threads/parcel.js';
import { orBusy, tellingUnwanted } from './threads/unwanted.js';
import { type Call, startWorkThreads, type WorkThreads } from './threads/work-threads.js';
import { currentParent, spanned } from './tracing/tracing.js';
import type { WorkThreadData } from './work-thread.js';

type Place = 'engine' | 'pool';

/** Where use cases run that are not for the thread of requests: by what the rooms say. */
const PLACES: Readonly<Record<string, Place>> = Object.assign(
  {},
  ...rooms.map(room => ('threads' in room ? room.threads : {})),
);

export type Threads = {
  /** The use cases of a caller that run elsewhere. `signal` ends a thread of the pool that is at one. */
  readonly useCasesOf: (caller: Caller, signal?: AbortSignal) => Partial<UseCases>;
  readonly close: () => Promise<void>;
};

type RemoteCall = {
  readonly caller: Caller;
  readonly input: readonly unknown[];
  /** Ends a thread of the pool. */
  readonly signal: AbortSignal | undefined;
  /** Of a question to the engine: it ends with who asks. */
  readonly deadline: AbortSignal | null;
};

/** Runs it until it is answered, or nobody waits any more; a thread that does not hear of that is ended. */
async function asked(threads: WorkThreads, call: Call, deadline: AbortSignal | null) {
  if (deadline === null) return threads.run(call);
  const { port, deaf, answered: over } = tellingUnwanted(deadline);
  return threads.run({ ...call, unwanted: port, deaf }).finally(over);
}
/** Threads, which callers have in turns. */
type Shared = { readonly threads: WorkThreads; readonly gate: Gate };

/** Ends what a thread waits for with what its caller threw, if that was the reason. */
async function called(
  { threads, gate }: Shared,
  name: string,
  { caller, input, signal, deadline }: RemoteCall,
): Promise<unknown> {
  const current = currentSignal();
  const leave = await gate.enter(principalOf(caller), current);
  const parcel = pack(input);
  try {
    const call = {
      name,
      input: [caller, ...parcel.input],
      parent: currentParent(),
      transfer: parcel.transfer,
      ...(signal !== undefined && { signal }),
    };
    const answer = asked(threads, call, deadline);
    return answered((await (current === null ? answer : orAborted(current, answer))) as Answer);
  } catch (error) {
    throw parcel.fault() ?? orBusy(error);
  } finally {
    leave();
    parcel.close();
  }
}

/** What they have begun is ended whoever waits for it. */
const CHANGING: ReadonlySet<string> = new Set(['settle', 'takeUpload']);

/** What ends a thread of the pool: the job's own signal, and the one of the request that waits for it. */
function eitherOf(job: AbortSignal | undefined, request: AbortSignal | null) {
  if (request === null) return job;
  return job === undefined ? request : AbortSignal.any([job, request]);
}

type OnWork = (name: string, seconds: number) => void;

type Timing = { readonly name: string; readonly place: Place; readonly onWork: OnWork };

/** Waiting for the thread included. */
async function timed<T>({ name, place, onWork }: Timing, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await spanned({ name: `${place} ${name}`, kind: 'CLIENT' }, work);
  } finally {
    onWork(name, (performance.now() - started) / 1_000);
  }
}

/** Calls that the engine thread is at together; of one caller fewer, so that others are not behind all of them. */
const [CALLS, CALLS_OF_ONE] = [64, 16];

/** A long statement of the pool is ended with its thread, not by a clock. */
const LONG_STATEMENT_MS = 3_600_000;

/**
 * The threads of one server. One engine thread keeps compiled clusters and what ingestion keeps, answers small questions
 * at once and takes changes in order; threads of the pool do one long piece of work each, on copies of their own.
 */
export function startThreads(data: WorkThreadData, onWork: OnWork = () => {}): Threads {
  const module = new URL('./work-thread.js', import.meta.url);
  const engine = startWorkThreads({
    module,
    data: { ...data, poolSize: Math.max(6, data.poolSize) },
    threads: 1,
    callsPerThread: CALLS,
    lasting: true,
  });
  // An import must not wait for a simulation.
  const many = Math.max(2, availableParallelism());
  const pool = startWorkThreads({
    module,
    data: { ...data, poolSize: 2, statementTimeoutMs: LONG_STATEMENT_MS },
    threads: many,
    callsPerThread: 1,
    lasting: false,
  });
  const byPlace = {
    engine: { threads: engine, gate: fairGate(CALLS, CALLS_OF_ONE) },
    pool: { threads: pool, gate: fairGate(many, many) },
  };
  return {
    useCasesOf: (caller, signal) =>
      Object.fromEntries(
        Object.entries(PLACES).map(([name, place]) => [
          name,
          (...input: readonly unknown[]) =>
            timed({ name, place, onWork }, () =>
              called(byPlace[place], name, {
                caller,
                input,
                signal: place === 'pool' ? eitherOf(signal, currentSignal()) : undefined,
                deadline: place === 'pool' || CHANGING.has(name) ? null : currentSignal(),
              }),
            ),
        ]),
      ),
    close: async () => {
      await Promise.all([engine.close(), pool.close()]);
    },
  };
}
