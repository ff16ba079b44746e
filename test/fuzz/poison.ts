import { type Chance, oneOf, wholeBelow } from '../../src/cli/demo/chance.js';
import { oddText, once } from './odd.js';

/** What a column, a clock or a law of Kubernetes cannot hold, or only just. */
const NUMBERS = [
  0,
  -0,
  -1,
  -5,
  0.5,
  255,
  256,
  300,
  65_535,
  65_536,
  70_000,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  -(2 ** 63),
  1e21,
  1e308,
  -1e308,
  1_732_269_600,
  1_732_269_600_000,
];

const TIMES = [
  '2026-02-30T10:00:00Z',
  '2026-11-22T10:00:00+99:00',
  '2026-11-22T10:00:00-23:59',
  '2026-11-22T24:00:00Z',
  '2026-11-22T10:00:60Z',
  '2026-13-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '-0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999Z',
  '1970-01-01T00:00:00Z',
  '2026-11-22T10:00:00.123456789123Z',
  '2026-11-22 10:00:00Z',
  '2026-11-22T10:00:00',
  'infinity',
  'now',
];

const TEXTS = [
  '',
  ' ',
  '../../etc/passwd',
  'x'.repeat(9_000),
  'a\nb',
  '\u001b[2J',
  '\ud800',
  'a\udfff',
  'a\0b',
  '\ufffd',
  'fe80::1%eth0',
  '::ffff:10.0.0.1',
  '0.0.0.0',
  '10.0.0.0/33',
  '10.0.0.1/8',
  '::/0',
  '1.2.3',
  '010.1.1.1',
  '256.1.1.1',
  'NaN',
  '1e3',
  '0x10',
  '80',
  '80.5',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  'true',
  'null',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'UPPER',
  '=cmd()',
];

const deep = (levels: number): unknown => {
  let value: unknown = 'deep';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
};

/** A value that should not be where it is put. */
export function poison(chance: Chance): unknown {
  switch (wholeBelow(chance, 9)) {
    case 0:
    case 1:
      return oneOf(chance, NUMBERS);
    case 2:
      return String(oneOf(chance, NUMBERS));
    case 3:
      return oneOf(chance, TIMES);
    case 4:
    case 5:
      return oneOf(chance, TEXTS);
    case 6:
      return oddText(chance);
    case 7:
      return oneOf<unknown>(chance, [null, true, false, [], {}, [null], [[]], { value: null }]);
    default:
      return deep(once(chance, 20) ? 1_000 : wholeBelow(chance, 6));
  }
}
