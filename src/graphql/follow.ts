import type { EventKind, Events, Listener } from '../database/events.js';

/** What was told since the last time. */
export type Told = {
  /** Rows that changed; each once. */
  readonly keys: readonly { readonly clusterId: number; readonly id: string }[];
  /** Rows that changed besides, and were dropped because the client was slow, or never named. */
  readonly skipped: number;
  /** The connection to the database was lost for a while: anything may have changed. */
  readonly gap: boolean;
};

export type Following<T> = {
  readonly events: Events;
  readonly kind: EventKind;
  /** Whether a row is wanted at all: the others take no place in the queue. */
  readonly wants?: (clusterId: number, id: string) => boolean;
  /** What the subscriber gets, by what was told: none, one or several. */
  readonly load: (told: Told) => Promise<readonly T[]>;
  /** Whether to load once at the start, as after a gap. */
  readonly atOnce?: boolean;
  /** Whether `load` did not load all: it is called again, with what was told meanwhile. */
  readonly hasMore?: () => boolean;
  /** Whether this was the last. */
  readonly isLast?: (one: T) => boolean;
};

/** Changed rows that wait for one slow client; those beyond are counted, not kept. */
const LONGEST_QUEUE = 1_000;

type Queue = { keys: Map<string, Told['keys'][number]>; skipped: number; gap: boolean };

const emptyQueue = (gap: boolean): Queue => ({ keys: new Map(), skipped: 0, gap });

const isEmpty = ({ keys, skipped, gap }: Queue): boolean =>
  keys.size === 0 && skipped === 0 && !gap;

/** What is told goes into the queue that is current. */
const listenerOf = (
  current: () => Queue,
  wants: (clusterId: number, id: string) => boolean,
  wake: () => void,
): Listener => ({
  heard: ({ clusterId, ids, skipped }) => {
    const queue = current();
    for (const id of ids) {
      if (!wants(clusterId, id)) continue;
      if (queue.keys.size < LONGEST_QUEUE) queue.keys.set(`${clusterId} ${id}`, { clusterId, id });
      else queue.skipped += 1;
    }
    queue.skipped += wants(clusterId, '') ? skipped : 0;
    wake();
  },
  missed: () => {
    current().gap = true;
    wake();
  },
});

/** Not a generator function: its `return` would wait for the next change. */
function generatorOf<T>(
  next: () => Promise<IteratorResult<T, void>>,
  end: () => { readonly done: true; readonly value: undefined },
): AsyncGenerator<T, void, void> {
  const generator: AsyncGenerator<T, void, void> = {
    next,
    return: async () => end(),
    throw: async () => end(),
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => {
      end();
    },
  };
  return generator;
}

/**
 * The source of a subscription: rows that change are told, loaded for the eyes of the subscriber, and handed over one by
 * one. A client that is slower than the changes gets each row's latest state once.
 */
export async function follow<T>(following: Following<T>): Promise<AsyncGenerator<T, void, void>> {
  const {
    events,
    kind,
    wants = () => true,
    load,
    atOnce = false,
    hasMore = () => false,
    isLast = () => false,
  } = following;
  let queue = emptyQueue(atOnce);
  let wake = (): void => {};
  let closed = false;
  const ready: T[] = [];
  const stop = await events.on(
    kind,
    listenerOf(
      () => queue,
      wants,
      () => wake(),
    ),
  );
  const end = (): { readonly done: true; readonly value: undefined } => {
    if (!closed) stop();
    closed = true;
    wake();
    return { done: true, value: undefined };
  };
  const isIdle = (): boolean => isEmpty(queue) && !hasMore();
  const next = async (): Promise<IteratorResult<T, void>> => {
    while (!closed) {
      const [value] = ready.splice(0, 1) as [T?];
      if (value !== undefined) {
        if (isLast(value)) end();
        return { done: false, value };
      }
      if (isIdle()) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
        continue;
      }
      const told = queue;
      queue = emptyQueue(false);
      ready.push(...(await load({ ...told, keys: [...told.keys.values()] })));
    }
    return end();
  };
  return generatorOf(next, end);
}
