import { type Address, isV4, parseAddress } from '../addresses/address.js';
import { contains, NO_ADDRESSES, parseCidr } from '../addresses/block.js';
import type { PodFact } from '../facts.js';
import { ascending, type Range, type Whole } from '../ranges.js';

type Held<A extends Whole> = { readonly address: A; readonly place: number };

/** Those of a list that is sorted by address which lie in one of the ranges. */
function inRanges<A extends Whole>(
  held: readonly Held<A>[],
  ranges: readonly Range<A>[],
): readonly Held<A>[] {
  return ranges.flatMap(({ from, to }) => {
    let [low, high] = [0, held.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((held[middle]?.address ?? to) < from) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < held.length && (held[end]?.address ?? to) <= to) end++;
    return held.slice(low, end);
  });
}

/**
 * Finds the pods with an own address in a block and in none of its exceptions, in their order; once for each such
 * address. A question costs as much as it finds: many policies name many blocks, and of 10,000 pods few are in one.
 */
export function podsInBlocks(
  pods: readonly PodFact[],
): (cidr: string, except: readonly string[]) => readonly PodFact[] {
  const held = pods.flatMap(({ hostNetwork, addresses }, place): Held<Address>[] =>
    hostNetwork
      ? []
      : addresses.flatMap(text => {
          const address = parseAddress(text);
          return address === null ? [] : [{ address, place }];
        }),
  );
  const sorted = held.toSorted((one, other) => ascending(one.address, other.address));
  const v4 = sorted.filter((one): one is Held<number> => isV4(one.address));
  const v6 = sorted.filter((one): one is Held<bigint> => !isV4(one.address));
  return (cidr, except) => {
    const block = parseCidr(cidr) ?? NO_ADDRESSES;
    const holes = except.map(text => parseCidr(text) ?? NO_ADDRESSES);
    return [...inRanges(v4, block.v4), ...inRanges(v6, block.v6)]
      .filter(({ address }) => !holes.some(hole => contains(hole, address)))
      .toSorted((one, other) => one.place - other.place)
      .flatMap(({ place }) => pods[place] ?? []);
  };
}
