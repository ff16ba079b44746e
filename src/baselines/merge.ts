import { flowId, sumOfCounts } from '../flows/edge.js';
import type { EdgeMove } from '../flows/ingest/flow-merge.store.js';
import type { Merger } from '../inventory/merger.js';
import { entryId } from './baseline.js';
import type { BaselineStore, EntryOf } from './baseline.store.js';
import type { BaselineMergeStore } from './baseline-merge.store.js';
import { decisionOf, strongest } from './decisions.js';

type Stores = {
  readonly baselines: Pick<
    BaselineStore,
    'lockCluster' | 'keepRevision' | 'markFlows' | 'markFlowIds'
  >;
  readonly baselineMerges: BaselineMergeStore;
};

const earlier = (one: string, other: string): string => (one < other ? one : other);
const later = (one: string, other: string): string => (one < other ? other : one);

const added = (one: EntryOf, other: EntryOf): EntryOf => ({
  ...one,
  firstSeenAt: earlier(one.firstSeenAt, other.firstSeenAt),
  lastSeenAt: later(one.lastSeenAt, other.lastSeenAt),
  events: sumOfCounts([one.events, other.events]),
  days: Math.max(one.days, other.days),
  hours: one.hours === null || other.hours === null ? null : Math.max(one.hours, other.hours),
  ...decisionOf(strongest(one, other)),
});

type Place = Pick<EntryOf, 'deploymentId' | 'peerId' | 'port'>;

/** The entries at the places that they turned out to be of; those that became the same are added up. */
function settledEntries(
  entries: readonly EntryOf[],
  settled: (entry: EntryOf) => Place,
): readonly EntryOf[] {
  const found = new Map<string, EntryOf>();
  for (const entry of entries) {
    const place = { ...entry, ...settled(entry) };
    const moved = { ...place, id: entryId(place) };
    const key = `${moved.deploymentId} ${moved.id}`;
    const known = found.get(key);
    found.set(key, known === undefined ? moved : added(known, moved));
  }
  return [...found.values()];
}

/**
 * Peers have turned out to be others: baselines name them so from now on, and the marks of their flows are made anew.
 * Comes after `mergeFlows`, in the same transaction. `now` is ISO text.
 */
export async function mergeBaselines(
  { baselines, baselineMerges }: Stores,
  clusterId: number,
  mergers: readonly Merger[],
  now: string,
): Promise<void> {
  if (mergers.length === 0) return;
  await baselines.lockCluster(clusterId);
  const target = new Map(mergers.map(({ from, to }) => [from, to]));
  const targets = [...new Set(target.values())];
  const entries = await baselineMerges.entriesOf(clusterId, [...target.keys()]);
  const settled = (id: string): string => target.get(id) ?? id;
  const moved = settledEntries(entries, ({ deploymentId, peerId, port }) => ({
    deploymentId: settled(deploymentId),
    peerId: settled(peerId),
    port,
  }));
  if (moved.length > 0)
    await baselineMerges.adopt(clusterId, [...target.keys()], [...target.values()]);
  const owners = await replace({ baselines, baselineMerges }, clusterId, { entries, moved }, now);
  await baselines.markFlows(clusterId, [...new Set([...targets, ...owners])]);
}

type Replaced = { readonly entries: readonly EntryOf[]; readonly moved: readonly EntryOf[] };

/** @returns the deployments whose baselines are others now */
async function replace(
  { baselines, baselineMerges }: Stores,
  clusterId: number,
  { entries, moved }: Replaced,
  now: string,
): Promise<readonly string[]> {
  const owners = [...new Set(moved.map(({ deploymentId }) => deploymentId))];
  if (owners.length === 0) return [];
  await baselineMerges.replace(clusterId, entries, moved);
  await baselineMerges.bump(clusterId, owners);
  await baselines.keepRevision(clusterId, owners, { now, source: 'merge', who: null, why: null });
  return owners;
}

/** The flow that an entry is of. */
const flowOf = ({ direction, deploymentId, peerId, port, protocol }: EntryOf): string =>
  direction === 'INGRESS'
    ? flowId(peerId, deploymentId, port, protocol)
    : flowId(deploymentId, peerId, port, protocol);

/**
 * Flows have become those of other ends or ports: what baselines hold of them they hold of what they became. After the
 * flows have moved, in the same transaction. `now` is ISO text.
 */
export async function moveBaselines(
  { baselines, baselineMerges }: Stores,
  clusterId: number,
  moves: readonly EdgeMove[],
  now: string,
): Promise<void> {
  if (moves.length === 0) return;
  await baselines.lockCluster(clusterId);
  const moveOf = new Map(moves.map(move => [move.from, move]));
  const ends = moves.flatMap(({ sourceId, destinationId }) => [sourceId, destinationId]);
  const all = await baselineMerges.entriesOf(clusterId, [...new Set(ends)]);
  const entries = all.filter(entry => moveOf.has(flowOf(entry)));
  const moved = settledEntries(entries, entry => {
    const move = moveOf.get(flowOf(entry));
    if (move === undefined) throw new Error('an entry of a flow that has not moved');
    const { sourceId, destinationId, port } = move;
    return entry.direction === 'INGRESS'
      ? { deploymentId: destinationId, peerId: sourceId, port }
      : { deploymentId: sourceId, peerId: destinationId, port };
  });
  await replace({ baselines, baselineMerges }, clusterId, { entries, moved }, now);
  await baselines.markFlowIds(clusterId, [...new Set(moves.map(({ to }) => to))]);
}
