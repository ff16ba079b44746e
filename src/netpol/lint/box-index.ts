import type { AxisSet } from './axis.js';
import type { Box } from './box.js';
import { type IntervalIndex, intervalIndex } from './interval-index.js';

/** Places of the boxes that may share a connection with a box, sorted. No other of them does. */
export type BoxIndex = (box: Box) => readonly number[];

/** The values of a set that lists them; null where it holds more than it lists. */
const valuesListed = (set: AxisSet | undefined): ReadonlySet<string> | null =>
  set === undefined || set.type === 'ranges' || set.absent || set.except ? null : set.listed;

/** The boxes along one axis: by each value that they list, by their ranges, and those that have neither. */
type Postings = {
  readonly byValue: ReadonlyMap<string, readonly number[]>;
  readonly byRange: IntervalIndex;
  readonly loose: readonly number[];
};

/** The boxes that are left along one axis: how many at the most, and which, should nobody know fewer. */
type Left = { readonly count: number; readonly places: () => readonly number[] };

const NOWHERE: readonly number[] = [];

function postingsOf(boxes: readonly Box[], axis: string): Postings {
  const byValue = new Map<string, number[]>();
  const loose: number[] = [];
  const held = [...boxes.entries()].flatMap(([place, box]) => {
    const set = box.get(axis);
    if (set?.type === 'ranges') return set.ranges.map(range => ({ range, place }));
    const values = valuesListed(set);
    if (values === null) loose.push(place);
    for (const value of values ?? []) {
      const known = byValue.get(value);
      if (known === undefined) byValue.set(value, [place]);
      else known.push(place);
    }
    return [];
  });
  return { byValue, byRange: intervalIndex(held), loose };
}

/** Null where the set tells nothing that a look-up could use. */
function leftAlong(postings: Postings, set: AxisSet): Left | null {
  const { byValue, byRange, loose } = postings;
  if (set.type === 'ranges') {
    const count = set.ranges.reduce((sum, range) => sum + byRange.count(range), loose.length);
    return { count, places: () => [...loose, ...set.ranges.flatMap(byRange.meeting)] };
  }
  const values = valuesListed(set);
  if (values === null) return null;
  const found = [loose, ...[...values].map(value => byValue.get(value) ?? NOWHERE)];
  const count = found.reduce((sum, list) => sum + list.length, 0);
  return { count, places: () => found.flat() };
}

/**
 * Two boxes that list different values of one label, or whose addresses or ports lie apart, share nothing: of many policies
 * few boxes are left to be held against one. Each question takes the axis that leaves fewest.
 */
export function boxIndex(boxes: readonly Box[]): BoxIndex {
  const known = new Map<string, Postings>();
  const along = (axis: string): Postings => {
    const postings = known.get(axis) ?? postingsOf(boxes, axis);
    known.set(axis, postings);
    return postings;
  };
  const all = [...boxes.keys()];
  return box => {
    let fewest: Left | null = null;
    for (const [axis, set] of box) {
      const left = leftAlong(along(axis), set);
      if (left !== null && left.count < (fewest?.count ?? all.length)) fewest = left;
    }
    if (fewest === null) return all;
    return [...new Set(fewest.places())].sort((one, other) => one - other);
  };
}
