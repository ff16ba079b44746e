import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** Chunks that may be on their way: the giver waits until some of them were used. */
const AHEAD = 16;

/** Chunks that are asked for at once: a message wakes the other thread, which costs more than a chunk's way. */
const ASKED = 8;

/**
 * A chunk that is all of its buffer goes over without a copy, and its memory leaves this thread's account: copies of
 * 64 KB let the collector walk the whole heap for every few dozen megabytes of a stream.
 */
const movable = ({ buffer, byteLength }: Uint8Array): readonly ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];

type ToTaker = { readonly bytes: Uint8Array } | { readonly end: true } | { readonly broken: true };

export type GivenBytes = {
  /** To be sent to the other thread, in the list of what is transferred too. */
  readonly port: MessagePort;
  /** What the source threw, if it did: the other thread only hears that it broke. */
  readonly fault: () => unknown;
};

/**
 * Gives a stream of bytes to another thread, no faster than it is used there: a chunk is read when the other side asks.
 * When the other side ends early, the source is left. Whoever yields a chunk must not look at it again.
 */
export function giveBytes(source: AsyncIterable<Uint8Array>): GivenBytes {
  const { port1: near, port2: far } = new MessageChannel();
  let fault: unknown = null;
  let asked = 0;
  let wake = (): void => {};
  let open = true;
  near.on('message', (more: number) => {
    asked += more;
    wake();
  });
  near.on('close', () => {
    open = false;
    wake();
  });
  const wanted = async (): Promise<boolean> => {
    while (asked === 0 && open) {
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
    asked -= 1;
    return open;
  };
  const send = (message: ToTaker, moved: readonly ArrayBuffer[] = []): void =>
    near.postMessage(message, moved);
  const give = async (): Promise<void> => {
    for await (const bytes of source) {
      if (!(await wanted())) return;
      send({ bytes }, movable(bytes));
    }
    send({ end: true });
  };
  void give()
    .catch(error => {
      fault = error;
      send({ broken: true });
    })
    .finally(() => near.close());
  return { port: far, fault: () => fault };
}

type Inbox = {
  /** The next message; null when the giver went away. */
  next(): Promise<ToTaker | null>;
  ask(chunks: number): void;
};

function inboxOf(port: MessagePort): Inbox {
  const come: ToTaker[] = [];
  let wake = (): void => {};
  let closed = false;
  port.on('message', (message: ToTaker) => {
    come.push(message);
    wake();
  });
  port.on('close', () => {
    closed = true;
    wake();
  });
  return {
    next: async () => {
      while (come.length === 0 && !closed) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
      return come.shift() ?? null;
    },
    ask: chunks => {
      if (!closed) port.postMessage(chunks);
    },
  };
}

/** The bytes that another thread gives. @throws when their source broke */
export async function* takeBytes(port: MessagePort): AsyncGenerator<Uint8Array> {
  const inbox = inboxOf(port);
  inbox.ask(AHEAD);
  try {
    for (let used = 1; ; used += 1) {
      const message = await inbox.next();
      if (message === null) throw new Error('the giver of a stream of bytes went away');
      if ('end' in message) return;
      if ('broken' in message) throw new Error('the source of a stream of bytes broke');
      yield message.bytes;
      if (used % ASKED === 0) inbox.ask(ASKED);
    }
  } finally {
    port.close();
  }
}
