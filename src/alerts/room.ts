import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import type { ChangedPolicy } from '../enforcement/live.js';
import type { EdgeMove } from '../flows/ingest/flow-merge.store.js';
import type { RecordedBatch } from '../flows/ingest/record.js';
import type { NewsOfFlows } from '../flows/recognise/news.js';
import { dateTimeOf } from '../query/date-time.js';
import { warningAt } from '../query/problem.js';
import { alertLoaders } from './alert.loader.js';
import { alertStore } from './alert.store.js';
import { AlertCommentTable, AlertMatchTable, AlertTable } from './alert.table.js';
import { alertActStore } from './alert-act.store.js';
import { alertCountStore } from './alert-count.store.js';
import { alertMoveStore } from './alert-move.store.js';
import { alertRaiseStore } from './alert-raise.store.js';
import type { AlertRuleDraft } from './alert-rule.js';
import { alertRuleStore } from './alert-rule.store.js';
import { AlertActionTable, AlertRuleTable } from './alert-rule.table.js';
import { type AlertSettleStore, alertSettleStore } from './alert-settle.store.js';
import { AlertAction } from './alert-state.js';
import { alertFinders, alertResolvers } from './alerts.graphql.js';
import {
  type ChangeAlertsDeps,
  type ChangeAlertsInput,
  type ChangeAlertsOutcome,
  type CommentInput,
  changeAlerts,
  commentOnAlert,
} from './change-alerts.js';
import {
  type ChangeRuleDeps,
  type ChangeRuleOutcome,
  createAlertRule,
  type DeleteRuleInput,
  deleteAlertRule,
  type UpdateRuleInput,
  updateAlertRule,
} from './change-rule.js';
import { clusterAlertStore } from './cluster-alert.store.js';
import { clusterPastStore } from './cluster-past.store.js';
import { type DecideDeps, type DecideInput, decideAlertAction } from './decide-action.js';
import { type ImportKnownBadInput, importKnownBad } from './import-known-bad.js';
import { type PolicyWatchDeps, watchPolicies } from './policy-watch.js';
import { policyWatchStore } from './policy-watch.store.js';
import { type RegroupDeps, regroup } from './regroup.js';
import { type RejudgeDeps, rejudge } from './rejudge.js';
import { type TestAlertRuleDeps, type TestAlertRuleInput, testRule } from './rule-use-cases.js';
import { silenceStore } from './silence.store.js';
import { SilenceTable } from './silence.table.js';
import { type VolumeDeps, watchVolumes } from './volume.js';
import { volumeStore } from './volume.store.js';
import { type WatchDeps, watch } from './watch.js';
import { type WatchSourcesDeps, watchSources } from './watch-sources.js';

type Reads = { readonly reads: { readonly alertSettles: AlertSettleStore } };

type Deps = Pick<TestAlertRuleDeps & DecideDeps & Reads, 'reads'> & {
  readonly reads: RejudgeDeps;
  readonly transaction: ChangeAlertsDeps['transaction'] & ChangeRuleDeps['transaction'];
  readonly caller: Caller;
};

const now = (): string => dateTimeOf(new Date());

/** An alert whose flows were accepted takes others with it. */
async function changed(
  deps: ChangeAlertsDeps,
  { alertSettles }: Reads['reads'],
  input: ChangeAlertsInput,
): Promise<ChangeAlertsOutcome> {
  const outcome = await changeAlerts(deps, input);
  if (input.action !== AlertAction.ACCEPT) return outcome;
  for (const id of new Set(outcome.alerts.map(({ clusterId }) => clusterId)))
    await alertSettles.settle(id, now());
  return outcome;
}

const NOT_ALL_LOOKED_AT = warningAt(
  'TRUNCATED',
  null,
  'the rule has met more than 200000 flows: not all of its open alerts were looked at',
  'those that it is not about any more can be resolved by `resolveAlerts` with a filter',
);

/** Alerts that a rule raised and is not about any more are resolved at once. */
async function afterChange(
  reads: RejudgeDeps,
  outcome: ChangeRuleOutcome,
): Promise<ChangeRuleOutcome> {
  if (outcome.rule === null || (await rejudge(reads, outcome.rule.id, now()))) return outcome;
  return { ...outcome, problems: [...outcome.problems, NOT_ALL_LOOKED_AT] };
}

/** Rows that are forgotten at once. */
const AT_ONCE = 5_000;

/** What somebody should look at. */
export const alertsRoom = {
  tables: [
    AlertTable,
    AlertMatchTable,
    AlertCommentTable,
    AlertRuleTable,
    AlertActionTable,
    SilenceTable,
  ],
  stores: (manager: EntityManager, caller: Caller) => ({
    alerts: alertStore(manager, caller),
    alertCounts: alertCountStore(manager, caller),
    alertRaises: alertRaiseStore(manager),
    alertVolumes: volumeStore(manager),
    alertSettles: alertSettleStore(manager),
    alertMoves: alertMoveStore(manager),
    alertRules: alertRuleStore(manager),
    alertActs: alertActStore(manager),
    clusterAlerts: clusterAlertStore(manager),
    clusterPasts: clusterPastStore(manager),
    policyWatches: policyWatchStore(manager),
    silences: silenceStore(manager),
  }),
  loaders: alertLoaders,
  resolvers: alertResolvers,
  finders: alertFinders,
  useCases: ({ reads, transaction, caller }: Deps) => {
    const deps = { transaction, now, who: caller.name };
    const ofRules = { transaction, now, caller };
    return {
      createAlertRule: (draft: AlertRuleDraft) => createAlertRule(ofRules, draft),
      updateAlertRule: async (input: UpdateRuleInput) =>
        afterChange(reads, await updateAlertRule(ofRules, input)),
      importKnownBad: async (input: ImportKnownBadInput) => {
        const outcome = await importKnownBad(ofRules, input);
        return { ...outcome, ...(await afterChange(reads, outcome)) };
      },
      deleteAlertRule: async (input: DeleteRuleInput) =>
        afterChange(reads, await deleteAlertRule(ofRules, input)),
      testAlertRule: (input: TestAlertRuleInput) => testRule({ reads, caller }, input),
      decideAlertAction: (input: DecideInput) =>
        decideAlertAction({ reads, who: caller.name }, input),
      changeAlerts: (input: ChangeAlertsInput) => changed(deps, reads, input),
      commentOnAlert: (input: CommentInput) => commentOnAlert(deps, input),
    };
  },
  afterRecord: async (
    stores: WatchDeps & VolumeDeps & RegroupDeps & { readonly alertSettles: AlertSettleStore },
    batch: RecordedBatch,
  ): Promise<void> => {
    const { clusterId, replies, named } = batch;
    if (replies.length > 0) await stores.alertSettles.settleReplies(clusterId, replies, now());
    if (named.length > 0)
      await regroup(stores, clusterId, await stores.alertMoves.flowsTo(clusterId, named));
    await watch(stores, batch);
    await watchVolumes(stores, clusterId, batch.hours);
  },
  afterMove: async (
    stores: RegroupDeps,
    clusterId: number,
    moves: readonly EdgeMove[],
  ): Promise<void> => {
    await stores.alertMoves.moveFlows(clusterId, moves);
    await regroup(
      stores,
      clusterId,
      moves.map(({ to }) => to),
    );
  },
  /** Of flows, hours were taken that are others' now; to be called before the flows move. */
  beforeNews: (
    { alertMoves }: Pick<RegroupDeps, 'alertMoves'>,
    { clusterId, taken }: NewsOfFlows,
  ): Promise<void> => alertMoves.takeFrom(clusterId, taken),
  /** Flows that were of nobody known are a deployment's now: as if they had come now. */
  afterNews: (stores: WatchDeps, { clusterId, edges, hours }: NewsOfFlows): Promise<void> =>
    watch(stores, {
      clusterId,
      hours,
      edges,
      recorded: edges.map(({ id }) => ({ id, fresh: true, unmasked: false })),
    }),
  /** Policies that an import found otherwise than they were known. */
  policiesTaken: (
    stores: PolicyWatchDeps,
    clusterId: number,
    changes: readonly ChangedPolicy[],
    observedAt: string,
  ) => watchPolicies(stores, clusterId, changes, observedAt),
  /** Alerts whose cause a change of baselines has taken away are resolved. */
  baselinesChanged: ({ reads }: Reads, clusterId: number) =>
    reads.alertSettles.settle(clusterId, now()),
  nightly:
    ({ reads }: Reads) =>
    async (): Promise<void> => {
      while ((await reads.alertSettles.forgetMatches(AT_ONCE)) === AT_ONCE);
    },
  minutely:
    ({ reads, transaction }: Reads & WatchSourcesDeps) =>
    async (): Promise<void> => {
      await reads.alertSettles.wake();
      await reads.alertSettles.settle(null, now());
      await watchSources({ transaction }, new Date());
    },
} as const;
