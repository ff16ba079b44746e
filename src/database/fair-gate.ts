import { orAborted } from './deadline.js';

/** Lets so many in at a time. */
export type Gate = {
  /**
   * Waits for a place, until the signal fires; answers how to leave it.
   * @param who null: nobody in particular, who may hold all places
   */
  readonly enter: (who: string | null, signal: AbortSignal | null) => Promise<() => void>;
};

type Waiting = { readonly who: string | null; readonly admit: () => void };

/**
 * A gate with a fair queue: the next place is for who holds the fewest, of several for who came first. Nobody holds more
 * than `mostOfOne`, so that who asks little finds a place at once however much somebody else asks.
 */
export function fairGate(places: number, mostOfOne: number): Gate {
  const held = new Map<string | null, number>();
  const waiting: Waiting[] = [];
  let taken = 0;
  const heldBy = (who: string | null): number => held.get(who) ?? 0;
  const mayEnter = ({ who }: Waiting): boolean => who === null || heldBy(who) < mostOfOne;
  const next = (): Waiting | null =>
    waiting
      .filter(mayEnter)
      .reduce<Waiting | null>(
        (first, one) => (first === null || heldBy(one.who) < heldBy(first.who) ? one : first),
        null,
      );
  const letIn = (): void => {
    while (taken < places && waiting.length > 0) {
      const one = next();
      if (one === null) return;
      waiting.splice(waiting.indexOf(one), 1);
      taken += 1;
      held.set(one.who, heldBy(one.who) + 1);
      one.admit();
    }
  };
  const leave = (who: string | null): void => {
    taken -= 1;
    const left = heldBy(who) - 1;
    if (left === 0) held.delete(who);
    else held.set(who, left);
    letIn();
  };
  return {
    enter: async (who, signal) => {
      const place = Promise.withResolvers<void>();
      let isIn = false;
      const one: Waiting = {
        who,
        admit: () => {
          isIn = true;
          place.resolve();
        },
      };
      waiting.push(one);
      letIn();
      try {
        await (signal === null || isIn ? place.promise : orAborted(signal, place.promise));
      } catch (error) {
        if (isIn) leave(who);
        else waiting.splice(waiting.indexOf(one), 1);
        throw error;
      }
      let isOut = false;
      return () => {
        if (!isOut) leave(who);
        isOut = true;
      };
    },
  };
}
