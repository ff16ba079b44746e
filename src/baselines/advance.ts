import type { FlowWindowStore, WindowFlow } from '../flows/flow-window.store.js';
import type { ScopedDeployment } from '../inventory/scope.store.js';
import { type Baseline, type BaselineEntry, BaselineState, learn, openState } from './baseline.js';
import type { BaselineStore, EntryOf } from './baseline.store.js';
import type { BaselineProgressStore } from './baseline-progress.store.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import {
  BaselineLearning,
  type BaselineSettings,
  RelearnOn,
  settingsOf,
} from './baseline-settings.js';
import type { ScopeStores } from './chosen.js';
import type { CoverageStore } from './coverage.store.js';
import { withDecisions } from './decisions.js';
import { type Hour, type Maturity, maturityOf, type OwnHour } from './maturity.js';
import { hourOf, maturityColumns, spansOf } from './own-hours.js';
import { isOpenNow, isWithin, type Reopened, reopenedBy } from './reopened.js';

export type AdvanceStores = Pick<ScopeStores, 'scopes'> & {
  readonly flowWindows: Pick<FlowWindowStore, 'inWindow'>;
  readonly baselines: BaselineStore;
  readonly baselineSettings: Pick<BaselineSettingStore, 'ofCluster'>;
  readonly baselineProgress: BaselineProgressStore;
  readonly coverage: CoverageStore;
};

export type AdvanceDeps = {
  readonly transaction: <T>(work: (stores: AdvanceStores) => Promise<T>) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
  readonly who: string;
};

type Learner = ScopedDeployment & {
  readonly settings: BaselineSettings;
  /** Null: nothing was learned of it yet. */
  readonly before: Baseline | null;
  readonly entries: readonly EntryOf[];
};

type Advanced = { readonly baseline: Baseline; readonly entries: readonly BaselineEntry[] };

/** Those that learn by themselves; locked ones where a change opens them again. */
async function learners(stores: AdvanceStores, clusterId: number): Promise<readonly Learner[]> {
  const rows = await stores.baselineSettings.ofCluster(clusterId);
  if (rows.every(({ learning }) => learning !== BaselineLearning.CONTINUOUS)) return [];
  const all = await stores.scopes.deployments(clusterId);
  const some = all
    .map(one => ({ ...one, settings: settingsOf(rows, one) }))
    .filter(({ settings }) => settings.learning === BaselineLearning.CONTINUOUS);
  const keys = some.map(({ id }) => ({ clusterId, id }));
  const held = await stores.baselines.ofDeployments(keys);
  const before = new Map(held.map(baseline => [baseline.deploymentId, baseline]));
  const entries = Map.groupBy(
    await stores.baselines.entriesOf(keys),
    ({ deploymentId }) => deploymentId,
  );
  return some.map(one => ({
    ...one,
    before: before.get(one.id) ?? null,
    entries: entries.get(one.id) ?? [],
  }));
}

const isLocked = ({ before }: Learner): boolean => before?.state === BaselineState.LOCKED;

/** What was seen of a cluster, and of those of its deployments that learn. */
type Seen = {
  readonly clusterId: number;
  readonly now: string;
  readonly covered: readonly Hour[];
  readonly own: ReadonlyMap<string, readonly OwnHour[]>;
  readonly flows: readonly WindowFlow[];
  /** Hours in which each deployment had a new release, or a policy that may be about it changed. */
  readonly releases: HoursOf;
  readonly policyChanges: HoursOf;
};

type HoursOf = ReadonlyMap<string, readonly Hour[]>;

const hoursOf = (
  changes: readonly { readonly deploymentId: string; readonly hour: Hour }[],
): HoursOf =>
  new Map(
    [...Map.groupBy(changes, ({ deploymentId }) => deploymentId)].map(([id, some]) => [
      id,
      some.map(({ hour }) => hour),
    ]),
  );

const { NEW_RELEASE, POLICY_CHANGE, ANY_CHANGE } = RelearnOn;

const opensOn =
  (...kinds: readonly RelearnOn[]) =>
  ({ settings }: Learner): boolean =>
    kinds.includes(settings.relearnOn);

const opensOnRelease = opensOn(NEW_RELEASE, ANY_CHANGE);
const opensOnPolicy = opensOn(POLICY_CHANGE, ANY_CHANGE);

async function seenOf(
  stores: AdvanceStores,
  clusterId: number,
  learning: readonly Learner[],
  now: string,
): Promise<Seen> {
  const ids = learning.map(({ id }) => id);
  const scope = { clusterId, namespaces: null, deployments: ids };
  const own = await stores.coverage.own(clusterId, ids, null);
  const some = (wanted: (learner: Learner) => boolean): readonly string[] =>
    learning.filter(wanted).map(({ id }) => id);
  return {
    clusterId,
    now,
    covered: await stores.coverage.covered(clusterId, { since: null, until: null }),
    own: Map.groupBy(own, ({ deploymentId }) => deploymentId),
    flows: await stores.flowWindows.inWindow(scope, { since: null, until: null }),
    releases: hoursOf(await stores.coverage.releases(clusterId, some(opensOnRelease))),
    policyChanges: hoursOf(await stores.coverage.policyChanges(clusterId, some(opensOnPolicy))),
  };
}

function windowsOf(
  { id, settings, before }: Learner,
  { releases, policyChanges, covered }: Seen,
): readonly Reopened[] {
  const asked = before?.reopenedAt ?? null;
  return reopenedBy(
    [
      ...(releases.get(id) ?? []),
      ...(policyChanges.get(id) ?? []),
      ...(asked === null ? [] : [hourOf(asked)]),
    ],
    covered,
    settings.relearnHours,
  );
}

/** What was learned stays where hours were forgotten since. */
const isForgotten = ({ before }: Learner, { coveredHours }: Maturity): boolean =>
  before?.continuous === true && before.coveredHours > coveredHours;

function entriesNow(
  learner: Learner,
  learned: readonly BaselineEntry[],
  at: Maturity,
  windows: readonly Reopened[],
): readonly BaselineEntry[] {
  const isLearned = ({ firstSeenAt }: BaselineEntry): boolean => {
    const hour = hourOf(firstSeenAt);
    if (isWithin(hour, windows)) return true;
    return !isLocked(learner) && (at.stableSince === null || hour < at.stableSince);
  };
  const found = withDecisions(learned.filter(isLearned), learner.entries);
  if (!isLocked(learner) && learner.before?.relock !== true && !isForgotten(learner, at))
    return found;
  const ids = new Set(found.map(({ id }) => id));
  return [...found, ...learner.entries.filter(({ id }) => !ids.has(id))];
}

const { LEARNING, LOCKED } = BaselineState;

function stateNow(
  learner: Learner,
  columns: Pick<Baseline, 'stableSince'>,
  windows: readonly Reopened[],
): Pick<Baseline, 'state' | 'relock'> {
  const wasLocked = isLocked(learner) || learner.before?.relock === true;
  if (isOpenNow(windows)) return { state: LEARNING, relock: wasLocked };
  const locks = learner.settings.lockWhenStable && columns.stableSince !== null;
  return { state: wasLocked || locks ? LOCKED : openState(columns), relock: false };
}

/** Whether anything of a baseline is other that its history tells: not the evidence alone. */
function isNewVersion(learner: Learner, state: BaselineState, entries: readonly BaselineEntry[]) {
  const text = (some: readonly BaselineEntry[]): string =>
    some
      .map(({ id, status }) => `${id} ${status}`)
      .toSorted()
      .join();
  return learner.before?.state !== state || text(learner.entries) !== text(entries);
}

function advancedOf(
  learner: Learner,
  learned: readonly BaselineEntry[],
  { clusterId, now, ...seen }: Seen,
): Advanced {
  const { before, settings } = learner;
  const watched = { covered: seen.covered, own: seen.own.get(learner.id) ?? [] };
  const at = maturityOf(watched, settings, 'OPEN');
  const windows = windowsOf(learner, { clusterId, now, ...seen });
  const columns =
    before !== null && isForgotten(learner, at) && before.stableSince !== null
      ? before
      : maturityColumns(at);
  const entries = entriesNow(learner, learned, at, windows);
  const { state, relock } = stateNow(learner, columns, windows);
  const isNew = isNewVersion(learner, state, entries);
  const { coveredHours, quietHours, events, lastNewAt, stableSince } = columns;
  return {
    entries,
    baseline: {
      ...{ coveredHours, quietHours, events, lastNewAt, stableSince, state, relock, clusterId },
      deploymentId: learner.id,
      version: (before?.version ?? 0) + (isNew ? 1 : 0),
      learnedSince: null,
      learnedUntil: stableSince,
      generatedAt: isNew || before === null || state === LEARNING ? now : before.generatedAt,
      lockedAt: state === LOCKED ? (before?.lockedAt ?? now) : null,
      continuous: true,
      reopenedAt: before?.reopenedAt ?? null,
    },
  };
}

/** Those that are other than they are stored, evidence included; nothing of a deployment that nothing was learned of. */
function allAdvanced(learning: readonly Learner[], seen: Seen): readonly Advanced[] {
  const ids = new Set(learning.map(({ id }) => id));
  const spans = spansOf(seen.own, coveredOf(seen));
  const learned = learn(seen.flows, ids, spans);
  return learning.flatMap(learner => {
    const one = advancedOf(learner, learned.get(learner.id) ?? [], seen);
    const isNothing = learner.before === null && one.entries.length === 0;
    const rests = isLocked(learner) && one.baseline.state === LOCKED;
    return isNothing || rests ? [] : [one];
  });
}

const coveredOf = ({ own, covered }: Seen) =>
  new Map(
    [...own].map(([id, [first]]) => [
      id,
      { coveredHours: covered.filter(hour => hour >= (first?.hour ?? 0)).length },
    ]),
  );

async function write(
  { baselines }: AdvanceStores,
  clusterId: number,
  advanced: readonly Advanced[],
  { changed, now, who }: { changed: readonly string[]; now: string; who: string },
): Promise<void> {
  await baselines.put(
    advanced.map(({ baseline }) => baseline),
    advanced.flatMap(({ baseline: { deploymentId }, entries }) =>
      entries.map(entry => ({ ...entry, deploymentId })),
    ),
  );
  if (changed.length === 0) return;
  await baselines.keepRevision(clusterId, changed, { now, source: 'advance', who, why: null });
  await baselines.markFlows(clusterId, changed);
}

export type AdvanceOutcome = {
  /** Those whose entries or state are other now. */
  readonly baselines: readonly Baseline[];
  /** How many baselines learn by themselves. */
  readonly learning: number;
};

/**
 * Makes the baselines of a cluster that learn by themselves what all that was seen makes of them. It is a function of that
 * alone: how often it is done, and in which order records came, makes no difference.
 */
export const advanceBaselines = (
  { transaction, now, who }: AdvanceDeps,
  { clusterId }: { readonly clusterId: number },
): Promise<AdvanceOutcome> =>
  transaction(async stores => {
    await stores.baselines.lockCluster(clusterId);
    const learning = await learners(stores, clusterId);
    await stores.baselineProgress.advanced(clusterId, now());
    if (learning.length === 0) return { baselines: [], learning: 0 };
    const seen = await seenOf(stores, clusterId, learning, now());
    const advanced = allAdvanced(learning, seen);
    const versions = new Map(learning.map(({ id, before }) => [id, before?.version ?? 0]));
    const changed = advanced
      .map(({ baseline }) => baseline)
      .filter(({ deploymentId, version }) => version !== versions.get(deploymentId));
    const ids = changed.map(({ deploymentId }) => deploymentId);
    await write(stores, clusterId, advanced, { changed: ids, now: now(), who });
    return { baselines: changed, learning: learning.length };
  });
