import { type Edge, type EdgeHour, flowId } from '../edge.js';
import { outcomesOf } from '../flow.js';
import { classOfBoth, TrafficClass } from '../observation.js';
import type { KnownEnd } from './attribution.js';
import type { KeptCluster, KnownEdge } from './kept.js';
import {
  addCount,
  addEnds,
  addToHour,
  type EdgeSum,
  hourCount,
  keepLatest,
  type ObservedEdge,
  type ObservedEdges,
} from './observed-edges.js';

export type Folded = {
  readonly edges: readonly Edge[];
  readonly hours: readonly EdgeHour[];
  /** Those that this process has not stored yet: they may be new. */
  readonly unknown: readonly Edge[];
  /** Keeps that they are stored; to be called when the transaction has been committed. */
  readonly commit: () => void;
};

type Ends = { readonly source: KnownEnd; readonly destination: KnownEnd };

/** Numbers of peers are below 2^26, so that two of them fit into one exact number. */
const MOST_PEERS = 2 ** 26;

/** The edge with its id, which is made once: a hash costs as much as reading the record. */
function edgeBetween(
  kept: KeptCluster,
  { source: { peer: source }, destination: { peer: destination } }: Ends,
  port: number | null,
  protocol: string,
): KnownEdge {
  const pair = source.number * MOST_PEERS + destination.number;
  const latest = kept.edges.get(pair) ?? null;
  for (let edge = latest; edge !== null; edge = edge.next)
    if (edge.port === port && edge.protocol === protocol) return edge;
  const id = flowId(source.id, destination.id, port, protocol);
  const [sourceId, destinationId] = [source.id, destination.id];
  const made = { id, sourceId, destinationId, port, protocol, stored: false, next: latest };
  kept.edges.set(pair, made);
  kept.edgeCount += 1;
  return made;
}

/** A sum of its own: the chunk's may be added up again. */
const copyOf = (sum: EdgeSum): EdgeSum => ({
  firstSeen: sum.firstSeen,
  lastSeen: sum.lastSeen,
  verdict: sum.verdict,
  servicePort: sum.servicePort,
  trafficClass: sum.trafficClass,
  directionKnown: sum.directionKnown,
  policies: sum.policies,
  policiesAt: sum.policiesAt,
  events: sum.events,
  connections: sum.connections,
  bytes: sum.bytes,
  hours: sum.hours.map(hour => {
    const { ends } = hour;
    if (ends === null) return { ...hour };
    return { ...hour, ends: { SOURCE: { ...ends.SOURCE }, DESTINATION: { ...ends.DESTINATION } } };
  }),
});

function add(sum: EdgeSum, other: EdgeSum): void {
  sum.directionKnown ||= other.directionKnown;
  keepLatest(sum, other);
  if (other.firstSeen < sum.firstSeen) sum.firstSeen = other.firstSeen;
  if (other.lastSeen >= sum.lastSeen) {
    sum.lastSeen = other.lastSeen;
    sum.verdict = other.verdict;
  }
  addCount(sum, other);
  for (const hour of other.hours) {
    const own = hourCount(sum.hours, hour.hour, hour.verdict);
    addToHour(own, hour);
    if (hour.ends !== null) addEnds(own, hour.ends);
  }
}

/** Classes that a reader gives where it does not know that an end is a node. */
const OF_NO_NODE: ReadonlySet<string> = new Set([TrafficClass.APP, TrafficClass.EXTERNAL]);

/** "Traffic to and from the node where a Pod is running is always allowed": it is a probe, whoever told its address. */
const classOf = ({ trafficClass }: EdgeSum, { source, destination }: Ends): string =>
  source.isNode !== null && source.isNode === destination.runsOn && OF_NO_NODE.has(trafficClass)
    ? TrafficClass.HEALTH_PROBE
    : trafficClass;

/** Of several Service ports that lead to one, the first by number: whichever record comes first. */
const least = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

type Sums = Map<KnownEdge, EdgeSum>;

function take(sums: Sums, kept: KeptCluster, edge: ObservedEdge, ends: Ends): void {
  const { port, servicePort } = ends.destination.reached ?? edge;
  const known = edgeBetween(kept, ends, port, edge.protocol);
  const trafficClass = classOf(edge, ends);
  const sum = sums.get(known);
  if (sum === undefined) sums.set(known, { ...copyOf(edge), servicePort, trafficClass });
  else {
    sum.trafficClass = classOfBoth(sum.trafficClass, trafficClass);
    sum.servicePort = least(sum.servicePort, servicePort);
    add(sum, edge);
  }
}

const edgeOf = (
  { id, sourceId, destinationId, port, protocol }: KnownEdge,
  sum: EdgeSum,
): Edge => ({
  id,
  sourceId,
  destinationId,
  port,
  protocol,
  servicePort: sum.servicePort,
  trafficClass: sum.trafficClass,
  directionKnown: sum.directionKnown,
  policies: sum.policies,
  policiesAt: sum.policiesAt,
  firstSeen: sum.firstSeen,
  lastSeen: sum.lastSeen,
  observedVerdict: sum.verdict,
  outcomes: outcomesOf(...sum.hours.map(({ verdict }) => verdict)),
  events: sum.events,
  connections: sum.connections,
  bytes: sum.bytes,
});

function sumsOf(
  kept: KeptCluster,
  chunks: readonly ObservedEdges[],
  ends: readonly (readonly KnownEnd[])[],
): Sums {
  const sums: Sums = new Map();
  for (const [number, { edges }] of chunks.entries()) {
    const known = ends[number] ?? [];
    for (const edge of edges) {
      const [source, destination] = [known[edge.source], known[edge.destination]];
      if (source === undefined || destination === undefined) throw new Error('an end is missing');
      take(sums, kept, edge, { source, destination });
    }
  }
  return sums;
}

/**
 * Adds up chunks to one row for each edge, and one for each edge, hour and verdict, so that the store sees each row once.
 * @param ends of each chunk, in the order of its own
 */
export function foldEdges(
  kept: KeptCluster,
  chunks: readonly ObservedEdges[],
  ends: readonly (readonly KnownEnd[])[],
): Folded {
  const sums = sumsOf(kept, chunks, ends);
  const edges: Edge[] = [];
  const hours: EdgeHour[] = [];
  const unknown: Edge[] = [];
  for (const [known, sum] of sums) {
    const edge = edgeOf(known, sum);
    edges.push(edge);
    if (!known.stored) unknown.push(edge);
    for (const hour of sum.hours) hours.push({ flowId: known.id, ...hour });
  }
  const commit = (): void => {
    for (const known of sums.keys()) known.stored = true;
  };
  return { edges, hours, unknown, commit };
}
