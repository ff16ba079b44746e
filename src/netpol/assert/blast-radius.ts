import { type AssertedEdge, edgeTable, stepsOf, type Walk, walkFrom } from './edge-table.js';
import { type AssertedEnd, endText } from './ends.js';

/** Texts of workloads, as maps write them: `shop/web[Deployment]`. */
export type BlastQuestion = {
  /** Those that somebody outside has a way to, as far as entrances go: Services, ingress, recorded flows. */
  readonly entrances: ReadonlySet<string>;
  /** The one that an attacker holds; null: nobody is asked about. */
  readonly compromised: string | null;
  readonly sensitive: ReadonlySet<string>;
};

export type SensitiveReach = {
  readonly workload: string;
  /** Steps from the nearest exposed workload, 0 for itself; null: no way. */
  readonly hopsFromExposed: number | null;
  readonly hopsFromCompromised: number | null;
};

/** How far one gets along connections that policies allow. */
export type BlastRadius = {
  /** Ordered pairs of different workloads with some connection. */
  readonly pairs: number;
  /** Workloads with an entrance whose policies let some address outside in; sorted. */
  readonly exposed: readonly string[];
  /** Further workloads that those reach in any number of steps. */
  readonly reachableFromExposed: number;
  /** Further workloads that the compromised one reaches; null where nobody is asked about. */
  readonly reachableFromCompromised: number | null;
  /** Sorted. */
  readonly sensitive: readonly SensitiveReach[];
};

const isWorkload = (end: AssertedEnd | undefined): boolean => end?.kind === 'workload';

/** How far one gets along the edges of a map. */
export function blastRadius(
  edges: Iterable<AssertedEdge>,
  { entrances, compromised, sensitive }: BlastQuestion,
): BlastRadius {
  const table = edgeTable(edges);
  const { ends, sources, destinations } = table;
  const steps = stepsOf(table);
  const places = new Map(ends.map((end, place) => [endText(end), place]));
  const placeOf = (text: string): number => places.get(text) ?? -1;
  const exposed = new Set<number>();
  const pairs = new Set<number>();
  for (const [edge, source] of sources.entries()) {
    const to = destinations[edge] ?? -1;
    const [from, end] = [ends[source], ends[to]];
    if (end === undefined || !isWorkload(end)) continue;
    if (isWorkload(from)) pairs.add(source * ends.length + to);
    else if (entrances.has(endText(end))) exposed.add(to);
  }
  const fromExposed = walkFrom(table, steps, [...exposed]);
  const start = compromised === null ? [] : [placeOf(compromised)].filter(place => place >= 0);
  const fromCompromised = walkFrom(table, steps, start);
  const further = (walk: Walk, starts: readonly number[]): number =>
    [...walk.keys()].filter(place => isWorkload(ends[place]) && !starts.includes(place)).length;
  const hops = (walk: Walk, starts: readonly number[], place: number): number | null =>
    starts.includes(place) ? 0 : (walk.get(place)?.hops ?? null);
  return {
    pairs: pairs.size,
    exposed: [...exposed].map(place => endText(ends[place] as AssertedEnd)).toSorted(),
    reachableFromExposed: further(fromExposed, [...exposed]),
    reachableFromCompromised: compromised === null ? null : further(fromCompromised, start),
    sensitive: [...sensitive].toSorted().map(workload => ({
      workload,
      hopsFromExposed: hops(fromExposed, [...exposed], placeOf(workload)),
      hopsFromCompromised:
        workload === compromised ? 0 : hops(fromCompromised, start, placeOf(workload)),
    })),
  };
}
