import { METADATA_ADDRESSES } from '../../netpol/index.js';
import { METADATA_CLASS } from '../flow-view.js';
import {
  type DnsAnswer,
  type Doubt,
  type Listener,
  type Observation,
  type ObservedPeer,
  surerOf,
} from '../observation.js';
import { asksServices, isByLabels } from './asking.js';
import {
  addRecord,
  keepLatest,
  type ObservedEdge,
  type ObservedEdges,
  type SeenPeer,
} from './observed-edges.js';

/** On GKE the metadata server answers DNS too. */
const DNS_PORT = 53;

const isMetadataAddress = ({ ip, cidr }: ObservedPeer): boolean =>
  (ip !== null && METADATA_ADDRESSES.has(ip)) ||
  (cidr !== null && METADATA_ADDRESSES.has(cidr.replace(/\/(?:32|128)$/, '')));

const isMetadata = ({ destination, port, servicePort }: Observation): boolean =>
  (port ?? servicePort) !== DNS_PORT && isMetadataAddress(destination);

/** Who it is may change within a chunk. A later record may still tell the workload of one that has labels alone. */
const isOfItsTime = (peer: ObservedPeer): boolean => asksServices(peer) || isByLabels(peer);

const newEdge = (
  observation: Observation,
  {
    source,
    destination,
    next,
    place,
  }: { source: SeenPeer; destination: SeenPeer; next: ObservedEdge | null; place: number },
): ObservedEdge => ({
  place,
  source: source.place,
  destination: destination.place,
  port: observation.port,
  protocol: observation.protocol,
  servicePort: observation.servicePort,
  trafficClass: isMetadata(observation) ? METADATA_CLASS : observation.trafficClass,
  directionKnown: observation.isReply !== null && observation.doubt == null,
  basis: observation.replyBasis,
  doubt: observation.doubt ?? null,
  policies: null,
  policiesAt: 0,
  firstSeen: observation.firstSeen,
  lastSeen: observation.lastSeen,
  verdict: observation.verdict,
  events: 0,
  connections: null,
  bytes: null,
  hours: [],
  next,
  records: [observation.source, observation.destination].some(isOfItsTime) ? [] : null,
});

const isSameDoubt = (one: Doubt | null, other: Doubt | null | undefined): boolean =>
  one === null || other == null
    ? one === null && other == null
    : one.sourcePort === other.sourcePort && one.hints === other.hints;

const isOf = (edge: ObservedEdge, observation: Observation): boolean =>
  edge.port === observation.port &&
  edge.servicePort === observation.servicePort &&
  edge.protocol === observation.protocol &&
  isSameDoubt(edge.doubt, observation.doubt) &&
  (edge.doubt !== null || edge.directionKnown === (observation.isReply !== null));

type Folding = {
  readonly seen: Map<ObservedPeer, SeenPeer>;
  readonly ends: SeenPeer[];
  /** The latest edge of each pair of ends. */
  readonly pairs: Map<number, ObservedEdge>;
  readonly edges: ObservedEdge[];
};

function endOf({ seen, ends }: Folding, peer: ObservedPeer, at: number): SeenPeer {
  const known = seen.get(peer);
  if (known !== undefined) {
    if (at < known.earliest) known.earliest = at;
    if (at > known.latest) known.latest = at;
    return known;
  }
  const { labels, workload } = peer;
  const piece = { asked: null, between: null };
  const end = { peer, place: ends.length, earliest: at, latest: at, labels, workload, ...piece };
  seen.set(peer, end);
  ends.push(end);
  return end;
}

/** More than the ends of a chunk. */
const MOST_ENDS = 1 << 16;

function edgeOf(folding: Folding, observation: Observation): ObservedEdge {
  const source = endOf(folding, observation.source, observation.firstSeen);
  const destination = endOf(folding, observation.destination, observation.firstSeen);
  const pair = source.place * MOST_ENDS + destination.place;
  const latest = folding.pairs.get(pair) ?? null;
  for (let edge = latest; edge !== null; edge = edge.next) {
    if (!isOf(edge, observation)) continue;
    edge.basis = surerOf(edge.basis, observation.replyBasis);
    return edge;
  }
  const made = newEdge(observation, {
    source,
    destination,
    next: latest,
    place: folding.edges.length,
  });
  folding.pairs.set(pair, made);
  folding.edges.push(made);
  return made;
}

/** A chunk that is added up, and the edge of each of its records (a place in `edges`). */
type FoldedChunk = { readonly observed: ObservedEdges; readonly places: Uint32Array };

/** Adds up a chunk's observations, one edge for each two ends (as observed), port, Service port and protocol. */
export function foldObservations(
  observations: readonly Observation[],
  listeners: readonly Listener[] = [],
  answers: readonly DnsAnswer[] = [],
): FoldedChunk {
  const folding: Folding = { seen: new Map(), ends: [], pairs: new Map(), edges: [] };
  const places = new Uint32Array(observations.length);
  for (const [at, observation] of observations.entries()) {
    const edge = edgeOf(folding, observation);
    places[at] = edge.place;
    addRecord(edge, observation);
    if (observation.policies != null)
      keepLatest(edge, {
        policies: JSON.stringify(observation.policies),
        policiesAt: observation.lastSeen,
      });
  }
  const seen = listeners.map(({ peer, port, protocol, at }) => ({
    end: endOf(folding, peer, at).place,
    port,
    protocol,
  }));
  const told = answers.map(({ client, ...answer }) => ({
    ...answer,
    end: endOf(folding, client, answer.from).place,
  }));
  const { ends, edges } = folding;
  return { observed: { ends, edges, listeners: seen, answers: told }, places };
}
