import { type Counts, type Edge, type EdgeHour, type EndCounts, plus } from '../edge.js';
import type { ObservedVerdict } from '../flow.js';

/** What is stored of an hour that ends counted: events, connections and bytes of the source, then of the destination. */
export type StoredEnds = readonly (number | null)[];

const storedEnds = ({ SOURCE, DESTINATION }: EndCounts): StoredEnds =>
  [SOURCE, DESTINATION].flatMap(({ events, connections, bytes }) => [events, connections, bytes]);

const NONE: StoredEnds = [0, null, null, 0, null, null];

const addEnds = (one: StoredEnds | null, other: StoredEnds | null): StoredEnds =>
  NONE.map((_, at) => plus(one?.[at] ?? null, other?.[at] ?? null));

/** The greater of two counts of the same traffic; null where nobody counted. */
const greater = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? plus(one, other) : Math.max(one, other);

/** What was counted: of each number what the end said that counted more. */
const countedOf = (ends: StoredEnds | null): Counts => {
  const at = (place: number): number | null =>
    greater(ends?.[place] ?? null, ends?.[place + 3] ?? null);
  return { events: at(0) ?? 0, connections: at(1), bytes: at(2) };
};

const minus = (one: number | null, other: number | null): number | null =>
  one === null ? null : one - (other ?? 0);

const less = (one: Counts, other: Counts): Counts => ({
  events: one.events - other.events,
  connections: minus(one.connections, other.connections),
  bytes: minus(one.bytes, other.bytes),
});

const more = (one: Counts, other: Counts): Counts => ({
  events: Math.min(one.events + other.events, Number.MAX_SAFE_INTEGER),
  connections: plus(one.connections, other.connections),
  bytes: plus(one.bytes, other.bytes),
});

/** What the ends of an edge have counted in an hour so far. */
export type KnownEnds = {
  readonly flowId: string;
  readonly hour: number;
  readonly verdict: ObservedVerdict;
  readonly ends: StoredEnds;
};

export type HourKey = Pick<KnownEnds, 'flowId' | 'hour' | 'verdict'>;

/** An hour whose counts by end are to be stored. */
export type StoredHour = HourKey & { readonly stored: StoredEnds };

export type Settled = {
  readonly edges: readonly Edge[];
  /** What each hour adds. */
  readonly hours: readonly EdgeHour[];
  /** Of the hours: those in which ends counted. */
  readonly byEnds: readonly StoredHour[];
};

const nameOf = ({ flowId, hour, verdict }: HourKey): string => `${flowId} ${hour} ${verdict}`;

/**
 * The same traffic reported by both ends counts once: of each number an hour has what the end said that counted more, and
 * what carries no such report beside it. That depends neither on the order nor on the cut, and edges are the sums of
 * their hours.
 * @param known what the ends have counted before, in the hours in which they count now
 */
export function settleEnds(
  edges: readonly Edge[],
  hours: readonly EdgeHour[],
  known: readonly KnownEnds[],
): Settled {
  const before = new Map(known.map(one => [nameOf(one), one.ends]));
  const growth = new Map<string, Counts>();
  const byEnds: StoredHour[] = [];
  const settled = hours.map((hour): EdgeHour => {
    if (hour.ends === null) return hour;
    const old = before.get(nameOf(hour)) ?? null;
    const stored = addEnds(old, storedEnds(hour.ends));
    const grown = less(countedOf(stored), countedOf(old));
    const sum = growth.get(hour.flowId);
    growth.set(hour.flowId, sum === undefined ? grown : more(sum, grown));
    byEnds.push({ flowId: hour.flowId, hour: hour.hour, verdict: hour.verdict, stored });
    return { ...hour, ...more(hour, grown) };
  });
  return {
    edges: edges.map(edge => {
      const grown = growth.get(edge.id);
      return grown === undefined ? edge : { ...edge, ...more(edge, grown) };
    }),
    hours: settled,
    byEnds,
  };
}

/** What an hour has too much, once the counts of several edges are added up in it. */
export type Correction = HourKey & Counts;

export type MergedEnds = {
  readonly byEnds: readonly StoredHour[];
  readonly corrections: readonly Correction[];
};

const NOTHING: Counts = { events: 0, connections: null, bytes: null };

/**
 * Edges become others, and their hours are added up: where an end of one is an end of the other, both have reported the
 * same traffic.
 * @param known of the edges that move and of those that they become
 * @param targets what each edge that moves becomes
 */
export function mergeEnds(
  known: readonly KnownEnds[],
  targets: ReadonlyMap<string, string>,
): MergedEnds {
  const groups = Map.groupBy(known, one =>
    nameOf({ ...one, flowId: targets.get(one.flowId) ?? one.flowId }),
  );
  const byEnds: StoredHour[] = [];
  const corrections: Correction[] = [];
  for (const group of groups.values()) {
    const moved = group.find(({ flowId }) => targets.has(flowId));
    if (moved === undefined) continue;
    const { hour, verdict } = moved;
    const key = { flowId: targets.get(moved.flowId) ?? moved.flowId, hour, verdict };
    const stored = group.reduce<StoredEnds>((sum, { ends }) => addEnds(sum, ends), NONE);
    const added = group.reduce((sum, { ends }) => more(sum, countedOf(ends)), NOTHING);
    byEnds.push({ ...key, stored });
    corrections.push({ ...key, ...less(countedOf(stored), added) });
  }
  return { byEnds, corrections };
}
