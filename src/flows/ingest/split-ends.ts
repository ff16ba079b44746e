import type { ObservedPeer } from '../observation.js';
import { timeText } from '../time.js';
import {
  askedAddress,
  askedServices,
  gatewayOf,
  isByLabels,
  mayBeNode,
  namedTarget,
} from './asking.js';
import { holdersAt } from './book.js';
import type { KeptCluster } from './kept.js';
import { cutsOf, doorKey } from './kept-services.js';
import {
  type Counted,
  type ObservedEdge,
  type ObservedEdges,
  partOf,
  type SeenPeer,
} from './observed-edges.js';
import type { Asked } from './resolved.js';

/** Why one end of a chunk may be several peers. */
type Doubt = {
  /** Times within the chunk at which it may have become another one, in microseconds, sorted. */
  readonly cuts: readonly number[];
  /** Which of its ports lead to others: all (a Service), some (a node), or none. */
  readonly asks: 'all' | 'doors' | 'none';
  /** The address by which it is known; null: it is not. */
  readonly address: string | null;
};

type Span = { readonly first: number; readonly last: number };

const within = (cuts: readonly number[], { first, last }: Span): readonly number[] =>
  cuts.filter(cut => first < cut && cut <= last);

function spanOf(edges: readonly ObservedEdge[]): Span {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { firstSeen, lastSeen } of edges) {
    if (firstSeen < first) first = firstSeen;
    if (lastSeen > last) last = lastSeen;
  }
  return { first, last };
}

const NONE: readonly number[] = [];

const sorted = (cuts: readonly number[]): readonly number[] =>
  [...new Set(cuts)].toSorted((one, other) => one - other);

/** When Services, or those behind them, changed within a span. */
const serviceCuts = (kept: KeptCluster, span: Span): readonly number[] =>
  within([...(kept.services?.cuts ?? []), ...[...kept.labelled.values()].flatMap(cutsOf)], span);

/** Asked once for a chunk, and only where it matters. */
type SharedCuts = () => readonly number[];

const addressCuts = (kept: KeptCluster, address: string | null): readonly number[] =>
  address === null ? NONE : (kept.cuts.get(address) ?? NONE);

/** The addresses by which an end is known. */
function addressesOf(kept: KeptCluster, peer: ObservedPeer): readonly string[] {
  const address = askedAddress(peer);
  const target = peer.dnsNames.length === 0 ? null : namedTarget(peer);
  const named = target?.kind === 'address' ? target.address : null;
  return [address, gatewayOf(kept, peer), named].filter(one => one !== null);
}

/** When the labels of its namespace changed, for one that has nothing but labels. */
const labelCuts = (kept: KeptCluster, peer: ObservedPeer): readonly number[] =>
  isByLabels(peer) ? cutsOf(kept.labelled.get(peer.namespace ?? '') ?? []) : NONE;

function asksOf(kept: KeptCluster, peer: ObservedPeer): Doubt['asks'] {
  if (askedServices(kept, peer).length > 0) return 'all';
  return kept.services !== null && mayBeNode(kept, peer) ? 'doors' : 'none';
}

/** Null: an end is one peer over the whole span, at every port. */
export function doubtOf(
  kept: KeptCluster,
  peer: ObservedPeer,
  span: Span,
  shared: SharedCuts = () => serviceCuts(kept, span),
): Doubt | null {
  const asks = asksOf(kept, peer);
  const addresses = addressesOf(kept, peer);
  const isApi = addresses.some(address => kept.services?.apiAddresses.has(address) === true);
  const own = within(
    [...addresses.flatMap(address => addressCuts(kept, address)), ...labelCuts(kept, peer)],
    span,
  );
  const cuts = asks === 'none' && !isApi ? own : [...own, ...shared()];
  if (asks === 'none' && cuts.length === 0) return null;
  return { cuts: sorted(cuts), asks, address: askedAddress(peer) };
}

function doubtsOf({ ends, edges }: ObservedEdges, kept: KeptCluster): readonly (Doubt | null)[] {
  const span = spanOf(edges);
  let cuts: readonly number[] | null = null;
  const shared = (): readonly number[] => {
    cuts ??= serviceCuts(kept, span);
    return cuts;
  };
  return ends.map(({ peer }) => doubtOf(kept, peer, span, shared));
}

/** How many of the cuts lie at or before a time: the interval that it is in. */
const intervalOf = (doubt: Doubt | null, at: number): number => {
  let place = 0;
  for (const cut of doubt?.cuts ?? NONE) if (cut <= at) place += 1;
  return place;
};

/** The port that an edge asks of such an end, where that may tell who answers. */
export const askedOf = (doubt: Doubt | null, edge: Asked, kept: KeptCluster): Asked | null => {
  const { port, servicePort, protocol } = edge;
  const asks =
    doubt?.asks === 'all' ||
    (doubt?.asks === 'doors' && kept.services?.doors.has(doorKey(protocol, port)) === true);
  return asks ? { port, servicePort, protocol } : null;
};

type Piece = Moment & { readonly interval: number; readonly asked: Asked | null };

/** When the end of a record is asked who it is, and who had its address in turn meanwhile. */
type Moment = { readonly at: number; readonly between: string | null };

/** Who had an address at some times. */
const holdersWithin = (kept: KeptCluster, address: string, times: readonly number[]) => {
  const book = { holdings: () => kept.holdings.get(address) ?? [] };
  return times.flatMap(at => {
    const [holder] = holdersAt(book, address, timeText(at));
    return holder === undefined ? [] : [{ at, peerId: holder.peerId, name: holder.holderName }];
  });
};

/**
 * A record of a window is of whoever had the address within it, though it was nobody's as the window began. Where several
 * had it in turn nothing tells whose the record is.
 */
function momentOf(
  kept: KeptCluster,
  doubt: Doubt | null,
  { firstSeen, lastSeen }: Pick<Counted, 'firstSeen' | 'lastSeen'>,
): Moment {
  const plain = { at: firstSeen, between: null };
  const address = doubt?.address ?? null;
  if (doubt === null || address === null || firstSeen === lastSeen) return plain;
  const times = [firstSeen, ...doubt.cuts.filter(cut => firstSeen < cut && cut < lastSeen)];
  const held = times.length === 1 ? [] : holdersWithin(kept, address, times);
  const names = new Map(held.map(({ peerId, name }) => [peerId, name]));
  if (names.has(null)) return plain;
  return names.size > 1
    ? { at: firstSeen, between: [...names.values()].join(', ') }
    : { at: held[0]?.at ?? firstSeen, between: null };
}

/** The ends of the split chunk, each made when it is first met. */
function piecesOf(ends: readonly SeenPeer[]) {
  const made: SeenPeer[] = [];
  const places = new Map<string, SeenPeer>();
  const placeOf = (end: number, doubt: Doubt | null, piece: Piece): number => {
    const { interval, asked, at, between } = piece;
    const seen = ends[end];
    if (seen === undefined) throw new Error('an end is missing');
    const port = asked === null ? '' : `${asked.port}/${asked.servicePort}/${asked.protocol}`;
    const key = `${end} ${interval} ${port} ${between}`;
    const known = places.get(key);
    if (known !== undefined) {
      if (doubt !== null && at < known.earliest) known.earliest = at;
      return known.place;
    }
    const earliest = doubt === null ? seen.earliest : at;
    const fresh = { ...seen, place: made.length, earliest, asked, between };
    places.set(key, fresh);
    made.push(fresh);
    return fresh.place;
  };
  return { made, placeOf };
}

const lies = (edge: ObservedEdge, doubt: Doubt | null): boolean =>
  doubt === null || intervalOf(doubt, edge.firstSeen) === intervalOf(doubt, edge.lastSeen);

/** Of the source and of the destination. */
type Moments = readonly [Moment, Moment];

const earlier = ([from, to]: Moments, [otherFrom, otherTo]: Moments): Moments => [
  { ...from, at: Math.min(from.at, otherFrom.at) },
  { ...to, at: Math.min(to.at, otherTo.at) },
];

type Part = { readonly moments: Moments; readonly records: Counted[] };

/** The records of an edge by who its ends were. */
function partsOf(
  kept: KeptCluster,
  records: readonly Counted[],
  [source, destination]: readonly [Doubt | null, Doubt | null],
): Iterable<Part> {
  const parts = new Map<string, Part>();
  for (const record of records) {
    const moments: Moments = [momentOf(kept, source, record), momentOf(kept, destination, record)];
    const [from, to] = moments;
    const key = `${intervalOf(source, from.at)} ${from.between} ${intervalOf(destination, to.at)} ${to.between}`;
    const known = parts.get(key);
    known?.records.push(record);
    parts.set(
      key,
      known === undefined
        ? { moments, records: [record] }
        : { ...known, moments: earlier(known.moments, moments) },
    );
  }
  return parts.values();
}

/**
 * A chunk whose ends are one peer each: where an address changed hands within the chunk, or its port tells who answers,
 * the records are added up apart, each at its own time. A chunk without such ends, as most are, is answered as it is.
 */
export function splitEnds(chunk: ObservedEdges, kept: KeptCluster): ObservedEdges {
  const doubts = doubtsOf(chunk, kept);
  if (doubts.every(doubt => doubt === null)) return chunk;
  const { made, placeOf } = piecesOf(chunk.ends);
  const edges: ObservedEdge[] = [];
  const put = (edge: ObservedEdge, moments: Moments, records: readonly Counted[] | null): void => {
    const source = doubts[edge.source] ?? null;
    const destination = doubts[edge.destination] ?? null;
    const asked = askedOf(destination, edge, kept);
    const [from, to] = moments;
    const ends = {
      source: placeOf(edge.source, source, {
        ...from,
        interval: intervalOf(source, from.at),
        asked: null,
      }),
      destination: placeOf(edge.destination, destination, {
        ...to,
        interval: intervalOf(destination, to.at),
        asked,
      }),
    };
    edges.push(
      records === null
        ? { ...edge, ...ends }
        : partOf(edge, records, ends.source, ends.destination),
    );
  };
  for (const edge of chunk.edges) {
    const source = doubts[edge.source] ?? null;
    const destination = doubts[edge.destination] ?? null;
    if (edge.records === null || (lies(edge, source) && lies(edge, destination))) {
      const whole = { at: edge.firstSeen, between: null };
      put(edge, [whole, whole], null);
      continue;
    }
    const parts = partsOf(kept, edge.records, [source, destination]);
    for (const { moments, records } of parts) put(edge, moments, records);
  }
  /** Of one that asks for nothing here. */
  const placeAt = (end: number): number => {
    const doubt = doubts[end] ?? null;
    const at = chunk.ends[end]?.earliest ?? 0;
    return placeOf(end, doubt, { interval: intervalOf(doubt, at), asked: null, between: null, at });
  };
  const placed = <One extends { readonly end: number }>(some: readonly One[]): readonly One[] =>
    some.map(one => ({ ...one, end: placeAt(one.end) }));
  const [listeners, answers] = [placed(chunk.listeners), placed(chunk.answers)];
  return { ends: made, edges, listeners, answers };
}
