import { formatAddress, parseAddress } from './address.js';
import { type Block, contains, parseCidr } from './block.js';

/** @returns the address as RFC 5952 and Postgres write it, an IPv4-mapped one as IPv4; null for anything else. */
export function canonicalAddress(text: string): string | null {
  const address = parseAddress(text);
  return address === null ? null : formatAddress(address);
}

const textOf = ({ v4, v6 }: Block): string => {
  const [range] = [...v4, ...v6];
  if (range === undefined) throw new Error('a block that was read has addresses');
  const size = BigInt(range.to) - BigInt(range.from) + 1n;
  const width = v4.length > 0 ? 32 : 128;
  return `${formatAddress(range.from)}/${width - (size.toString(2).length - 1)}`;
};

/**
 * Bits beyond the prefix are cleared, as every implementation of NetworkPolicy reads `ipBlock.cidr`:
 * `10.1.2.3/8` is `10.0.0.0/8`.
 * @returns the block as Postgres writes a `cidr`; null for anything else. A bare address is no block.
 */
export function canonicalCidr(text: string): string | null {
  const block = text.includes('/') ? parseCidr(text) : null;
  return block === null ? null : textOf(block);
}

/** The block of what a store gives: Postgres prints an `inet` of one address without its prefix. Null for anything else. */
export function blockOf(text: string): string | null {
  const block = parseCidr(text);
  return block === null ? null : textOf(block);
}

/**
 * Whether an address lies in one of the blocks, each a CIDR; what is no address lies in none.
 * @throws where a block is none
 */
export function liesWithin(text: string, cidrs: readonly string[]): boolean {
  const address = parseAddress(text);
  if (address === null) return false;
  return cidrs.some(cidr => {
    const block = parseCidr(cidr);
    if (block === null) throw new Error(`\`${cidr}\` is no block of addresses`);
    return contains(block, address);
  });
}

/** An address of a block, by its place from 0, which is the network's own. Null where there is none. */
export function addressInBlock(cidr: string, place: number): string | null {
  const block = parseCidr(cidr);
  const [range] = block === null ? [] : [...block.v4, ...block.v6];
  if (range === undefined || BigInt(range.from) + BigInt(place) > BigInt(range.to)) return null;
  return formatAddress(
    typeof range.from === 'bigint' ? range.from + BigInt(place) : range.from + place,
  );
}

/** The first and the last address of a block; null for anything else. */
export function endsOfBlock(cidr: string): readonly [string, string] | null {
  const block = parseCidr(cidr);
  const [range] = block === null ? [] : [...block.v4, ...block.v6];
  return range === undefined ? null : [formatAddress(range.from), formatAddress(range.to)];
}
