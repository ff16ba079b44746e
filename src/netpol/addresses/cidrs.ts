import type { Range, Whole } from '../ranges.js';
import { formatAddress } from './address.js';
import type { Block } from './block.js';

/** The longest prefix block that begins at `from` and does not reach beyond `to`, as its number of host bits. */
function hostBits(from: bigint, to: bigint, width: number): number {
  let bits = 0;
  while (bits < width) {
    const size = 1n << BigInt(bits + 1);
    if (from % size !== 0n || from + size - 1n > to) break;
    bits += 1;
  }
  return bits;
}

function* cidrsOfRange(range: Range<Whole>, width: 32 | 128): Generator<string> {
  const to = BigInt(range.to);
  for (let from = BigInt(range.from); from <= to; ) {
    const bits = hostBits(from, to, width);
    yield `${formatAddress(width === 32 ? Number(from) : from)}/${width - bits}`;
    from += 1n << BigInt(bits);
  }
}

/** The fewest blocks that are exactly these addresses, IPv4 before IPv6, each by number. */
export const cidrsOf = ({ v4, v6 }: Block): readonly string[] => [
  ...v4.flatMap(range => [...cidrsOfRange(range, 32)]),
  ...v6.flatMap(range => [...cidrsOfRange(range, 128)]),
];
