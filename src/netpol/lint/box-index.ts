import type { AxisSet } from './axis.js';
import type { Box } from './box.js';

/** Places of the boxes that may share a connection with a box, sorted. No other of them does. */
export type BoxIndex = (box: Box) => readonly number[];

/** The values of a set that lists them; null where it holds more than it lists. */
const valuesListed = (set: AxisSet | undefined): ReadonlySet<string> | null =>
  set === undefined || set.type === 'ranges' || set.absent || set.except ? null : set.listed;

/** The boxes along one axis: by each value that they list, and those that list none. */
type Postings = {
  readonly byValue: ReadonlyMap<string, readonly number[]>;
  readonly loose: readonly number[];
};

const NOWHERE: readonly number[] = [];

function postingsOf(boxes: readonly Box[], axis: string): Postings {
  const byValue = new Map<string, number[]>();
  const loose: number[] = [];
  for (const [place, box] of boxes.entries()) {
    const values = valuesListed(box.get(axis));
    if (values === null) loose.push(place);
    for (const value of values ?? []) {
      const known = byValue.get(value);
      if (known === undefined) byValue.set(value, [place]);
      else known.push(place);
    }
  }
  return { byValue, loose };
}

/**
 * Two boxes that list different values of one label share nothing: of many policies few boxes are left to be held
 * against one. Each question takes the axis that leaves fewest.
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
    let lists: readonly (readonly number[])[] = [all];
    let fewest = all.length;
    for (const [axis, set] of box) {
      const values = valuesListed(set);
      if (values === null) continue;
      const { byValue, loose } = along(axis);
      const found = [loose, ...[...values].map(value => byValue.get(value) ?? NOWHERE)];
      const count = found.reduce((sum, list) => sum + list.length, 0);
      if (count < fewest) [lists, fewest] = [found, count];
    }
    return lists.length === 1 ? all : [...new Set(lists.flat())].sort((one, other) => one - other);
  };
}
