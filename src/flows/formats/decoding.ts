import { StringDecoder } from 'node:string_decoder';

type Decode = (chunk: Uint8Array | null) => string;

const bytesOf = (chunk: Uint8Array): Buffer =>
  Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

const utf8 = (): Decode => {
  const decoder = new StringDecoder('utf8');
  return chunk => (chunk === null ? decoder.end() : decoder.write(bytesOf(chunk)));
};

const utf16 = (encoding: 'utf-16le' | 'utf-16be'): Decode => {
  const decoder = new TextDecoder(encoding);
  return chunk => decoder.decode(chunk ?? undefined, { stream: chunk !== null });
};

/**
 * UTF-16 says so by its first bytes: spreadsheets write it, and `>` of Windows PowerShell. Without its mark one of the two
 * is zero, which no text begins with.
 */
const decoderOf = ([first = -1, second = -1]: Uint8Array): Decode => {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0))
    return utf16('utf-16le');
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  return isBigEndian ? utf16('utf-16be') : utf8();
};

/**
 * Text of bytes as they come, null at the end; characters that are cut between two chunks are put together, and the first
 * two bytes, which tell the encoding, may come one by one.
 */
export function decoding(): Decode {
  let decode: Decode | null = null;
  let head: Uint8Array = new Uint8Array();
  return chunk => {
    if (decode !== null) return decode(chunk);
    head = chunk === null ? head : Buffer.concat([head, chunk]);
    if (chunk !== null && head.length < 2) return '';
    decode = decoderOf(head);
    return decode(head) + (chunk === null ? decode(null) : '');
  };
}
