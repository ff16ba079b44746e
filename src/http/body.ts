import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { HttpError } from './error.js';
import { textBytes } from './foreign-bytes.js';
import { cutAtFrames, isSkippable } from './zstd-frames.js';

/** How the bytes of an encoding are unpacked; null: they are plain. */
const UNPACKERS = {
  identity: null,
  gzip: createGunzip,
  'x-gzip': createGunzip,
  zstd: createZstdDecompress,
} as const;

type Encoding = keyof typeof UNPACKERS;

const isEncoding = (text: string): text is Encoding => Object.hasOwn(UNPACKERS, text);

/**
 * The bytes of a request, unpacked where they are gzip or zstd: as `content-encoding` says, or as they begin where it
 * says nothing, for no text begins so. Reads no faster than it is read from, so that
 * the sender is held back.
 * @param limit of bytes after unpacking; Infinity for streams whose reader bounds what it keeps
 * @throws HttpError 413 also where few bytes become very many, 415, or 400 where they cannot be unpacked, while it is read
 */
export async function* bodyOf(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (!isEncoding(encoding))
    throw new HttpError(
      415,
      'UNSUPPORTED_ENCODING',
      `content-encoding \`${encoding}\` is not supported; send gzip, zstd or plain bytes`,
    );
  let size = 0;
  const bytes: AsyncIterable<Buffer> =
    UNPACKERS[encoding] === null
      ? sniffed(patiently(request))
      : unpacked(patiently(request), encoding);
  for await (const chunk of textBytes(bytes)) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    yield chunk;
  }
}

const tooLarge = (limit: number) =>
  new HttpError(413, 'BODY_TOO_LARGE', `the body is larger than ${limit} bytes`);

/** A sender that is held back by us is not idle: the time runs only while something is waited for. */
const LONGEST_SILENCE_MS = 30_000;

const silent = () =>
  new HttpError(
    408,
    'BODY_TIMEOUT',
    `nothing of the body came for ${LONGEST_SILENCE_MS / 1000} s; send it again`,
  );

/** What is left unread stays so: to end the stream would end the connection before it is answered. */
async function* patiently(request: IncomingMessage): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { promise: silence, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(silent()), LONGEST_SILENCE_MS);
      const { done, value } = await Promise.race([chunks.next(), silence]).finally(() =>
        clearTimeout(timer),
      );
      if (done) return;
      yield value;
    }
  } finally {
    void Promise.resolve(chunks.return?.()).catch(() => {});
  }
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const LONGEST_MAGIC = 4;

/** How bytes begin that are packed; null: they are plain. */
const packedAs = (first: Buffer): Encoding | null => {
  if (first.subarray(0, GZIP.length).equals(GZIP)) return 'gzip';
  return first.subarray(0, ZSTD.length).equals(ZSTD) || isSkippable(first) ? 'zstd' : null;
};

async function* withFirst(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Unpacks what begins like something packed: senders of files forget to say so. */
async function* sniffed(bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    let first: Buffer = Buffer.alloc(0);
    while (first.length < LONGEST_MAGIC) {
      const { done, value } = await bytes.next();
      if (done) break;
      first = Buffer.concat([first, value]);
    }
    const all = withFirst(first, bytes);
    const found = packedAs(first);
    yield* found === null ? all : unpacked(all, found);
  } finally {
    await bytes.return(undefined);
  }
}

/** Bytes that may come of however few. */
const ALWAYS_UNPACKED = 64 * 2 ** 20;

/** Logs are packed to a twentieth, at best to a hundredth: what grows by more was made to keep its reader busy. */
const MOST_GROWTH = 250;

const tooDense = () =>
  new HttpError(
    413,
    'BODY_TOO_DENSE',
    `the body grows to more than ${MOST_GROWTH} times its size when it is unpacked; send it plain`,
  );

/** Bytes of a body so far, as they came and as they are unpacked. */
type Growth = { sent: number; size: number };

async function* counted(bytes: AsyncIterable<Buffer>, growth: Growth): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    growth.sent += chunk.length;
    yield chunk;
  }
}

/** @throws HttpError 413 where few bytes become very many */
async function* bounded(bytes: AsyncIterable<Buffer>, growth: Growth): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    growth.size += chunk.length;
    const { sent, size } = growth;
    if (size > ALWAYS_UNPACKED && size > sent * MOST_GROWTH) throw tooDense();
    yield chunk;
  }
}

/** What is wrong with packed bytes, by the code of the library that unpacks them. */
const FAULTS: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'ends before its end: it was cut while it was written or sent',
  ZSTD_error_dictionary_wrong: 'is packed with a dictionary; pack it without one',
  ZSTD_error_frameParameter_windowTooLarge:
    'is packed with a window that is too large; pack it without `--long` and `--ultra`',
};

const broken = (error: unknown, name: 'gzip' | 'zstd'): unknown => {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!code.startsWith('Z_') && !code.startsWith('ZSTD_')) return error;
  const fault =
    FAULTS[code] ?? `is not ${name}, as its \`content-encoding\` or its first bytes say`;
  return new HttpError(400, `BROKEN_${name.toUpperCase()}`, `the body ${fault}`);
};

async function* unpacked(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const unpack = UNPACKERS[encoding]?.();
  if (unpack === undefined) return;
  const growth: Growth = { sent: 0, size: 0 };
  const sent = counted(bytes, growth);
  const source = Readable.from(encoding === 'zstd' ? cutAtFrames(sent) : sent, {
    objectMode: false,
  });
  source.once('error', error => unpack.destroy(error));
  try {
    yield* bounded(source.pipe(unpack), growth);
  } catch (error) {
    throw broken(error, encoding === 'zstd' ? 'zstd' : 'gzip');
  } finally {
    unpack.destroy();
  }
}

/** @throws HttpError 413 where the request says that its body will be larger */
export function assertFits({ headers }: IncomingMessage, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

/**
 * The whole body as text. It is read as it comes: to decode 30 MB at once keeps everybody waiting for a tenth of a second.
 * @throws HttpError as `bodyOf` does
 */
export async function textOf(request: IncomingMessage, limit: number): Promise<string> {
  assertFits(request, limit);
  const decoder = new StringDecoder('utf8');
  const texts: string[] = [];
  for await (const chunk of bodyOf(request, limit)) texts.push(decoder.write(chunk));
  return texts.join('') + decoder.end();
}
