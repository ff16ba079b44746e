import {
  type Baseline,
  BaselineDirection,
  type BaselineEntry,
  type Decision,
  EntryStatus,
  entryId,
} from './baseline.js';
import type { BaselineStore } from './baseline.store.js';
import type { BaselineEntryStore } from './baseline-entry.store.js';
import type { OwnedEntry } from './entry-rows.js';

export type WriteStores = {
  readonly baselines: BaselineStore;
  readonly baselineEntries: BaselineEntryStore;
};

/** What somebody can say of entries. */
export type Verdict = 'CONFIRMED' | 'FORBIDDEN' | 'REMOVED';

export type Decided = Decision & {
  readonly status: Verdict;
  readonly statusAt: string;
  readonly statusBy: string;
};

const opposite = (direction: BaselineDirection): BaselineDirection =>
  direction === BaselineDirection.EGRESS ? BaselineDirection.INGRESS : BaselineDirection.EGRESS;

/** The entry of the same flow in the baseline of the other end. */
function mirrorOf(entry: OwnedEntry): OwnedEntry {
  const place = {
    ...entry,
    direction: opposite(entry.direction),
    peerId: entry.deploymentId,
  };
  return { ...place, deploymentId: entry.peerId, id: entryId(place) };
}

const keyOf = ({ deploymentId, id }: Pick<OwnedEntry, 'deploymentId' | 'id'>): string =>
  `${deploymentId} ${id}`;

/** The entries at the other ends that have a baseline; what is removed is not made there. */
async function mirrored(
  { baselines }: Pick<WriteStores, 'baselines'>,
  clusterId: number,
  entries: readonly OwnedEntry[],
  status: Verdict,
): Promise<readonly OwnedEntry[]> {
  const ends = [...new Set(entries.map(({ peerId }) => peerId))].map(id => ({ clusterId, id }));
  const owners = new Set(
    (await baselines.ofDeployments(ends)).map(({ deploymentId }) => deploymentId),
  );
  const held = new Map((await baselines.entriesOf(ends)).map(entry => [keyOf(entry), entry]));
  return entries
    .filter(({ peerId }) => owners.has(peerId))
    .map(mirrorOf)
    .flatMap(entry => {
      const known = held.get(keyOf(entry));
      if (known !== undefined) return [known];
      return status === EntryStatus.REMOVED ? [] : [entry];
    });
}

const isOther = (entry: BaselineEntry, { status, reason }: Decision): boolean =>
  entry.status !== status || (reason !== null && entry.reason !== reason);

type Written = {
  /** Those that hold an entry that it is about. */
  readonly baselines: readonly Baseline[];
  /** Entries that are other now. */
  readonly changed: number;
  /** How many entries it is about, at both ends. */
  readonly all: number;
};

/** Writes what was said of entries, and of the same flows at their other ends, with the next versions and the marks. */
export async function writeDecision(
  stores: WriteStores,
  clusterId: number,
  entries: readonly OwnedEntry[],
  { decision, source }: { readonly decision: Decided; readonly source: string },
): Promise<Written> {
  const { baselines, baselineEntries } = stores;
  const both = [...entries, ...(await mirrored(stores, clusterId, entries, decision.status))];
  const all = [...new Map(both.map(entry => [keyOf(entry), entry])).values()];
  const changed = all.filter(entry => isOther(entry, decision));
  const touched = [...new Set(changed.map(({ deploymentId }) => deploymentId))];
  if (changed.length > 0) {
    await baselineEntries.put(
      clusterId,
      changed.map(entry => ({ ...entry, ...decision })),
    );
    await baselineEntries.bump(clusterId, touched);
    const { statusAt: now, statusBy: who, reason: why } = decision;
    await baselines.keepRevision(clusterId, touched, { now, source, who, why });
    await baselines.markFlows(clusterId, touched);
  }
  const about = [...new Set(all.map(({ deploymentId }) => deploymentId))];
  return {
    baselines: await baselines.ofDeployments(about.map(id => ({ clusterId, id }))),
    changed: changed.length,
    all: all.length,
  };
}
