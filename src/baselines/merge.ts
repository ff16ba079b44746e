import { sumOfCounts } from '../flows/edge.js';
import type { Merger } from '../inventory/merger.js';
import { entryId } from './baseline.js';
import type { BaselineStore, EntryOf } from './baseline.store.js';
import type { BaselineMergeStore } from './baseline-merge.store.js';

type Stores = {
  readonly baselines: Pick<BaselineStore, 'lockCluster' | 'keepRevision' | 'markFlows'>;
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
});

/** The entries with the peers that they turned out to be; those that became the same are added up. */
function settledEntries(
  entries: readonly EntryOf[],
  settled: (id: string) => string,
): readonly EntryOf[] {
  const found = new Map<string, EntryOf>();
  for (const entry of entries) {
    const place = { ...entry, peerId: settled(entry.peerId) };
    const moved = { ...place, deploymentId: settled(entry.deploymentId), id: entryId(place) };
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
  const moved = settledEntries(entries, id => target.get(id) ?? id);
  const owners = [...new Set(moved.map(({ deploymentId }) => deploymentId))];
  if (owners.length > 0) {
    await baselineMerges.adopt(clusterId, [...target.keys()], [...target.values()]);
    await baselineMerges.replace(clusterId, entries, moved);
    await baselineMerges.bump(clusterId, owners);
    await baselines.keepRevision(clusterId, owners, now, 'merge');
  }
  await baselines.markFlows(clusterId, [...new Set([...targets, ...owners])]);
}
