import type { PortSet } from '../ports/port-set.js';
import { type AssertedEnd, endText } from './ends.js';

/** Who may, or did, connect to whom at which ports. */
export type AssertedEdge = {
  readonly source: AssertedEnd;
  readonly destination: AssertedEnd;
  readonly ports: PortSet;
};

/** Many edges, each end and port set once. Columns of equal length. */
export type EdgeTable = {
  readonly ends: readonly AssertedEnd[];
  readonly portSets: readonly PortSet[];
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
  /** Places in `portSets`. */
  readonly ports: readonly number[];
};

/** Numbers things by a key as they come. */
function numbering<T>(keyOf: (one: T) => unknown) {
  const all: T[] = [];
  const numbers = new Map<unknown, number>();
  return {
    all,
    of: (one: T): number => {
      const key = keyOf(one);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const number = all.push(one) - 1;
      numbers.set(key, number);
      return number;
    },
  };
}

export function edgeTable(edges: Iterable<AssertedEdge>): EdgeTable {
  const known = new Map<AssertedEnd, string>();
  const ends = numbering((end: AssertedEnd) => {
    const text = known.get(end) ?? `${end.kind} ${endText(end)}`;
    known.set(end, text);
    return text;
  });
  const portSets = numbering((ports: PortSet) => ports);
  const [sources, destinations, ports]: [number[], number[], number[]] = [[], [], []];
  for (const edge of edges) {
    sources.push(ends.of(edge.source));
    destinations.push(ends.of(edge.destination));
    ports.push(portSets.of(edge.ports));
  }
  return { ends: ends.all, portSets: portSets.all, sources, destinations, ports };
}

/** Whom each end reaches in one step, by places of ends. */
export function stepsOf({
  ends,
  sources,
  destinations,
}: EdgeTable): readonly (readonly number[])[] {
  const steps: number[][] = ends.map(() => []);
  for (const [edge, source] of sources.entries()) steps[source]?.push(destinations[edge] ?? -1);
  return steps;
}

/** The ends that some reach, in any number of steps, each with the one before it (-1: a start) and its distance. */
export type Walk = ReadonlyMap<number, { readonly before: number; readonly hops: number }>;

/**
 * Walks along workloads only: nobody is reached through an address outside. A start is reached again where a way leads
 * back to it.
 */
export function walkFrom(
  { ends }: Pick<EdgeTable, 'ends'>,
  steps: readonly (readonly number[])[],
  starts: readonly number[],
): Walk {
  const found = new Map<number, { readonly before: number; readonly hops: number }>();
  const stepFrom =
    (hops: number) =>
    (place: number): readonly number[] => {
      const fresh = (steps[place] ?? []).filter(to => !found.has(to));
      for (const to of fresh) if (!found.has(to)) found.set(to, { before: place, hops });
      return fresh.filter(to => ends[to]?.kind === 'workload');
    };
  let front = starts;
  for (let hops = 1; front.length > 0; hops++) front = front.flatMap(stepFrom(hops));
  return found;
}
