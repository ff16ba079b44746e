import type { IncomingMessage } from 'node:http';
import { fairGate } from '../database/fair-gate.js';
import { assertFits, bodyOf } from '../http/body.js';
import { HttpError } from '../http/error.js';
import { badInput } from '../query/api-error.js';
import { giveBytes } from '../threads/byte-stream.js';
import { startWorkThreads } from '../threads/work-threads.js';
import { DEEPEST_VALUE, type JsonRead, MOST_VALUES, readJson } from './json-values.js';

/** Bytes that are read at once, within a millisecond or two. */
const SHORT_BYTES = 128 * 1024;

/** Long bodies that are taken in at the same time, and of one caller: each is kept whole until its last byte is there. */
const [MOST_LONG, MOST_LONG_OF_ONE] = [8, 4];

export type JsonBodies = {
  /**
   * The body of a request for an operation. Too many values are not read, since nobody else is answered meanwhile. A long body waits
   * for its turn, and is read in a thread.
   * @param asker who sends it; null: nobody in particular
   * @throws HttpError 413 and 415, ApiError where it is no JSON
   */
  readonly read: (request: IncomingMessage, asker: string | null) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

const CHARSET = /;\s*charset="?([^\s;"]+)/i;

/** A form or plain text never gets here: a page of another origin could send it without being asked (CSRF). */
function assertJson({ headers }: IncomingMessage): void {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'the body of a POST is `application/json`');
  const [, charset = 'utf-8'] = CHARSET.exec(headers['content-type'] ?? '') ?? [];
  if (/^utf-?8$/i.test(charset)) return;
  throw new HttpError(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    `JSON is written in UTF-8 (RFC 8259, 8.1), and not in \`${charset}\``,
  );
}

/** Until they are more than `SHORT_BYTES`, or all. */
async function beginningOf(bytes: AsyncIterator<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  for (let size = 0; size <= SHORT_BYTES; ) {
    const { done, value } = await bytes.next();
    if (done) return { chunks, isWhole: true };
    size += value.length;
    chunks.push(value);
  }
  return { chunks, isWhole: false };
}

/** A chunk is let go as it is taken. */
async function* each(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) yield chunk;
}

const valueRead = (read: JsonRead): unknown => {
  if ('value' in read) return read.value;
  if (read.fault === 'NOT_JSON') throw badInput('the body is not JSON');
  if (read.fault === 'TOO_DEEP')
    throw badInput(`the body holds values more than ${DEEPEST_VALUE} levels deep`);
  throw new HttpError(
    413,
    'TOO_MANY_VALUES',
    `the body holds more than ${MOST_VALUES} values; send less at a time, or records and manifests to \`/ingest/flows\` and \`/ingest/inventory\``,
  );
};

/**
 * How bodies of operations are read.
 * @param limit of bytes, after unpacking
 */
export function jsonBodies(limit: number): JsonBodies {
  const gate = fairGate(MOST_LONG, MOST_LONG_OF_ONE);
  const threads = startWorkThreads({
    module: new URL('./json-thread.js', import.meta.url),
    data: null,
    threads: 1,
    callsPerThread: 1,
    lasting: false,
  });
  const inThread = async (chunks: Uint8Array[]): Promise<JsonRead> => {
    const { port } = giveBytes(each(chunks));
    const call = { name: 'json', input: [port], transfer: [port], parent: null };
    return (await threads.run(call)) as JsonRead;
  };
  const ofBody = async (request: IncomingMessage, asker: string | null): Promise<JsonRead> => {
    const bytes = bodyOf(request, limit);
    const { chunks, isWhole } = await beginningOf(bytes);
    if (isWhole) return readJson(each(chunks));
    const leave = await gate.enter(asker, null);
    try {
      for await (const chunk of bytes) chunks.push(chunk);
      return await inThread(chunks);
    } finally {
      leave();
    }
  };
  return {
    read: async (request, asker) => {
      assertJson(request);
      assertFits(request, limit);
      return valueRead(await ofBody(request, asker));
    },
    close: threads.close,
  };
}
