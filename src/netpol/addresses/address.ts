/** An IPv4 address is a number, an IPv6 address a bigint: the type of the value tells the family. */
export type Address = number | bigint;

export const LAST_V4 = 0xffff_ffff;
export const LAST_V6 = (1n << 128n) - 1n;
/** `::ffff:0:0/96`, where an IPv6 address only wraps an IPv4 one. */
const FIRST_MAPPED = 0xffff_0000_0000n;

export const isV4 = (address: Address): address is number => typeof address === 'number';

const ZERO = '0'.charCodeAt(0);

/** The number from 0 to 255 that stands between two places, without leading zeros; -1 for anything else. */
function octetOf(text: string, from: number, to: number): number {
  const length = to - from;
  if (length < 1 || length > 3 || (length > 1 && text.charCodeAt(from) === ZERO)) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > 255 ? -1 : value;
}

/** Four decimal numbers; as Kubernetes, no leading zeros. Null where `text` is none. */
function parseV4(text: string): number | null {
  let value = 0;
  let from = 0;
  for (let part = 0; part < 4; part++) {
    const to = part < 3 ? text.indexOf('.', from) : text.length;
    const octet = octetOf(text, from, to);
    if (octet < 0) return null;
    value = value * 256 + octet;
    from = to + 1;
  }
  return value;
}

/** The 16-bit groups of one side of `::`; an IPv4 tail, which the last side may have, counts as two. */
function parseGroups(text: string, isLast: boolean): readonly number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [place, part] of parts.entries()) {
    const tail = isLast && place === parts.length - 1 ? parseV4(part) : null;
    if (tail !== null) groups.push(Math.floor(tail / 0x1_0000), tail % 0x1_0000);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

const joined = (groups: readonly number[]): bigint =>
  groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);

/** The groups of an IPv6 address, `::` filled with zeros. */
function expand(text: string): readonly number[] | null {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const [first = '', second = ''] = sides;
  const [left, right] = [parseGroups(first, sides.length === 1), parseGroups(second, true)];
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (sides.length === 1) return missing === 0 ? left : null;
  return missing < 1 ? null : [...left, ...Array<number>(missing).fill(0), ...right];
}

/** IPv4 or IPv6 without prefix and zone; null where `text` is neither. `::ffff:a.b.c.d` is `a.b.c.d`. */
export function parseAddress(text: string): Address | null {
  if (!text.includes(':')) return parseV4(text);
  const groups = expand(text);
  if (groups === null) return null;
  const value = joined(groups);
  return value >> 32n === FIRST_MAPPED >> 32n ? Number(value & 0xffff_ffffn) : value;
}

const formatV4 = (value: number): string =>
  [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.');

/** RFC 5952: lower case, the first longest run of two or more zero groups as `::`. */
function formatV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, place) =>
    ((value >> BigInt(112 - 16 * place)) & 0xffffn).toString(16),
  );
  const runs = `:${groups.join(':')}:`.match(/(?<=:)(?:0:){2,}/g) ?? [];
  const longest = [...runs].sort((one, other) => other.length - one.length)[0];
  if (longest === undefined) return groups.join(':');
  const text = `:${groups.join(':')}:`;
  const start = text.indexOf(`:${longest}`);
  const left = text.slice(1, start);
  const right = text.slice(start + 1 + longest.length, -1);
  return `${left}::${right}`;
}

export const formatAddress = (address: Address): string =>
  isV4(address) ? formatV4(address) : formatV6(address);
