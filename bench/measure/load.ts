import { connect, type Socket } from 'node:net';

/** One POST that is sent again and again. */
export type Target = {
  readonly url: string;
  /** JSON. */
  readonly body: string;
};

const HEAD_END = '\r\n\r\n';

const messageFor = ({ url, body }: Target): string => {
  const { host, pathname } = new URL(url);
  return [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
};

/** Bytes of the answer, of which `head` is the beginning. */
function sizeOf(head: Buffer): number | null {
  const end = head.indexOf(HEAD_END);
  if (end < 0) return null;
  const text = head.toString('latin1', 0, end).toLowerCase();
  const [, length] = /\r\ncontent-length: *(\d+)/.exec(text) ?? [];
  if (!text.startsWith('http/1.1 200 ') || length === undefined)
    throw new Error(`the load needs answers of status 200 and of a length told before: ${text}`);
  return end + HEAD_END.length + Number(length);
}

/** Sends one request after the other until `isOver`; how many were answered. */
function asksOn(socket: Socket, message: string, isOver: () => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let answered = 0;
    let held: Buffer = Buffer.alloc(0);
    let size: number | null = null;
    let got = 0;
    const take = (chunk: Buffer): void => {
      got += chunk.length;
      if (size === null) {
        held = Buffer.concat([held, chunk]);
        size = sizeOf(held);
      }
      if (size === null || got < size) return;
      answered += 1;
      [held, size, got] = [Buffer.alloc(0), null, 0];
      if (isOver()) resolve(answered);
      else socket.write(message);
    };
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed a connection')));
    socket.on('data', chunk => {
      try {
        take(chunk);
      } catch (error) {
        reject(error);
      }
    });
    socket.write(message);
  });
}

/** What was answered, and in which time. */
export type Load = { readonly answered: number; readonly seconds: number };

/**
 * Requests over some connections, each of which asks again as soon as it has its
 * answer. Reads no more of an answer than its head, so that the client's share of the machine is small.
 */
export async function underLoad(
  target: Target,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Load> {
  const { hostname, port } = new URL(target.url);
  const message = messageFor(target);
  const sockets = Array.from({ length: connections }, () =>
    connect({ host: hostname, port: Number(port), noDelay: true }),
  );
  const started = performance.now();
  const until = started + seconds * 1_000;
  try {
    const answered = await Promise.all(
      sockets.map(socket => asksOn(socket, message, () => performance.now() >= until)),
    );
    return {
      answered: answered.reduce((sum, one) => sum + one, 0),
      seconds: (performance.now() - started) / 1_000,
    };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}
