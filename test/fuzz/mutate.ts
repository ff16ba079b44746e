import { type Chance, oneOf, wholeBelow } from '../../src/cli/demo/chance.js';
import { oddText, once } from './odd.js';
import { poison } from './poison.js';

type Holder = Record<string | number, unknown>;

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

const DEEPEST = 20;

/** The places of a value: what holds it, and by which key. */
function placesIn(value: unknown, depth = 0): readonly (readonly [Holder, string])[] {
  if (!isHolder(value) || depth > DEEPEST) return [];
  return Object.keys(value).flatMap(key => [
    [value, key] as const,
    ...placesIn(value[key], depth + 1),
  ]);
}

function mutateOnce(chance: Chance, value: unknown): void {
  const places = placesIn(value);
  if (places.length === 0) return;
  const [holder, key] = oneOf(chance, places);
  const [other, from] = oneOf(chance, places);
  switch (wholeBelow(chance, 6)) {
    case 0:
      delete holder[key];
      return;
    case 1:
      if (!Array.isArray(holder)) holder[oddText(chance)] = poison(chance);
      return;
    case 2:
      holder[key] = structuredClone(other[from]);
      return;
    default:
      holder[key] = poison(chance);
  }
}

/** A copy of a JSON value in which something is wrong. */
export function mutatedJson(chance: Chance, value: unknown): unknown {
  const copy = structuredClone(value);
  for (let left = 1 + wholeBelow(chance, 3); left > 0; left -= 1) mutateOnce(chance, copy);
  return copy;
}

/** Bytes in which some are changed, left out, repeated or put in. */
export function mutatedBytes(chance: Chance, bytes: Uint8Array): Uint8Array {
  let mutated = Buffer.from(bytes);
  for (let left = 1 + wholeBelow(chance, 6); left > 0; left -= 1) {
    const at = wholeBelow(chance, mutated.length + 1);
    const end = Math.min(mutated.length, at + wholeBelow(chance, once(chance, 4) ? 200 : 4));
    const put = once(chance, 3)
      ? Buffer.from(oddText(chance))
      : Buffer.from([wholeBelow(chance, 256)]);
    const repeated = once(chance, 4) ? mutated.subarray(at, end) : Buffer.alloc(0);
    mutated = Buffer.concat([mutated.subarray(0, at), put, repeated, mutated.subarray(end)]);
  }
  return mutated;
}
