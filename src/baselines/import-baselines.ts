import type { PeerStore } from '../inventory/peer.store.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import type { Problem } from '../netpol/index.js';
import { warningAt } from '../query/problem.js';
import { type Baseline, BaselineState, EntryStatus, entryId, openState } from './baseline.js';
import type { BaselineStore, EntryOf } from './baseline.store.js';
import type { BaselineEntryStore } from './baseline-entry.store.js';
import type { OwnedEntry } from './entry-rows.js';
import { staleIn } from './expected-version.js';
import { type Named, owners } from './import-owners.js';
import { keptWhole, unknownPeer } from './import-problems.js';
import { type ReadBaseline, type ReadEntry, readExport } from './read-export.js';

export type ImportStores = {
  readonly scopes: ScopeStore;
  readonly peers: Pick<PeerStore, 'byIds'>;
  readonly baselines: BaselineStore;
  readonly baselineEntries: BaselineEntryStore;
};

export type ImportBaselinesDeps = {
  readonly transaction: <T>(work: (stores: ImportStores) => Promise<T>) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
  readonly who: string;
};

export type ImportBaselinesInput = {
  readonly clusterId: number;
  readonly text: string;
  /** Tells what would be done, and does nothing. */
  readonly dryRun: boolean;
  readonly reason: string | null;
  /** Of the one baseline that the text names; 0: there is none yet. Null: whatever they are. */
  readonly expectedVersion: number | null;
};

export type ImportBaselinesOutcome = {
  /** Those that the text names, as they are now. */
  readonly baselines: readonly Baseline[];
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Baselines that were locked or unlocked. */
  readonly locked: number;
  readonly unlocked: number;
  readonly problems: readonly Problem[];
};

const NOTHING = { baselines: [], added: 0, changed: 0, removed: 0, locked: 0, unlocked: 0 };

/** Ids of the peers that entries name, by name; names of nobody, or of several, are left out. */
async function peersOf(
  { baselineEntries, peers }: ImportStores,
  clusterId: number,
  named: readonly Named[],
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(named.flatMap(({ read }) => read.entries.map(({ peer }) => peer)))];
  const all = await baselineEntries.peersNamed(clusterId, names);
  const seen = await peers.byIds(all.map(({ id }) => ({ clusterId, id })));
  const masked = new Set(seen.filter(({ kind }) => kind === 'MASKED').map(one => one.askedId));
  const byName = Map.groupBy(
    all.filter(({ id }) => !masked.has(id)),
    ({ name }) => name,
  );
  return new Map(
    [...byName].flatMap(([name, [first, ...others]]) =>
      first === undefined || others.length > 0 ? [] : [[name, first.id] as const],
    ),
  );
}

/** What a text makes of one baseline. */
type Plan = {
  readonly deploymentId: string;
  readonly before: Baseline | null;
  readonly locks: boolean;
  readonly written: readonly OwnedEntry[];
  readonly added: number;
  readonly removed: number;
  readonly problems: readonly Problem[];
};

type Given = {
  readonly peers: ReadonlyMap<string, string>;
  readonly baselines: ReadonlyMap<string, Baseline>;
  readonly entries: ReadonlyMap<string, readonly EntryOf[]>;
  readonly at: string;
  readonly who: string;
};

/** What is imported and was not observed here was said by somebody. */
const statusOf = (read: ReadEntry, known: EntryOf | undefined): EntryStatus =>
  read.status === EntryStatus.OBSERVED && known?.status !== EntryStatus.OBSERVED
    ? EntryStatus.CONFIRMED
    : read.status;

function entryOf(
  read: ReadEntry,
  place: { readonly deploymentId: string; readonly peerId: string },
  known: EntryOf | undefined,
  { at, who }: Given,
): OwnedEntry | null {
  const { direction, port, protocol, reason } = read;
  const status = statusOf(read, known);
  if (known !== undefined && known.status === status && known.reason === reason) return null;
  const decision = { status, statusAt: at, statusBy: who, reason };
  if (known !== undefined) return { ...known, ...decision };
  const seen = { firstSeenAt: at, lastSeenAt: at, events: '0', days: 0, hours: 0, pattern: null };
  const whole = { ...place, direction, port, protocol };
  return { ...whole, ...seen, ...decision, id: entryId(whole) };
}

type Matched = { readonly read: ReadEntry; readonly id: string; readonly peerId: string };

/** The entries with their peers; a WARNING for each whose peer nobody knows, or that stands twice. */
function matchedOf(
  { entries }: ReadBaseline,
  peers: ReadonlyMap<string, string>,
): { readonly matched: ReadonlyMap<string, Matched>; readonly problems: readonly Problem[] } {
  const matched = new Map<string, Matched>();
  const problems: Problem[] = [];
  for (const read of entries) {
    const peerId = peers.get(read.peer);
    const id = peerId === undefined ? '' : entryId({ ...read, peerId });
    if (peerId === undefined) problems.push(unknownPeer(read));
    else if (matched.has(id))
      problems.push(
        warningAt(
          'DUPLICATE',
          read.path,
          'it stands twice: the first counts',
          'take one of them out',
        ),
      );
    else matched.set(id, { read, id, peerId });
  }
  return { matched, problems };
}

function planOf({ read, peer }: Named, given: Given): Plan {
  const held = given.entries.get(peer.id) ?? [];
  const known = new Map(held.map(entry => [entry.id, entry]));
  const { matched, problems } = matchedOf(read, given.peers);
  const written = [...matched.values()].flatMap(one => {
    const place = { deploymentId: peer.id, peerId: one.peerId };
    return entryOf(one.read, place, known.get(one.id), given) ?? [];
  });
  const gone = held.filter(({ id, status }) => !matched.has(id) && status !== EntryStatus.REMOVED);
  const keeps = (read.isPartial || problems.length > 0) && gone.length > 0;
  const removed = keeps ? [] : gone.map(entry => removedOf(entry, given));
  return {
    deploymentId: peer.id,
    before: given.baselines.get(peer.id) ?? null,
    locks: read.locked,
    written: [...written, ...removed],
    added: written.filter(({ id }) => !known.has(id)).length,
    removed: removed.length,
    problems: keeps ? [...problems, keptWhole(read.path)] : problems,
  };
}

const removedOf = (entry: EntryOf, { at, who }: Given): OwnedEntry => ({
  ...entry,
  status: EntryStatus.REMOVED,
  statusAt: at,
  statusBy: who,
  reason: 'not in the import',
});

const isLocked = ({ before }: Plan): boolean => before?.state === BaselineState.LOCKED;
const isOther = (plan: Plan): boolean =>
  plan.before === null || plan.written.length > 0 || isLocked(plan) !== plan.locks;

/** The next version of a baseline. */
function nextOf(clusterId: number, plan: Plan, now: string): Baseline {
  const { before, deploymentId, locks } = plan;
  const nothing = { coveredHours: 0, quietHours: 0, events: '0', lastNewAt: null };
  const known = before ?? {
    ...{ ...nothing, clusterId, deploymentId, version: 0, learnedSince: null, learnedUntil: null },
    ...{ generatedAt: now, lockedAt: null, continuous: false, stableSince: null },
    ...{ reopenedAt: null, relock: false },
  };
  return {
    ...known,
    version: known.version + 1,
    state: locks ? BaselineState.LOCKED : openState(known),
    lockedAt: locks ? (known.lockedAt ?? now) : null,
  };
}

async function write(
  { baselines }: ImportStores,
  plans: readonly Plan[],
  { clusterId, reason }: ImportBaselinesInput,
  { at, who, entries }: Given,
): Promise<void> {
  const other = plans.filter(isOther);
  if (other.length === 0) return;
  const next = other.map(plan => nextOf(clusterId, plan, at));
  const all = other.flatMap(({ deploymentId, written }) => {
    const ids = new Set(written.map(({ id }) => id));
    const kept = (entries.get(deploymentId) ?? []).filter(({ id }) => !ids.has(id));
    return [...kept, ...written];
  });
  await baselines.put(next, all);
  const ids = other.map(({ deploymentId }) => deploymentId);
  const done = { now: at, source: 'importBaselines', who, why: reason };
  await baselines.keepRevision(clusterId, ids, done);
  await baselines.markFlows(clusterId, ids);
}

const count = <Value>(values: readonly Value[], is: (value: Value) => boolean): number =>
  values.filter(is).length;

/**
 * Makes baselines what a text says that `exportBaselines` wrote: of the deployments that it names, and of no others. What
 * of it cannot be used is left out with its place, and the rest is done.
 */
export const importBaselines = (
  { transaction, now, who }: ImportBaselinesDeps,
  input: ImportBaselinesInput,
): Promise<ImportBaselinesOutcome> =>
  transaction(async stores => {
    const { clusterId } = input;
    const read = readExport(input.text);
    if (read.baselines === null) return { ...NOTHING, problems: read.problems };
    await stores.baselines.lockCluster(clusterId);
    const { named, problems } = await owners(stores, clusterId, read.baselines);
    const keys = named.map(({ peer }) => ({ clusterId, id: peer.id }));
    const stale = await staleIn(stores.baselines, input, keys);
    if (stale !== null) return { ...NOTHING, problems: [stale] };
    const held = await stores.baselines.ofDeployments(keys);
    const given: Given = {
      peers: await peersOf(stores, clusterId, named),
      baselines: new Map(held.map(baseline => [baseline.deploymentId, baseline])),
      entries: Map.groupBy(await stores.baselines.entriesOf(keys), one => one.deploymentId),
      at: now(),
      who,
    };
    const plans = named.map(one => planOf(one, given));
    if (!input.dryRun) await write(stores, plans, input, given);
    const [added, removed] = [
      plans.reduce((sum, plan) => sum + plan.added, 0),
      plans.reduce((sum, plan) => sum + plan.removed, 0),
    ];
    const written = plans.reduce((sum, plan) => sum + plan.written.length, 0);
    return {
      baselines: await stores.baselines.ofDeployments(keys),
      ...{ added, removed, changed: written - added - removed },
      locked: count(plans, plan => plan.locks && !isLocked(plan)),
      unlocked: count(plans, plan => !plan.locks && isLocked(plan)),
      problems: [...read.problems, ...problems, ...plans.flatMap(plan => plan.problems)],
    };
  });
