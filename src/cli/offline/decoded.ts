import { Failure } from '../shell.js';

/** Byte order marks of UTF-16, which Windows writes where a console's output goes to a file. */
const MARKS: readonly (readonly [first: number, second: number, name: string])[] = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
];

/** Line of the first byte that is no UTF-8. */
function faultyLine(bytes: Buffer, lenient: string): number {
  const again = Buffer.from(lenient, 'utf8');
  const at = again.findIndex((byte, index) => byte !== bytes[index]);
  return bytes.subarray(0, at).filter(byte => byte === 10).length + 1;
}

/**
 * The text of a file: UTF-8, or UTF-16 with its byte order mark.
 * @throws Failure for other bytes, with the line: a name would be read as another one
 */
export function decoded(bytes: Buffer, name: string): string {
  const mark = MARKS.find(([first, second]) => bytes[0] === first && bytes[1] === second);
  if (mark !== undefined) return new TextDecoder(mark[2]).decode(bytes);
  const text = bytes.toString('utf8');
  if (text.includes('\0'))
    throw new Failure(`\`${name}\` is no text`, 'unpack it, or name files with YAML or JSON');
  if (!text.includes('\uFFFD') || Buffer.from(text, 'utf8').equals(bytes)) return text;
  throw new Failure(
    `\`${name}\` is not in UTF-8: line ${faultyLine(bytes, text)} holds other bytes`,
    'save it in UTF-8: Kubernetes reads no other',
  );
}
