import type { Window } from '../flows/flow-condition.js';
import type { Cluster } from '../inventory/cluster.js';

/** A window of which something is forgotten, or counted by day alone where it begins or ends within a day. */
export type KeptWindow = {
  readonly window: Window;
  /** What is left of it where counts tell all; it ends where it begins where nothing is left. */
  readonly told: Window;
  /** Where a flow may have been in it, and no count tells. */
  readonly untold: readonly Window[];
  /** Nothing of it is kept. */
  readonly lost: boolean;
};

const DAY_MS = 24 * 3_600_000;

/** From a moment to before another one, in milliseconds; endless where it is open. */
type Span = { readonly since: number; readonly until: number };

const spanOf = ({ since, until }: Window): Span => ({
  since: since === null ? -Infinity : Date.parse(since),
  until: until === null ? Infinity : Date.parse(until),
});

const text = (time: number): string | null =>
  Number.isFinite(time) ? new Date(time).toISOString() : null;

const windowOf = ({ since, until }: Span): Window => ({ since: text(since), until: text(until) });

/** The start of the day that this bound lies within, where its hours became one count; else null. */
function dayCut(bound: number, rolledUntil: number): number | null {
  const day = Math.floor(bound / DAY_MS) * DAY_MS;
  return bound < rolledUntil && day < bound ? day : null;
}

const momentOf = (time: string | null): number => (time === null ? -Infinity : Date.parse(time));

/** What is kept of a window (docs/identity-and-time.md, Windows). */
export function keptWindow(
  window: Window,
  cluster: Pick<Cluster, 'forgottenUntil' | 'rolledUntil'>,
): KeptWindow {
  const { since, until } = spanOf(window);
  const [forgotten, rolled] = [momentOf(cluster.forgottenUntil), momentOf(cluster.rolledUntil)];
  const [first, last] = [dayCut(since, rolled), dayCut(until, rolled)];
  const end = last ?? until;
  const begin = Math.min(first === null ? since : first + DAY_MS, end);
  const untold: readonly Span[] = [
    { since, until: Math.min(forgotten, until) },
    { since, until: first === null ? since : Math.min(first + DAY_MS, until) },
    { since: Math.max(end, since), until },
  ];
  return {
    window,
    told: first === null && last === null ? window : windowOf({ since: begin, until: end }),
    untold: untold.filter(span => span.since < span.until).map(windowOf),
    lost: since < forgotten && until <= forgotten,
  };
}
