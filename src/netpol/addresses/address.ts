/** An IPv4 address is a number, an IPv6 address a bigint: the type of the value tells the family. */
export type Address = number | bigint;

export const LAST_V4 = 0xffff_ffff;
export const LAST_V6 = (1n << 128n) - 1n;
/** `::ffff:0:0/96`, where an IPv6 address only wraps an IPv4 one. */
const FIRST_MAPPED = 0xffff_0000_0000n;

export const isV4 = (address: Address): address is number => typeof address === 'number';

/** Four decimal numbers; as Kubernetes, no leading zeros. Null where `text` is none. */
function parseV4(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = value * 256 + Number(part);
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
