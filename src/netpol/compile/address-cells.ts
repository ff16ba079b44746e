import { type Address, isV4 } from '../addresses/address.js';
import { type Block, contains } from '../addresses/block.js';
import type { ClassId } from './class-id.js';

/** Sorted: the first address of each cell but the first. */
export type Cuts = { readonly v4: readonly number[]; readonly v6: readonly bigint[] };

/** How many cuts are at or below `value`. */
function placeOf<T extends number | bigint>(cuts: readonly T[], value: T): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const cut = cuts[middle];
    if (cut !== undefined && cut <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Addresses of one cell lie in the same blocks of all policies, so pods in it need no telling apart. */
export const cellOf = (cuts: Cuts, address: Address): string =>
  isV4(address) ? `4.${placeOf(cuts.v4, address)}` : `6.${placeOf(cuts.v6, address)}`;

/** A cell that some pod is in, from the lowest to the highest of those addresses. */
type Spot = { lowest: Address; highest: Address; readonly classes: Set<ClassId> };

export type AddressCells = {
  /** Notes that pods of a class have this address. */
  add(cell: string, address: Address, podClass: ClassId): void;
  /** The sorted classes of pods that have an address in `block`, which is built from the cuts. */
  classesIn(block: Block): readonly ClassId[];
  /** True when a further cut would part pods of one cell: then classes are no longer exact. */
  splits(cuts: Cuts): boolean;
};

/** Grows with the addresses that are added; those of pods that have gone stay. */
export function addressCells(): AddressCells {
  const spots = new Map<string, Spot>();
  return {
    add: (cell, address, podClass) => {
      const spot = spots.get(cell);
      if (spot === undefined) {
        spots.set(cell, { lowest: address, highest: address, classes: new Set([podClass]) });
        return;
      }
      if (address < spot.lowest) spot.lowest = address;
      if (address > spot.highest) spot.highest = address;
      spot.classes.add(podClass);
    },
    classesIn: block => {
      const inside = [...spots.values()].filter(spot => contains(block, spot.lowest));
      return [...new Set(inside.flatMap(spot => [...spot.classes]))].sort((a, b) => a - b);
    },
    splits: cuts =>
      [...spots.values()].some(({ lowest, highest }) =>
        isV4(lowest)
          ? cuts.v4.some(cut => lowest < cut && cut <= highest)
          : cuts.v6.some(cut => lowest < cut && cut <= highest),
      ),
  };
}
