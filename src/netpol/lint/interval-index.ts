import { ascending, type Range } from '../ranges.js';

/** Ranges, each with the place of who holds it. */
export type IntervalIndex = {
  /** How many of the ranges meet `asked`. */
  readonly count: (asked: Range<bigint>) => number;
  /** The places of those, in no order; a place as often as it holds such a range. */
  readonly meeting: (asked: Range<bigint>) => readonly number[];
};

export type Held = { readonly range: Range<bigint>; readonly place: number };

/** How many of `sorted` are before the first for which `isPast` holds. */
function countBefore(sorted: readonly bigint[], isPast: (value: bigint) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle];
    if (value !== undefined && isPast(value)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A question costs as much as its answer, not as the list: a range inside of another's, as most blocks of addresses are,
 * costs no more than one beside it. The ranges are a balanced tree by their start; each knot knows how far its branch goes.
 */
export function intervalIndex(held: readonly Held[]): IntervalIndex {
  const byStart = held.toSorted((one, other) => ascending(one.range.from, other.range.from));
  const starts = byStart.map(({ range }) => range.from);
  const ends = held.map(({ range }) => range.to).sort(ascending);
  const farthest = new Array<bigint>(byStart.length);
  const measure = (low: number, high: number): bigint => {
    const middle = (low + high) >>> 1;
    let end = byStart[middle]?.range.to ?? 0n;
    for (const [from, to] of branches(low, middle, high)) {
      const other = measure(from, to);
      if (other > end) end = other;
    }
    farthest[middle] = end;
    return end;
  };
  if (byStart.length > 0) measure(0, byStart.length);

  const collect = (low: number, high: number, asked: Range<bigint>, found: number[]): void => {
    const middle = (low + high) >>> 1;
    const knot = byStart[middle];
    if (knot === undefined || (farthest[middle] ?? 0n) < asked.from) return;
    if (low < middle) collect(low, middle, asked, found);
    if (knot.range.from > asked.to) return;
    if (knot.range.to >= asked.from) found.push(knot.place);
    if (middle + 1 < high) collect(middle + 1, high, asked, found);
  };
  return {
    count: ({ from, to }) =>
      countBefore(starts, start => start > to) - countBefore(ends, end => end >= from),
    meeting: asked => {
      const found: number[] = [];
      collect(0, byStart.length, asked, found);
      return found;
    },
  };
}

/** What is left and right of the middle, where there is something. */
const branches = (low: number, middle: number, high: number) =>
  [
    [low, middle],
    [middle + 1, high],
  ].filter((branch): branch is [number, number] => (branch[0] ?? 0) < (branch[1] ?? 0));
