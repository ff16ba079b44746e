import { randomUUID } from 'node:crypto';
import { PeerKind } from '../../inventory/peer.js';
import type { KeptCluster } from '../ingest/kept.js';
import { type BookStores, bookOf, loadKept } from '../ingest/load-kept.js';
import type { Resolved } from '../ingest/resolved.js';
import type { ObservedPeer } from '../observation.js';
import { type EdgePart, type EndsInTime, endsOfAll, partsOf } from './edge-parts.js';
import type { OpenEdge, OpenEdgeStore } from './open-edge.store.js';
import { type OpenPeer, observedAs } from './open-end.js';
import { always, type EndInTime, endInTime } from './resolved-all.js';
import type { CountedTime, FlowPart, SplitEdgeStore } from './split-edge.store.js';

export type CandidateStores = BookStores & {
  readonly openEdges: OpenEdgeStore;
  readonly splitEdges: SplitEdgeStore;
};

/** An edge, and whom it is between by what is known now. */
export type Found = {
  readonly edge: OpenEdge;
  readonly source: Resolved;
  readonly destination: Resolved;
  /** The edge whose hours these are, as it is left; null: they are all of their edge. */
  readonly takenFrom: OpenEdge | null;
};

export type Candidates = {
  readonly peers: ReadonlyMap<string, OpenPeer>;
  readonly found: readonly Found[];
  /** Edges whose ends were several in turn. */
  readonly mixed: readonly EndsInTime[];
};

export type Open = ReadonlyMap<
  string,
  { readonly peer: OpenPeer; readonly observed: ObservedPeer }
>;

async function edgesOf(
  { openEdges }: CandidateStores,
  clusterId: number,
  open: Open,
  doors: readonly number[],
): Promise<readonly OpenEdge[]> {
  const isNode = ({ peer }: { readonly peer: OpenPeer }): boolean =>
    peer.kind === PeerKind.NODE && !peer.inferred;
  const [nodes, others] = [true, false].map(wanted =>
    [...open].filter(([, end]) => isNode(end) === wanted).map(([id]) => id),
  ) as [string[], string[]];
  return openEdges.edges(clusterId, { peers: others, nodes, doors });
}

export async function openPeers(
  { openEdges }: CandidateStores,
  { clusterId, services, ranges }: KeptCluster,
  doors: readonly number[],
): Promise<Open> {
  const rows = await openEdges.peers(clusterId, {
    api: [...(services?.apiAddresses ?? [])],
    doors,
    isBlank: ranges?.isBlank ?? true,
  });
  return new Map(
    rows.flatMap(peer => {
      const observed = observedAs(peer);
      return observed === null ? [] : [[peer.id, { peer, observed }] as const];
    }),
  );
}

/** Edges that may be between others than they were thought to be. */
export async function candidates(
  stores: CandidateStores,
  kept: KeptCluster,
  open: Open,
  doors: readonly number[],
): Promise<Candidates> {
  const edges = await edgesOf(stores, kept.clusterId, open, doors);
  const told = Map.groupBy(
    await stores.openEdges.balancerNames(
      kept.clusterId,
      edges.map(({ id }) => id),
    ),
    ({ flowId }) => flowId,
  );
  const named = (observed: ObservedPeer, edge: OpenEdge): ObservedPeer => {
    const names = told.get(edge.id)?.map(({ name }) => name) ?? [];
    return names.length === 0
      ? observed
      : { ...observed, dnsNames: [...observed.dnsNames, ...names] };
  };
  const endsNamed = edges
    .filter(({ id }) => told.has(id))
    .flatMap(edge => {
      const end = open.get(edge.destinationId);
      return end === undefined ? [] : [named(end.observed, edge)];
    });
  await loadKept(stores, kept, [
    ...[...open.values()].map(({ observed }) => observed),
    ...endsNamed,
  ]);
  const book = bookOf(kept);
  const endOf = (id: string, edge: OpenEdge, isAsked: boolean): EndInTime => {
    const end = open.get(id);
    if (end === undefined) return always(id);
    const observed = isAsked ? named(end.observed, edge) : end.observed;
    return endInTime(kept, book, { peer: end.peer, observed, edge, isAsked });
  };
  const found: Found[] = [];
  const mixed: EndsInTime[] = [];
  for (const edge of edges) {
    const source = endOf(edge.sourceId, edge, false);
    const ends = { edge, source, destination: endOf(edge.destinationId, edge, true) };
    const whole = endsOfAll(ends);
    if (whole === null) mixed.push(ends);
    else found.push({ edge, ...whole, takenFrom: null });
  }
  return { peers: new Map([...open].map(([id, { peer }]) => [id, peer])), found, mixed };
}

export const isOther = ({
  edge,
  source,
  destination,
}: Pick<Found, 'edge' | 'source' | 'destination'>): boolean =>
  source.id !== edge.sourceId || destination.id !== edge.destinationId;

/** Something of a flow stays under its own id: what is not moved, else its last hours. */
function stayingIn(edge: OpenEdge, parts: readonly EdgePart[]): EdgePart | undefined {
  return parts.find(part => !isOther({ edge, ...part })) ?? parts.at(-1);
}

/** An edge as long as these hours of it show. */
function leftOf(edge: OpenEdge, times: readonly CountedTime[], slots: readonly number[]): OpenEdge {
  const own = times.filter(({ slot }) => slots.includes(slot));
  return {
    ...edge,
    firstSeen: Math.max(edge.firstSeen, Math.min(...own.map(({ start }) => start))),
    lastSeen: Math.min(edge.lastSeen, Math.max(...own.map(({ end }) => end)) - 1),
  };
}

/** Takes the hours of edges apart where their ends were several in turn. @returns the parts, each as an edge of its own */
export async function splitMixed(
  { splitEdges }: CandidateStores,
  clusterId: number,
  mixed: readonly EndsInTime[],
): Promise<readonly Found[]> {
  if (mixed.length === 0) return [];
  const times = Map.groupBy(
    await splitEdges.times(
      clusterId,
      mixed.map(({ edge }) => edge.id),
    ),
    ({ flowId: id }) => id,
  );
  const taken: FlowPart[] = [];
  const found = mixed.flatMap(ends => {
    const { edge } = ends;
    const own = times.get(edge.id) ?? [];
    const parts = partsOf(ends, own);
    const staying = stayingIn(edge, parts);
    const left = leftOf(edge, own, staying?.slots ?? []);
    return parts.map((part): Found => {
      const { slots, source, destination } = part;
      if (part === staying) return { edge: left, source, destination, takenFrom: null };
      const id = randomUUID();
      taken.push({ from: edge.id, id, slots });
      return { edge: { ...edge, id }, source, destination, takenFrom: left };
    });
  });
  if (taken.length > 0) await splitEdges.split(clusterId, taken);
  return found;
}
