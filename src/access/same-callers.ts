import type { Caller } from './caller.js';

const MOST_KEPT = 10_000;

/** Callers by what they are, so that the same stores serve each of them. */
export function sameCallers(): (caller: Caller) => Caller {
  const known = new Map<string, Caller>();
  return caller => {
    const key = JSON.stringify(caller);
    const before = known.get(key) ?? caller;
    if (known.size > MOST_KEPT) known.clear();
    known.set(key, before);
    return before;
  };
}
