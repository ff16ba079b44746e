import type { IncomingMessage } from 'node:http';
import { textOf } from '../http/body.js';
import { HttpError } from '../http/error.js';
import { ApiError, badInput, ErrorCode } from '../query/api-error.js';

/** Values in one body: `JSON.parse` lets nobody else work until it is done, and takes a tenth of a second for so many. */
const MOST_VALUES = 500_000;

/** Characters of a document: more are not read. What is long belongs into variables. */
const LONGEST_DOCUMENT = 1_000_000;

const [OTHER, QUOTE, BACKSLASH, NEXT_VALUE] = [0, 1, 2, 3];

/** What a byte is for who counts. */
const CLASSES = new Uint8Array(256).fill(OTHER);
CLASSES[0x22] = QUOTE;
CLASSES[0x5c] = BACKSLASH;
for (const byte of [0x2c, 0x5b, 0x7b]) CLASSES[byte] = NEXT_VALUE;

const [OUTSIDE, IN_TEXT, ESCAPED] = [0, 1, 2];

/** By the state and then the class of the byte. */
const NEXT_STATE = [
  [OUTSIDE, IN_TEXT, OUTSIDE, OUTSIDE],
  [IN_TEXT, OUTSIDE, ESCAPED, IN_TEXT],
  [IN_TEXT, IN_TEXT, IN_TEXT, IN_TEXT],
].flat();

/** Counts the values of JSON as its bytes arrive: as many as there are commas and brackets outside of texts, and one. */
export function valueCounter(): (bytes: Uint8Array) => number {
  let [count, state] = [1, OUTSIDE];
  return bytes => {
    for (const byte of bytes) {
      const found = CLASSES[byte] ?? OTHER;
      if (found === NEXT_VALUE && state === OUTSIDE) count += 1;
      state = NEXT_STATE[state * 4 + found] ?? OUTSIDE;
    }
    return count;
  };
}

const tooMany = (): HttpError =>
  new HttpError(
    413,
    'TOO_MANY_VALUES',
    `the body holds more than ${MOST_VALUES} values; send less at a time, or records and manifests to \`/ingest/flows\` and \`/ingest/inventory\``,
  );

const isLong = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'query' in value &&
  typeof value.query === 'string' &&
  value.query.length > LONGEST_DOCUMENT;

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

/**
 * The body of a request for an operation. What would keep everybody else waiting is not read: too many values, or a document that is
 * longer than any is.
 * @param limit of bytes, after unpacking
 * @throws HttpError 413 and 415, ApiError where it is no JSON
 */
export async function jsonBodyOf(request: IncomingMessage, limit: number): Promise<unknown> {
  assertJson(request);
  const count = valueCounter();
  const text = await textOf(request, limit, bytes => {
    if (count(bytes) > MOST_VALUES) throw tooMany();
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badInput('the body is not JSON');
  }
  if (isLong(value))
    throw new ApiError(
      ErrorCode.COST_EXCEEDED,
      `the document is longer than ${LONGEST_DOCUMENT} characters; what is long belongs into variables`,
    );
  return value;
}
