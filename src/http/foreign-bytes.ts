import { HttpError } from './error.js';

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const letters = (text: string): Buffer => Buffer.from(text, 'latin1');

/** How files begin that hold no text and are not unpacked here. */
const SIGNS: readonly (readonly [what: string, at: number, sign: Buffer])[] = [
  ['packed twice', 0, bytes(0x1f, 0x8b)],
  ['packed twice', 0, bytes(0x28, 0xb5, 0x2f, 0xfd)],
  ['a Parquet file', 0, letters('PAR1')],
  ['an Avro file', 0, bytes(0x4f, 0x62, 0x6a, 0x01)],
  ['a zip archive', 0, bytes(0x50, 0x4b, 0x03, 0x04)],
  ['a 7z archive', 0, bytes(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)],
  ['packed with xz', 0, bytes(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)],
  ['packed with bzip2', 0, letters('BZh')],
  ['packed with lz4', 0, bytes(0x04, 0x22, 0x4d, 0x18)],
  ['packed with snappy', 0, bytes(0xff, 0x06, 0x00, 0x00, 0x73, 0x4e)],
  ['a database of SQLite', 0, letters('SQLite format 3\0')],
  ['a capture of packets', 0, bytes(0xd4, 0xc3, 0xb2, 0xa1)],
  ['a capture of packets', 0, bytes(0xa1, 0xb2, 0xc3, 0xd4)],
  ['a capture of packets', 0, bytes(0x4d, 0x3c, 0xb2, 0xa1)],
  ['a capture of packets', 0, bytes(0x0a, 0x0d, 0x0d, 0x0a)],
  ['a tar archive', 257, letters('ustar')],
];

const isAt = (first: Buffer, at: number, sign: Buffer): boolean =>
  first.subarray(at, at + sign.length).equals(sign);

/**
 * The same bytes, as long as they are no file of another kind: to read one as text refuses each of its lines for bytes
 * that are no characters, and does not say why.
 * @throws HttpError 415
 */
export async function* textBytes(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of source) {
    const found = isFirst ? SIGNS.find(([, at, sign]) => isAt(chunk, at, sign)) : undefined;
    if (found !== undefined)
      throw new HttpError(
        415,
        'UNSUPPORTED_CONTENT',
        `the body is ${found[0]}, not text; unpack or convert it, and send lines of text, plain or packed with gzip or zstd`,
      );
    isFirst = false;
    yield chunk;
  }
}
