/** FNV-1a, 32 bit. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};

/** The next of a sequence of numbers from 0 to 1, without 1. */
export type Chance = () => number;

/** Mulberry32: the same text gives the same sequence on every machine. */
export const chanceOf = (text: string): Chance => {
  let state = hashOf(text);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const wholeBelow = (chance: Chance, bound: number): number => Math.floor(chance() * bound);

/** @throws RangeError for an empty list: the demonstration has none. */
export const oneOf = <T>(chance: Chance, among: readonly T[]): T => {
  const [first] = among;
  if (first === undefined) throw new RangeError('nothing to choose from');
  return among[wholeBelow(chance, among.length)] ?? first;
};

/** Kubernetes writes hashes in these characters. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

export const safeText = (chance: Chance, length: number): string =>
  Array.from({ length }, () => SAFE[wholeBelow(chance, SAFE.length)]).join('');
