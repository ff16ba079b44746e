import { type Chance, oneOf, wholeBelow } from '../../src/cli/demo/chance.js';

/** True once in so many times. */
export const once = (chance: Chance, among: number): boolean => wholeBelow(chance, among) === 0;

const ALPHABET = [
  ...'abz09-._/:*,;%@#"\'\\ {}[]<>`$\t\n\r\u001b\u0000\u007f\u0080\u00e9\u2028\ufeff\ufffd\u4e2d',
  '\ud800',
  '\udc00',
  '😀',
  '../',
  '\\u0000',
  '$x',
];

/** Text of characters that somebody forgets. */
export const oddText = (chance: Chance, longest = 12): string =>
  Array.from({ length: wholeBelow(chance, longest) }, () => oneOf(chance, ALPHABET)).join('');
