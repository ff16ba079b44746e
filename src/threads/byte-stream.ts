import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** Chunks that may be on their way: the giver waits until one of them was used. */
const AHEAD = 8;

type ToTaker = { readonly bytes: Uint8Array } | { readonly end: true } | { readonly broken: true };

export type GivenBytes = {
  /** To be sent to the other thread, in the list of what is transferred too. */
  readonly port: MessagePort;
  /** What the source threw, if it did: the other thread only hears that it broke. */
  readonly fault: () => unknown;
};

/**
 * Gives a stream of bytes to another thread, no faster than it is used there: a chunk is read when the other side asks.
 * When the other side ends early, the source is left.
 */
export function giveBytes(source: AsyncIterable<Uint8Array>): GivenBytes {
  const { port1: near, port2: far } = new MessageChannel();
  let fault: unknown = null;
  let asked = 0;
  let wake = (): void => {};
  let open = true;
  near.on('message', () => {
    asked += 1;
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
  const send = (message: ToTaker): void => near.postMessage(message);
  const give = async (): Promise<void> => {
    for await (const bytes of source) {
      if (!(await wanted())) return;
      send({ bytes });
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
  ask(): void;
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
    ask: () => {
      if (!closed) port.postMessage(null);
    },
  };
}

/** The bytes that another thread gives. @throws when their source broke */
export async function* takeBytes(port: MessagePort): AsyncGenerator<Uint8Array> {
  const inbox = inboxOf(port);
  for (let ahead = 0; ahead < AHEAD; ahead += 1) inbox.ask();
  try {
    for (;;) {
      const message = await inbox.next();
      if (message === null) throw new Error('the giver of a stream of bytes went away');
      if ('end' in message) return;
      if ('broken' in message) throw new Error('the source of a stream of bytes broke');
      yield message.bytes;
      inbox.ask();
    }
  } finally {
    port.close();
  }
}
