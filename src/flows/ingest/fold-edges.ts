import { type FlowEnd, leastPorts } from '../directions/open-flow.js';
import { type Edge, type EdgeHour, flowId, type Open } from '../edge.js';
import { outcomesOf } from '../flow.js';
import { isListeningShown } from '../formats/reply.js';
import { classOfBoth, ReplyBasis, surerOf } from '../observation.js';
import type { KnownEnd } from './attribution.js';
import { type ByDeclaredPorts, byDeclaredPorts } from './declared-ports.js';
import type { KeptCluster, KnownEdge } from './kept.js';
import {
  addCount,
  addEnds,
  addToHour,
  type EdgeSum,
  hourCount,
  keepLast,
  keepLatest,
  type ObservedEdge,
  type ObservedEdges,
} from './observed-edges.js';
import { classOf } from './settled-class.js';

export type Folded = {
  readonly edges: readonly Edge[];
  readonly hours: readonly EdgeHour[];
  /** Those that this process has not stored yet: they may be new. */
  readonly unknown: readonly Edge[];
  /** Ends that these chunks show to listen. */
  readonly listeners: readonly FlowEnd[];
  /** Keeps which of them are stored; to be called when the transaction has been committed. */
  readonly commit: (isStored: (flow: string) => boolean) => void;
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
  basis: sum.basis,
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
  sum.basis = surerOf(sum.basis, other.basis);
  keepLatest(sum, other);
  if (other.firstSeen < sum.firstSeen) sum.firstSeen = other.firstSeen;
  keepLast(sum, other);
  addCount(sum, other);
  for (const hour of other.hours) {
    const own = hourCount(sum.hours, hour.hour, hour.verdict);
    addToHour(own, hour);
    if (hour.ends !== null) addEnds(own, hour.ends);
  }
}

/** Of several Service ports that lead to one, the first by number: whichever record comes first. */
const least = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** `open`: null once a record proves who asked whom, or nothing ever will. */
type Sum = EdgeSum & { open: Open | null };

type Sums = Map<KnownEdge, Sum>;

/** Of one edge: open only while all of its records are. */
const openOf = (one: Open | null, other: Open | null): Open | null =>
  one === null || other === null
    ? null
    : {
        sourcePorts: leastPorts([...one.sourcePorts, ...other.sourcePorts]),
        hints: one.hints | other.hints,
      };

type Told = Pick<Sum, 'directionKnown' | 'basis' | 'open'>;

/** Who asked whom, by the records or by what the ends declare; null: it is a reply. */
function toldOf(edge: ObservedEdge, ends: Ends, byDeclared: ByDeclaredPorts): Told | null {
  const { doubt, directionKnown, basis, port, protocol } = edge;
  if (doubt === null) return { directionKnown, basis, open: null };
  const isReply = byDeclared(ends, port, protocol, doubt);
  if (isReply !== null)
    return isReply ? null : { directionKnown: true, basis: ReplyBasis.DECLARED, open: null };
  const { sourcePort, hints } = doubt;
  const open = { sourcePorts: sourcePort === null ? [] : [sourcePort], hints };
  return { directionKnown: false, basis: ReplyBasis.ASSUMED, open };
}

const placed = ({ peer: { place, namespace }, isNode, runsOn }: KnownEnd) => ({
  place,
  namespace,
  isNode,
  runsOn,
});

/** What chunks are folded by. */
type Folding = { readonly kept: KeptCluster; readonly byDeclared: ByDeclaredPorts };

function take(sums: Sums, { kept, byDeclared }: Folding, edge: ObservedEdge, ends: Ends): void {
  const told = toldOf(edge, ends, byDeclared);
  if (told === null) return;
  const { port, servicePort } = ends.destination.reached ?? edge;
  const known = edgeBetween(kept, ends, port, edge.protocol);
  const trafficClass = classOf(
    { trafficClass: edge.trafficClass, port, servicePort },
    { source: placed(ends.source), destination: placed(ends.destination) },
  );
  const sum = sums.get(known);
  if (sum === undefined) sums.set(known, { ...copyOf(edge), servicePort, trafficClass, ...told });
  else {
    sum.trafficClass = classOfBoth(sum.trafficClass, trafficClass);
    sum.servicePort = least(sum.servicePort, servicePort);
    sum.open = openOf(sum.open, told.open);
    add(sum, { ...edge, ...told });
  }
}

const edgeOf = ({ id, sourceId, destinationId, port, protocol }: KnownEdge, sum: Sum): Edge => ({
  id,
  sourceId,
  destinationId,
  port,
  protocol,
  servicePort: sum.servicePort,
  trafficClass: sum.trafficClass,
  directionKnown: sum.directionKnown,
  directionBasis: sum.basis,
  open: sum.open,
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

const endAt = (ends: readonly KnownEnd[], place: number): KnownEnd => {
  const end = ends[place];
  if (end === undefined) throw new Error('an end is missing');
  return end;
};

function sumsOf(
  kept: KeptCluster,
  chunks: readonly ObservedEdges[],
  ends: readonly (readonly KnownEnd[])[],
): Sums {
  const sums: Sums = new Map();
  const folding = { kept, byDeclared: byDeclaredPorts(kept) };
  for (const [number, { edges }] of chunks.entries()) {
    const known = ends[number] ?? [];
    for (const edge of edges) {
      const source = endAt(known, edge.source);
      take(sums, folding, edge, { source, destination: endAt(known, edge.destination) });
    }
  }
  return sums;
}

const LET_THROUGH: ReadonlySet<string> = new Set(['ALLOWED', 'UNKNOWN']);

/** The end that an edge asks, where its records prove that it listens there. */
function listenerOf({ destinationId, port, protocol }: KnownEdge, sum: Sum): readonly FlowEnd[] {
  const isShown =
    port !== null &&
    sum.open === null &&
    sum.directionKnown &&
    isListeningShown(sum, port) &&
    sum.hours.some(({ verdict }) => LET_THROUGH.has(verdict));
  return isShown ? [{ peerId: destinationId, port, protocol }] : [];
}

const answering = (
  chunks: readonly ObservedEdges[],
  ends: readonly (readonly KnownEnd[])[],
): readonly FlowEnd[] =>
  chunks.flatMap(({ listeners }, number) =>
    listeners.map(({ end, port, protocol }) => ({
      peerId: endAt(ends[number] ?? [], end).peer.id,
      port,
      protocol,
    })),
  );

/**
 * Adds up chunks to one row for each edge, and one for each edge, hour and verdict, so that the store sees each row once.
 * Replies by what the ends declare are left out.
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
  const asked = [...sums].flatMap(([known, sum]) => listenerOf(known, sum));
  return {
    edges,
    hours,
    unknown,
    listeners: [...asked, ...answering(chunks, ends)],
    commit: isStored => {
      for (const known of sums.keys()) known.stored = isStored(known.id);
    },
  };
}
