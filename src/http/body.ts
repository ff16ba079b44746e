import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HttpError } from './error.js';

const ENCODINGS = ['identity', 'gzip', 'x-gzip'];

/**
 * The bytes of a request, unpacked where they are gzip. Reads no faster than it is read from, so that
 * the sender is held back.
 * @param limit of bytes after unpacking; Infinity for streams whose reader bounds what it keeps
 * @throws HttpError 413, 415, or 400 for broken gzip, while it is read
 */
export async function* bodyOf(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (!ENCODINGS.includes(encoding))
    throw new HttpError(
      415,
      'UNSUPPORTED_ENCODING',
      `content-encoding \`${encoding}\` is not supported; send gzip or plain bytes`,
    );
  let size = 0;
  const bytes: AsyncIterable<Buffer> = encoding === 'identity' ? request : unpacked(request);
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    yield chunk;
  }
}

const tooLarge = (limit: number) =>
  new HttpError(413, 'BODY_TOO_LARGE', `the body is larger than ${limit} bytes`);

async function* unpacked(request: IncomingMessage): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const source = Readable.from(request, { objectMode: false });
  source.once('error', error => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_'))
      throw new HttpError(400, 'BROKEN_GZIP', 'the body is not gzip as `content-encoding` says');
    throw error;
  } finally {
    gunzip.destroy();
  }
}

/** The whole body as text. @throws HttpError as `bodyOf` does */
export async function textOf(request: IncomingMessage, limit: number): Promise<string> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyOf(request, limit)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
