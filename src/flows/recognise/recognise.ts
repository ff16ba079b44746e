import type { Merger } from '../../inventory/merger.js';
import { type Peer, PeerKind } from '../../inventory/peer.js';
import type { PeerStore } from '../../inventory/peer.store.js';
import { settleStored } from '../directions/settle-stored.js';
import { flowId } from '../edge.js';
import type { EdgeMove } from '../ingest/flow-merge.store.js';
import { keptIngest } from '../ingest/kept.js';
import { loadDeclared } from '../ingest/load-kept.js';
import { type MergeStores, moveFlows } from '../ingest/merge.js';
import type { Resolved } from '../ingest/resolved.js';
import { classOf, type Place, placeOf } from '../ingest/settled-class.js';
import {
  type CandidateStores,
  type Candidates,
  candidates,
  type Found,
  isOther,
  openPeers,
  splitMixed,
} from './candidates.js';
import { type KnownMove, type NewsOfFlows, newOnes, newsOf } from './news.js';

export type RecogniseStores = MergeStores &
  Omit<CandidateStores, 'peers'> & {
    readonly peers: CandidateStores['peers'] & Pick<PeerStore, 'ensure' | 'byIds' | 'mergePairs'>;
  };

/** A peer under its own id. */
type Own = {
  readonly id: string;
  readonly kind: PeerKind | null;
  readonly place: Place;
  readonly namespace: string | null;
};

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
    ['id', 'kind', 'name', 'namespace', 'entity', 'address'],
  );
  const own = new Map(
    rows.map(row => [
      row.askedId,
      { id: row.id, kind: row.kind, place: placeOf(row), namespace: row.namespace ?? null },
    ]),
  );
  return id => own.get(id) ?? { id, kind: null, place: null, namespace: null };
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
  { peers, found }: Pick<Candidates, 'peers' | 'found'>,
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

export type Recognised = {
  readonly moves: readonly EdgeMove[];
  /** Null: nothing is. */
  readonly news: NewsOfFlows | null;
};

const NOTHING: Recognised = { moves: [], news: null };

async function newsBefore(
  { splitEdges }: RecogniseStores,
  clusterId: number,
  moves: readonly KnownMove[],
): Promise<NewsOfFlows | null> {
  if (moves.length === 0) return null;
  const flows = moves.map(({ edge }) => edge.id);
  return newsOf(clusterId, moves, await splitEdges.times(clusterId, flows));
}

/** What becomes of each edge; those that come out under their own id are left out. */
function knownMoves(
  { peers }: Pick<Candidates, 'peers'>,
  others: readonly Found[],
  ownOf: (id: string) => Own,
): readonly KnownMove[] {
  const kindsOf = (...ids: readonly string[]) =>
    ids.map(id => peers.get(id)?.kind ?? ownOf(id).kind);
  return others
    .map(found => {
      const { edge, source, destination, takenFrom } = found;
      const before = kindsOf(edge.sourceId, edge.destinationId);
      const after = kindsOf(source.id, destination.id);
      return { edge, move: moveOf(found, ownOf), takenFrom, kinds: { before, after } };
    })
    .filter(({ move }) => move.from !== move.to);
}

/**
 * Flows whose ends nobody knew become those of whom the inventory shows now: a Service by name or address, its pods, a
 * name of the cluster's DNS, labels, a node's port; each as if the inventory had come before its records. In the
 * transaction that has changed the inventory, or taught a deployment.
 * @returns the edges that became others; verdicts and marks of what they became are made anew by the rooms above, and it is said
 * what is news of them
 */
export async function recogniseFlows(
  stores: RecogniseStores,
  clusterId: number,
): Promise<Recognised> {
  const kept = keptIngest().of(clusterId, '');
  await loadDeclared(stores, kept, new Set());
  const doors = [...(kept.services?.doors ?? [])].map(door => Number(door.split(' ')[1]));
  const open = await openPeers(stores, kept, doors);
  if (open.size === 0) return NOTHING;
  // What was put aside as a reply is somebody's, too.
  const { aside } = await stores.openFlows.standing(clusterId);
  const opened = new Set(aside ? open.keys() : []);
  await stores.openFlows.takeBackOf(clusterId, [...opened]);
  const seen = await candidates(stores, kept, open, doors);
  const found = [...seen.found, ...(await splitMixed(stores, clusterId, seen.mixed))];
  const others = found.filter(isOther);
  const ownOf = await settledPeers(stores, clusterId, others);
  const settled = (id: string): string => ownOf(id).id;
  const known = knownMoves(seen, others, ownOf);
  const moves = known.map(({ move }) => move);
  const ends = others.flatMap(({ edge, source, destination }) => [
    edge.sourceId,
    edge.destinationId,
    settled(source.id),
    settled(destination.id),
  ]);
  const all = [...new Set([...opened, ...ends])];
  if (all.length === 0) return NOTHING;
  const later = all.filter(id => !opened.has(id));
  await stores.openFlows.takeBackOf(clusterId, later);
  const news = await newsBefore(stores, clusterId, newOnes(known));
  await moveInTurn(stores, clusterId, moves);
  await stores.peers.mergePairs(clusterId, mergersOf({ ...seen, found }, settled));
  await settleStored(stores.openFlows, clusterId, all);
  return { moves, news };
}
