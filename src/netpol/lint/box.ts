import { type AxisSet, intersectAxis, isEmptyAxis, meetsAxis, subtractAxis } from './axis.js';

/** A set of connections: all that fall in the set of every axis named here; other axes are free. */
export type Box = ReadonlyMap<string, AxisSet>;

/** What an axis holds when nothing constrains it. */
export type Universe = (axis: string) => AxisSet;

/** Null when they share nothing. */
export const intersectBoxes = (one: Box, other: Box): Box | null => {
  const both = new Map(one);
  for (const [axis, set] of other) {
    const held = both.get(axis);
    const shared = held === undefined ? set : intersectAxis(held, set);
    if (isEmptyAxis(shared)) return null;
    both.set(axis, shared);
  }
  return both;
};

export const areDisjoint = (one: Box, other: Box): boolean => {
  for (const [axis, set] of other) {
    const held = one.get(axis);
    if (held !== undefined && !meetsAxis(held, set)) return true;
  }
  return false;
};

/**
 * `box` without `other`, which meets it, as disjoint boxes: one for each axis on which `other` is the narrower. Made one by
 * one, since whoever asks whether all are held mostly needs the first alone.
 */
export function* subtractBox(box: Box, other: Box, universe: Universe): Generator<Box> {
  let inside: Box = box;
  for (const [axis, set] of other) {
    const held = inside.get(axis) ?? universe(axis);
    const outside = subtractAxis(held, set);
    // Nothing outside: what is held lies in `set`, and stays as it is.
    if (isEmptyAxis(outside)) continue;
    yield new Map(inside).set(axis, outside);
    inside = new Map(inside).set(axis, intersectAxis(held, set));
  }
}
