import { formatAddress, parseAddress } from './address.js';
import { type Block, parseCidr } from './block.js';

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
