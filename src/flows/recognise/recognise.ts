import type { Merger } from '../../inventory/merger.js';
import { type Peer, PeerKind } from '../../inventory/peer.js';
import type { PeerStore } from '../../inventory/peer.store.js';
import { settleStored } from '../directions/settle-stored.js';
import { flowId } from '../edge.js';
import type { EdgeMove } from '../ingest/flow-merge.store.js';
import { keptIngest } from '../ingest/kept.js';
import { type BookStores, bookOf, loadDeclared, loadKept } from '../ingest/load-kept.js';
import { type MergeStores, moveFlows } from '../ingest/merge.js';
import type { Resolved } from '../ingest/resolved.js';
import { classOf, type Place, placeOf } from '../ingest/settled-class.js';
import type { OpenEdge, OpenEdgeStore } from './open-edge.store.js';
import { type OpenPeer, observedAs } from './open-end.js';
import { resolvedAll, unchanged } from './resolved-all.js';

export type RecogniseStores = MergeStores &
  Omit<BookStores, 'peers'> & {
    readonly openEdges: OpenEdgeStore;
    readonly peers: BookStores['peers'] & Pick<PeerStore, 'ensure' | 'byIds' | 'mergePairs'>;
  };

/** An edge, and whom it is between by what is known now. */
type Found = {
  readonly edge: OpenEdge;
  readonly source: Resolved;
  readonly destination: Resolved;
};

type Candidates = {
  readonly peers: ReadonlyMap<string, OpenPeer>;
  readonly found: readonly Found[];
};

const NONE: Candidates = { peers: new Map(), found: [] };

/** Edges that are between others than they were thought to be. */
async function candidates(stores: RecogniseStores, clusterId: number): Promise<Candidates> {
  const kept = keptIngest().of(clusterId, '');
  await loadDeclared(stores, kept, new Set());
  const doors = [...(kept.services?.doors ?? [])].map(door => Number(door.split(' ')[1]));
  const rows = await stores.openEdges.peers(clusterId, {
    api: [...(kept.services?.apiAddresses ?? [])],
    doors,
    isBlank: kept.ranges?.isBlank ?? true,
  });
  const open = new Map(
    rows.flatMap(peer => {
      const observed = observedAs(peer);
      return observed === null ? [] : [[peer.id, { peer, observed }] as const];
    }),
  );
  if (open.size === 0) return NONE;
  const isNode = ({ peer }: { readonly peer: OpenPeer }): boolean =>
    peer.kind === PeerKind.NODE && !peer.inferred;
  const [nodes, others] = [true, false].map(wanted =>
    [...open].filter(([, end]) => isNode(end) === wanted).map(([id]) => id),
  ) as [string[], string[]];
  const edges = await stores.openEdges.edges(clusterId, { peers: others, nodes, doors });
  await loadKept(
    stores,
    kept,
    [...open.values()].map(({ observed }) => observed),
  );
  const book = bookOf(kept);
  const endOf = (id: string, edge: OpenEdge, isAsked: boolean): Resolved => {
    const end = open.get(id);
    return end === undefined ? unchanged(id) : resolvedAll(kept, book, { ...end, edge, isAsked });
  };
  const found = edges.map(edge => ({
    edge,
    source: endOf(edge.sourceId, edge, false),
    destination: endOf(edge.destinationId, edge, true),
  }));
  return { peers: new Map([...open].map(([id, { peer }]) => [id, peer])), found };
}

const isOther = ({ edge, source, destination }: Found): boolean =>
  source.id !== edge.sourceId || destination.id !== edge.destinationId;

/** A peer under its own id. */
type Own = { readonly id: string; readonly place: Place; readonly namespace: string | null };

/** Stores the ends that are new, and follows aliases. @returns by the id that was found */
async function settledPeers(
  { peers }: RecogniseStores,
  clusterId: number,
  found: readonly Found[],
): Promise<(id: string) => Own> {
  const ends = found.flatMap(({ source, destination }) => [source, destination]);
  const fresh = new Map<string, Peer>();
  for (const { peer } of ends) if (peer !== null) fresh.set(peer.id, peer);
  if (fresh.size > 0) await peers.ensure(clusterId, [...fresh.values()]);
  const ids = [...new Set(ends.map(({ id }) => id))];
  const rows = await peers.byIds(
    ids.map(id => ({ clusterId, id })),
    ['id', 'kind', 'namespace', 'entity', 'address'],
  );
  const own = new Map(
    rows.map(row => [
      row.askedId,
      { id: row.id, place: placeOf(row), namespace: row.namespace ?? null },
    ]),
  );
  return id => own.get(id) ?? { id, place: null, namespace: null };
}

function moveOf({ edge, source, destination }: Found, ownOf: (id: string) => Own): EdgeMove {
  const [from, to] = [ownOf(source.id), ownOf(destination.id)];
  const [sourceId, destinationId] = [from.id, to.id];
  const { port, servicePort } = destination.reached ?? edge;
  const ends = { source: { ...source, ...from }, destination: { ...destination, ...to } };
  return {
    from: edge.id,
    to: flowId(sourceId, destinationId, port, edge.protocol),
    sourceId,
    destinationId,
    port,
    servicePort,
    trafficClass: classOf({ ...edge, port, servicePort }, ends),
  };
}

/** What becomes an edge that moves itself waits until that one has moved. */
async function moveInTurn(
  stores: RecogniseStores,
  clusterId: number,
  moves: readonly EdgeMove[],
): Promise<void> {
  const from = new Set(moves.map(move => move.from));
  const ready = moves.filter(({ to }) => !from.has(to));
  await moveFlows(stores, clusterId, ready);
  const waiting = moves.filter(({ to }) => from.has(to));
  if (ready.length > 0 && waiting.length > 0) await moveInTurn(stores, clusterId, waiting);
}

/** Reasons that no later record of the same end will have. */
const PASSED: ReadonlySet<string | null> = new Set([
  'INVENTORY_MISSING',
  'SERVICE_NOT_KNOWN',
  'LABELS_OF_NO_DEPLOYMENT',
]);

/** Unresolved peers all of whose flows turned out to be of one deployment or node: their ids lead there. */
function mergersOf(
  { peers, found }: Candidates,
  settled: (id: string) => string,
): readonly Merger[] {
  const turned = new Map<string, Set<string>>();
  const note = (from: string, end: Resolved): void => {
    const isKnown = end.id !== from && end.peer?.kind !== PeerKind.UNRESOLVED;
    turned.set(from, (turned.get(from) ?? new Set()).add(isKnown ? settled(end.id) : from));
  };
  for (const { edge, source, destination } of found) {
    if (peers.has(edge.sourceId)) note(edge.sourceId, source);
    if (peers.has(edge.destinationId)) note(edge.destinationId, destination);
  }
  return [...turned].flatMap(([from, targets]) => {
    const [to, second] = targets;
    const isOne = to !== undefined && second === undefined && to !== from;
    const { kind, reason } = peers.get(from) ?? { kind: null, reason: null };
    return isOne && kind === PeerKind.UNRESOLVED && PASSED.has(reason) ? [{ from, to }] : [];
  });
}

/**
 * Flows whose ends nobody knew become those of whom the inventory shows now: a Service by name or address, its pods, a
 * name of the cluster's DNS, labels, a node's port; each as if the inventory had come before its records. In the
 * transaction that has changed the inventory, or taught a deployment.
 * @returns the edges that became others; verdicts and marks of what they became are made anew by the rooms above
 */
export async function recogniseFlows(
  stores: RecogniseStores,
  clusterId: number,
): Promise<readonly EdgeMove[]> {
  const seen = await candidates(stores, clusterId);
  const others = seen.found.filter(isOther);
  if (others.length === 0) return [];
  const ownOf = await settledPeers(stores, clusterId, others);
  const settled = (id: string): string => ownOf(id).id;
  const moves = others.map(found => moveOf(found, ownOf)).filter(({ from, to }) => from !== to);
  const ends = [
    ...new Set(
      others.flatMap(({ edge, source, destination }) => [
        edge.sourceId,
        edge.destinationId,
        settled(source.id),
        settled(destination.id),
      ]),
    ),
  ];
  await stores.openFlows.takeBackOf(clusterId, ends);
  await moveInTurn(stores, clusterId, moves);
  await stores.peers.mergePairs(clusterId, mergersOf(seen, settled));
  await settleStored(stores.openFlows, clusterId, ends);
  return moves;
}
