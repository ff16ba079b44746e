import type { Window } from '../flows/flow-condition.js';
import type { FlowWindowStore } from '../flows/flow-window.store.js';
import type { PeerStore } from '../inventory/peer.store.js';
import type { ScopedDeployment } from '../inventory/scope.store.js';
import type { Problem } from '../netpol/index.js';
import { type Baseline, type BaselineEntry, BaselineState, learn, openState } from './baseline.js';
import type { BaselineStore, EntryOf } from './baseline.store.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import {
  BaselineLearning,
  type BaselineSettings,
  type SettingsRow,
  settingsOf,
} from './baseline-settings.js';
import { type BaselineScope, chosenIn, type ScopeStores } from './chosen.js';
import type { CoverageStore } from './coverage.store.js';
import { withDecisions } from './decisions.js';
import { staleIn } from './expected-version.js';
import { locked, notLearned, short, silent } from './generate-problems.js';
import { type Maturity, maturityOf, NOTHING_SEEN, type OwnHour } from './maturity.js';
import { maturityColumns, ownHours, spansOf } from './own-hours.js';

/** All in one transaction. */
type GenerateBaselineStores = ScopeStores & {
  readonly flowWindows: Pick<FlowWindowStore, 'inWindow'>;
  readonly peers: Pick<PeerStore, 'byIds'>;
  readonly baselines: BaselineStore;
  readonly baselineSettings: Pick<BaselineSettingStore, 'ofCluster'>;
  readonly coverage: Pick<CoverageStore, 'covered'>;
};

export type GenerateBaselinesDeps = {
  readonly transaction: <T>(work: (stores: GenerateBaselineStores) => Promise<T>) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
  /** Who does it, for the history. */
  readonly who: string;
};

export type GenerateBaselinesInput = BaselineScope & Window;

export type BaselinesOutcome = {
  readonly baselines: readonly Baseline[];
  /** How many are other now. */
  readonly changed: number;
  readonly problems: readonly Problem[];
};

type Before = {
  readonly baselines: ReadonlyMap<string, Baseline>;
  readonly entries: ReadonlyMap<string, readonly EntryOf[]>;
  readonly settings: readonly SettingsRow[];
};

type Open = ScopedDeployment & { readonly settings: BaselineSettings };

/** How far each baseline is by the flows of the window, by deployment id. */
async function maturities(
  { coverage }: Pick<GenerateBaselineStores, 'coverage'>,
  input: GenerateBaselinesInput,
  open: readonly Open[],
  own: ReadonlyMap<string, readonly OwnHour[]>,
): Promise<ReadonlyMap<string, Maturity>> {
  const covered = await coverage.covered(input.clusterId, input);
  return new Map(
    open.map(({ id, settings }) => [
      id,
      maturityOf({ covered, own: own.get(id) ?? [] }, settings, 'CLOSED'),
    ]),
  );
}

/** The next version of a baseline. */
const nextOf = (
  { id, settings }: Open,
  { clusterId, since, until }: GenerateBaselinesInput,
  [before, maturity]: readonly [Baseline | undefined, Maturity],
  now: string,
): Baseline => {
  const at = maturityColumns(maturity);
  const locks = settings.lockWhenStable && at.stableSince !== null;
  return {
    clusterId,
    deploymentId: id,
    state: locks ? BaselineState.LOCKED : openState(at),
    version: (before?.version ?? 0) + 1,
    learnedSince: since,
    learnedUntil: until,
    generatedAt: now,
    lockedAt: locks ? now : null,
    continuous: settings.learning === BaselineLearning.CONTINUOUS,
    reopenedAt: null,
    relock: false,
    ...at,
  };
};

type Learned = {
  readonly deployments: readonly Open[];
  readonly entries: ReadonlyMap<string, readonly BaselineEntry[]>;
  readonly maturity: ReadonlyMap<string, Maturity>;
};

/** Writes the next version of each deployment's baseline, with its history and the marks of its flows. */
async function put(
  { baselines }: Pick<GenerateBaselineStores, 'baselines'>,
  input: GenerateBaselinesInput,
  { deployments, entries, maturity }: Learned,
  { before, now, who }: { readonly before: Before; readonly now: string; readonly who: string },
): Promise<readonly Baseline[]> {
  const { clusterId } = input;
  const next = deployments.map(one =>
    nextOf(one, input, [before.baselines.get(one.id), maturity.get(one.id) ?? NOTHING_SEEN], now),
  );
  const rows = deployments.flatMap(({ id }) =>
    withDecisions(entries.get(id) ?? [], before.entries.get(id) ?? []).map(entry => ({
      ...entry,
      deploymentId: id,
    })),
  );
  const ids = deployments.map(({ id }) => id);
  await baselines.put(next, rows);
  const done = { now, source: 'generateBaselines', who, why: null };
  await baselines.keepRevision(clusterId, ids, done);
  await baselines.markFlows(clusterId, ids);
  return next;
}

async function beforeOf(
  { baselines, baselineSettings }: GenerateBaselineStores,
  clusterId: number,
  chosen: readonly ScopedDeployment[],
): Promise<Before> {
  const keys = chosen.map(({ id }) => ({ clusterId, id }));
  const held = await baselines.ofDeployments(keys);
  return {
    baselines: new Map(held.map(baseline => [baseline.deploymentId, baseline])),
    entries: Map.groupBy(await baselines.entriesOf(keys), ({ deploymentId }) => deploymentId),
    settings: await baselineSettings.ofCluster(clusterId),
  };
}

async function generate(
  stores: GenerateBaselineStores,
  input: GenerateBaselinesInput,
  { now, who }: { readonly now: string; readonly who: string },
): Promise<BaselinesOutcome> {
  const { clusterId, since, until } = input;
  await stores.baselines.lockCluster(clusterId);
  const { chosen, problems } = await chosenIn(stores, input);
  const stale = await staleIn(stores.baselines, input, chosen);
  if (stale !== null) return { baselines: [], changed: 0, problems: [stale] };
  const before = await beforeOf(stores, clusterId, chosen);
  const isLocked = ({ id }: ScopedDeployment): boolean =>
    before.baselines.get(id)?.state === BaselineState.LOCKED;
  const open = chosen
    .filter(one => !isLocked(one))
    .map(one => ({ ...one, settings: settingsOf(before.settings, one) }));
  const ids = open.map(({ id }) => id);
  const scope = { clusterId, namespaces: null, deployments: ids };
  const flows = await stores.flowWindows.inWindow(scope, { since, until });
  const own = ownHours(flows, new Set(ids));
  const maturity = await maturities(stores, input, open, own);
  const entries = learn(flows, new Set(ids), spansOf(own, maturity));
  const isSilent = ({ id }: ScopedDeployment): boolean => entries.get(id)?.length === 0;
  const deployments = open.filter(one => !isSilent(one));
  const learned = { deployments, entries, maturity };
  const baselines = await put(stores, input, learned, { before, now, who });
  return {
    baselines,
    changed: baselines.length,
    problems: [
      ...problems,
      ...locked(chosen.filter(isLocked)),
      ...silent(open.filter(isSilent)),
      ...(await notLearned(stores, clusterId, flows)),
      ...short(flows, input),
    ],
  };
}

/**
 * Learns what is normal for deployments from the flows of a window: the next version of each baseline. LOCKED ones
 * and those without anything to learn from stay as they are, with a WARNING.
 */
export const generateBaselines = (
  { transaction, now, who }: GenerateBaselinesDeps,
  input: GenerateBaselinesInput,
): Promise<BaselinesOutcome> => transaction(stores => generate(stores, input, { now: now(), who }));
