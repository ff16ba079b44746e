import { ascending, type Whole } from '../ranges.js';
import { type Address, parseAddress } from './address.js';
import { parseCidr } from './block.js';

/** Blocks of one size, by their first address. */
type SameSize = Map<Address, string>;

/** The first address of the block of that size which the address lies in. */
const firstOf = (address: Address, size: Whole): Address =>
  typeof address === 'bigint'
    ? address - (address % BigInt(size))
    : address - (address % Number(size));

function readBlock(cidr: string): { readonly size: Whole; readonly first: Address } {
  const block = parseCidr(cidr);
  const [range] = block === null ? [] : [...block.v4, ...block.v6];
  if (range === undefined) throw new Error(`\`${cidr}\` is no block of addresses`);
  const { from, to } = range;
  const size = typeof from === 'bigint' ? BigInt(to) - from + 1n : Number(to) - from + 1;
  return { size, first: from };
}

/**
 * Which of these blocks an address lies in, the smallest of them; null: in none, or it is no address. However many they are, a question
 * costs one look-up for each size that there is.
 * @throws where a block is none
 */
export function blockFinder(cidrs: readonly string[]): (address: string) => string | null {
  const bySize = new Map<Whole, SameSize>();
  for (const cidr of cidrs) {
    const { size, first } = readBlock(cidr);
    const known: SameSize = bySize.get(size) ?? new Map();
    bySize.set(size, known);
    if (!known.has(first)) known.set(first, cidr);
  }
  const sizes = [...bySize].toSorted(([one], [other]) => ascending(one, other));
  return text => {
    const address = parseAddress(text);
    if (address === null) return null;
    for (const [size, blocks] of sizes) {
      const found = typeof size === typeof address && blocks.get(firstOf(address, size));
      if (typeof found === 'string') return found;
    }
    return null;
  };
}
