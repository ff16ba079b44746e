import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import type { EdgeMove } from '../flows/ingest/flow-merge.store.js';
import type { RecordedBatch } from '../flows/ingest/record.js';
import type { Merger } from '../inventory/merger.js';
import { dateTimeOf } from '../query/date-time.js';
import { type AdvanceDeps, type AdvanceOutcome, advanceBaselines } from './advance.js';
import { baselineLoaders } from './baseline.loader.js';
import { type BaselineStore, baselineStore } from './baseline.store.js';
import {
  BaselineEntryTable,
  BaselineReachTable,
  BaselineRevisionTable,
  BaselineTable,
} from './baseline.table.js';
import { baselineAcceptStore } from './baseline-accept.store.js';
import { baselineEntryStore } from './baseline-entry.store.js';
import { baselineEntryPageStore } from './baseline-entry-page.store.js';
import { baselineHistoryStore } from './baseline-history.store.js';
import { type BaselineMergeStore, baselineMergeStore } from './baseline-merge.store.js';
import { baselinePageStore } from './baseline-page.store.js';
import { type BaselineProgressStore, baselineProgressStore } from './baseline-progress.store.js';
import { baselineScopeStore } from './baseline-scope.store.js';
import { baselineSettingStore } from './baseline-setting.store.js';
import { BaselineProgressTable, BaselineSettingTable } from './baseline-setting.table.js';
import { baselineFinders, baselineResolvers } from './baselines.graphql.js';
import { coverageStore } from './coverage.store.js';
import { type ApplyDecayDeps, type ApplyDecayInput, applyDecay } from './decay.js';
import { decayStore } from './decay.store.js';
import {
  type DecideEntriesDeps,
  type DecideEntriesInput,
  type DecideEntriesOutcome,
  decideEntries,
} from './decide-entries.js';
import {
  type BaselinesOutcome,
  type GenerateBaselinesDeps,
  type GenerateBaselinesInput,
  generateBaselines,
} from './generate.js';
import {
  type ImportBaselinesDeps,
  type ImportBaselinesInput,
  type ImportBaselinesOutcome,
  importBaselines,
} from './import-baselines.js';
import {
  type LockBaselinesDeps,
  type LockBaselinesInput,
  lockBaselines,
  unlockBaselines,
} from './lock.js';
import { mergeBaselines, moveBaselines } from './merge.js';
import { type ReopenBaselinesDeps, type ReopenBaselinesInput, reopenBaselines } from './reopen.js';
import {
  type SetSettingsDeps,
  type SetSettingsInput,
  setBaselineSettings,
} from './set-settings.js';

type Deps = {
  readonly transaction: GenerateBaselinesDeps['transaction'] &
    LockBaselinesDeps['transaction'] &
    ReopenBaselinesDeps['transaction'] &
    SetSettingsDeps['transaction'] &
    DecideEntriesDeps['transaction'] &
    AdvanceDeps['transaction'] &
    ImportBaselinesDeps['transaction'] &
    ApplyDecayDeps['transaction'];
  /** Told after each change: for the rooms above. */
  readonly caller: Caller;
  readonly baselinesChanged: (clusterId: number) => Promise<void>;
};

type Place = {
  readonly reads: { readonly baselineProgress: BaselineProgressStore };
  readonly transaction: AdvanceDeps['transaction'];
};

const now = (): string => dateTimeOf(new Date());

/** What is normal for a deployment. */
export const baselinesRoom = {
  tables: [
    BaselineTable,
    BaselineEntryTable,
    BaselineReachTable,
    BaselineRevisionTable,
    BaselineSettingTable,
    BaselineProgressTable,
  ],
  stores: (manager: EntityManager, caller: Caller) => ({
    baselines: baselineStore(manager, caller),
    baselinePages: baselinePageStore(manager, caller),
    baselineMerges: baselineMergeStore(manager),
    baselineAccepts: baselineAcceptStore(manager),
    baselineSettings: baselineSettingStore(manager, caller),
    coverage: coverageStore(manager),
    baselineProgress: baselineProgressStore(manager),
    baselineHistory: baselineHistoryStore(manager, caller),
    baselineDecay: decayStore(manager),
    baselineScopes: baselineScopeStore(manager, caller),
    baselineEntries: baselineEntryStore(manager),
    baselineEntryPages: baselineEntryPageStore(manager, caller),
  }),
  loaders: baselineLoaders,
  resolvers: baselineResolvers,
  finders: baselineFinders,
  useCases: ({ transaction, caller, baselinesChanged }: Deps) => {
    const deps = { transaction, now, who: caller.name };
    const telling =
      <Input extends { readonly clusterId: number }, Outcome = BaselinesOutcome>(
        change: (given: typeof deps, input: Input) => Promise<Outcome>,
      ) =>
      async (input: Input): Promise<Outcome> => {
        const outcome = await change(deps, input);
        await baselinesChanged(input.clusterId);
        return outcome;
      };
    return {
      generateBaselines: telling<GenerateBaselinesInput>(generateBaselines),
      lockBaselines: telling<LockBaselinesInput>(lockBaselines),
      unlockBaselines: telling<LockBaselinesInput>(unlockBaselines),
      reopenBaselines: telling<ReopenBaselinesInput>(reopenBaselines),
      advanceBaselines: telling<{ readonly clusterId: number }, AdvanceOutcome>(advanceBaselines),
      importBaselines: async (input: ImportBaselinesInput): Promise<ImportBaselinesOutcome> => {
        const outcome = await importBaselines(deps, input);
        if (!input.dryRun) await baselinesChanged(input.clusterId);
        return outcome;
      },
      applyBaselineDecay: telling<ApplyDecayInput, DecideEntriesOutcome>(applyDecay),
      decideEntries: telling<DecideEntriesInput, DecideEntriesOutcome>(decideEntries),
      setBaselineSettings: (input: SetSettingsInput) =>
        setBaselineSettings({ transaction, now, caller }, input),
    };
  },
  /** Baselines that learn by themselves take in what the hours since have shown. */
  minutely:
    ({ reads, transaction }: Place) =>
    async (): Promise<void> => {
      for (const clusterId of await reads.baselineProgress.due())
        await advanceBaselines({ transaction, now, who: 'weirgate' }, { clusterId });
    },
  afterRecord: async (
    { baselines }: { readonly baselines: Pick<BaselineStore, 'markFlowIds'> },
    { clusterId, recorded }: RecordedBatch,
  ): Promise<void> => {
    const fresh = recorded.filter(row => row.fresh).map(({ id }) => id);
    if (fresh.length > 0) await baselines.markFlowIds(clusterId, fresh);
  },
  afterMerge: (
    stores: { readonly baselines: BaselineStore; readonly baselineMerges: BaselineMergeStore },
    clusterId: number,
    mergers: readonly Merger[],
  ) => mergeBaselines(stores, clusterId, mergers, now()),
  afterMove: (
    stores: { readonly baselines: BaselineStore; readonly baselineMerges: BaselineMergeStore },
    clusterId: number,
    moves: readonly EdgeMove[],
  ) => moveBaselines(stores, clusterId, moves, now()),
} as const;
