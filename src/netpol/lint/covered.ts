import { areDisjoint, type Box, subtractBox, type Universe } from './box.js';
import { boxIndex } from './box-index.js';

/**
 * The exact question is as hard as satisfiability; real policies need a handful of pieces. Past
 * this many the answer is "not covered", so that nothing is called redundant without proof.
 */
const MOST_PIECES = 20_000;

/**
 * Whether every connection of `boxes` lies in some box of `covers`. Piece by piece: the first that no cover holds is the
 * answer, which for most boxes is "no".
 */
export const isCovered = (
  boxes: readonly Box[],
  covers: readonly Box[],
  universe: Universe,
): boolean => {
  let pieces = 0;
  const isHeld = (box: Box, near: readonly Box[], from: number): boolean => {
    pieces += 1;
    if (pieces > MOST_PIECES) return false;
    for (let at = from; at < near.length; at++) {
      const cover = near[at];
      if (cover === undefined || areDisjoint(box, cover)) continue;
      return everyOf(subtractBox(box, cover, universe), piece => isHeld(piece, near, at + 1));
    }
    return false;
  };
  const nearOf = nearIn(covers, boxes.length);
  return boxes.every(box => isHeld(box, nearOf(box), 0));
};

/** As `every` of arrays, which makes all of them first. */
function everyOf(boxes: Iterable<Box>, holds: (box: Box) => boolean): boolean {
  for (const box of boxes) if (!holds(box)) return false;
  return true;
}

/** An index is worth its making only where many ask it. */
const INDEXED_FROM = 32;

/** Those of `covers` that may share something with a box, in their order. */
function nearIn(covers: readonly Box[], questions: number): (box: Box) => readonly Box[] {
  if (covers.length < INDEXED_FROM || questions < INDEXED_FROM) return () => covers;
  const index = boxIndex(covers);
  return box => index(box).flatMap(place => covers[place] ?? []);
}
