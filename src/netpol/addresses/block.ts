import { type Range, subtract, unite } from '../ranges.js';
import { type Address, isV4, LAST_V4, parseAddress } from './address.js';

/** A set of addresses of both families, each sorted and disjoint. */
export type Block = {
  readonly v4: readonly Range<number>[];
  readonly v6: readonly Range<bigint>[];
};

export const NO_ADDRESSES: Block = { v4: [], v6: [] };

/** The number of bits to the right of the prefix, or null when `text` is no prefix length. */
function hostBits(text: string | undefined, width: number): number | null {
  if (text === undefined || !/^(0|[1-9]\d{0,2})$/.test(text)) return null;
  const prefix = Number(text);
  return prefix > width ? null : width - prefix;
}

function blockV4(address: number, bits: number): Block {
  const size = 2 ** bits;
  const from = Math.floor(address / size) * size;
  return { v4: [{ from, to: from + size - 1 }], v6: [] };
}

function blockV6(address: bigint, bits: number): Block {
  const shift = BigInt(bits);
  const from = (address >> shift) << shift;
  return { v4: [], v6: [{ from, to: from + (1n << shift) - 1n }] };
}

/**
 * The addresses of `a.b.c.d/n` or its IPv6 form; host bits may be set. A text without prefix is
 * that one address. Null where `text` is neither.
 */
export function parseCidr(text: string): Block | null {
  const [head = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(head);
  if (address === null || rest.length > 0) return null;
  if (text === head) return isV4(address) ? blockV4(address, 0) : blockV6(address, 0);
  const width = head.includes(':') ? 128 : 32;
  const bits = hostBits(prefix, width);
  if (bits === null) return null;
  if (!isV4(address)) return blockV6(address, bits);
  // `::ffff:10.0.0.0/104` is `10.0.0.0/8`; a shorter prefix reaches beyond the mapped addresses.
  return bits > 32 ? null : blockV4(address, bits);
}

export const uniteBlocks = (blocks: readonly Block[]): Block => ({
  v4: unite(blocks.flatMap(block => block.v4)),
  v6: unite(blocks.flatMap(block => block.v6)),
});

export const subtractBlock = (one: Block, other: Block): Block => ({
  v4: subtract(one.v4, other.v4),
  v6: subtract(one.v6, other.v6),
});

/** The range of a sorted list that holds `value` is found by halving. */
function within<T extends number | bigint>(ranges: readonly Range<T>[], value: T): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (value < range.from) high = middle - 1;
    else if (value > range.to) low = middle + 1;
    else return true;
  }
  return false;
}

export const contains = (block: Block, address: Address): boolean =>
  isV4(address) ? within(block.v4, address) : within(block.v6, address);

/** True for a block of exactly one address. */
export const onlyAddress = ({ v4, v6 }: Block): Address | null => {
  const [range, ...rest] = [...v4, ...v6];
  return range !== undefined && rest.length === 0 && range.from === range.to ? range.from : null;
};

/** Where the answer of some block may change: the first address of each part and the one after its last. */
export function cutsOf(blocks: readonly Block[]): {
  readonly v4: readonly number[];
  readonly v6: readonly bigint[];
} {
  const v4 = new Set<number>();
  const v6 = new Set<bigint>();
  for (const block of blocks) {
    for (const { from, to } of block.v4) v4.add(from).add(to + 1);
    for (const { from, to } of block.v6) v6.add(from).add(to + 1n);
  }
  return {
    v4: [...v4].filter(cut => cut > 0 && cut <= LAST_V4).sort((a, b) => a - b),
    v6: [...v6].filter(cut => cut > 0n && cut >> 128n === 0n).sort((a, b) => (a < b ? -1 : 1)),
  };
}
