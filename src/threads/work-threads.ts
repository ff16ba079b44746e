import { setFlagsFromString } from 'node:v8';
import type { MessagePort, Transferable } from 'node:worker_threads';
import { Piscina } from 'piscina';

/** One call of a named piece of work; `input` is cloned on its way, or moved where `transfer` names it. */
export type Call = {
  readonly name: string;
  readonly input: readonly unknown[];
  readonly transfer?: readonly Transferable[];
  /** Header `traceparent` of the span that the work is a part of; null: none. */
  readonly parent: string | null;
  /** Ends the thread that is at it. */
  readonly signal?: AbortSignal;
  /** Tells the work that nobody waits for it any more. */
  readonly unwanted?: MessagePort;
  /**
   * Ends the threads where the work did not hear. Unlike `signal` it lets one thread have many calls, so that it is for a single
   * thread, whose other calls fail too.
   */
  readonly deaf?: AbortSignal;
};

export type WorkThreads = {
  /** What the work answers; what it throws is thrown here. */
  run(call: Call): Promise<unknown>;
  close(): Promise<void>;
};

export type WorkThreadSettings = {
  /** The module that does the work: its default export is called with `{ name, input, parent, unwanted }`. */
  readonly module: URL;
  /** Given to the module as `workerData`. */
  readonly data: unknown;
  /** Threads at most. */
  readonly threads: number;
  /** Calls that one thread has at the same time: 1, or many where the calls mostly wait. */
  readonly callsPerThread: number;
  /** True: started at once and never ended, since it keeps a state. False: ended after a minute without work. */
  readonly lasting: boolean;
};

const IDLE_MS = 60_000;

/**
 * Room for young objects. Ingestion makes and drops many small ones: by default the collector takes a tenth of its time.
 * Long work makes most of what it makes to keep, for a while: with less room it is copied twice, which was a fifth of a
 * generation. Its threads end when there is nothing for them to do, and their memory with them.
 */
const YOUNG_MB = { lasting: 64, passing: 192 } as const;

/**
 * A heap grows by so much of what was alive before it is collected again. V8's own limit is three times as much and more: with it a
 * million lines took 1.08 GB, of which 0.27 were alive, and 0.74 since.
 */
const GROWTH_PERCENT = 75;

/** Work in other threads of this process, by piscina. */
export function startWorkThreads(settings: WorkThreadSettings): WorkThreads {
  // A flag, since a limit of the heap would end the thread that reaches it. It holds for the whole process.
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  const { module, data, threads, callsPerThread, lasting } = settings;
  const pool = new Piscina({
    filename: module.href,
    workerData: data,
    minThreads: lasting ? threads : 0,
    maxThreads: threads,
    concurrentTasksPerWorker: callsPerThread,
    // Otherwise a thread without work would stand still: it must hear that its connections are gone, and send its spans.
    atomics: 'disabled',
    resourceLimits: { maxYoungGenerationSizeMb: lasting ? YOUNG_MB.lasting : YOUNG_MB.passing },
    idleTimeout: lasting ? Number.POSITIVE_INFINITY : IDLE_MS,
    // One thread may be at a long task while others wait; nothing is refused for that.
    maxQueue: Number.POSITIVE_INFINITY,
  });
  const endAll = (): void => {
    for (const thread of pool.threads) void thread.terminate();
  };
  return {
    run: ({ name, input, parent, transfer = [], signal, unwanted, deaf }) => {
      deaf?.addEventListener('abort', endAll, { once: true });
      return pool.run(
        { name, input, parent, unwanted: unwanted ?? null },
        {
          transferList: [...transfer, ...(unwanted === undefined ? [] : [unwanted])],
          ...(signal !== undefined && { signal }),
        },
      );
    },
    close: () => pool.destroy(),
  };
}
