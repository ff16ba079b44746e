import 'reflect-metadata';
import type { EntityManager } from 'typeorm';
import { type Caller, LOCAL_CALLER } from '../../../src/access/caller.js';
import { baselineLoaders } from '../../../src/baselines/baseline.loader.js';
import { baselineStore } from '../../../src/baselines/baseline.store.js';
import { baselineEntryStore } from '../../../src/baselines/baseline-entry.store.js';
import { baselineEntryPageStore } from '../../../src/baselines/baseline-entry-page.store.js';
import { baselineHistoryStore } from '../../../src/baselines/baseline-history.store.js';
import { baselineProgressStore } from '../../../src/baselines/baseline-progress.store.js';
import { baselineScopeStore } from '../../../src/baselines/baseline-scope.store.js';
import { baselineSettingStore } from '../../../src/baselines/baseline-setting.store.js';
import { baselineFinders, baselineResolvers } from '../../../src/baselines/baselines.graphql.js';
import { coverageStore } from '../../../src/baselines/coverage.store.js';
import { decayStore } from '../../../src/baselines/decay.store.js';
import { generateBaselines } from '../../../src/baselines/generate.js';
import { lockBaselines, unlockBaselines } from '../../../src/baselines/lock.js';
import type { RecordedBatch } from '../../../src/flows/ingest/record.js';
import { scopeStore } from '../../../src/inventory/scope.store.js';
import { type Added, type Door, openDoor } from '../../flows/support/door.js';
import { flowStores, ingestDeps, NOW, type Send, sender } from '../../flows/support/intake.js';
import { type DatabaseFixture, withDatabase } from '../../support/database.js';

export const learningStores = (manager: EntityManager, caller: Caller = LOCAL_CALLER) => ({
  ...flowStores(manager, caller),
  scopes: scopeStore(manager, caller),
  baselines: baselineStore(manager, caller),
  baselineSettings: baselineSettingStore(manager, caller),
  coverage: coverageStore(manager),
  baselineProgress: baselineProgressStore(manager),
  baselineHistory: baselineHistoryStore(manager, caller),
  baselineDecay: decayStore(manager),
  baselineScopes: baselineScopeStore(manager, caller),
  baselineEntries: baselineEntryStore(manager),
  baselineEntryPages: baselineEntryPageStore(manager, caller),
});

export type LearningStores = ReturnType<typeof learningStores>;

/** Marks flows that were not known before, as the server does. */
export const markFresh = async (
  { baselines }: Pick<LearningStores, 'baselines'>,
  { clusterId, recorded }: RecordedBatch,
): Promise<void> => {
  const fresh = recorded.filter(row => row.fresh).map(({ id }) => id);
  await baselines.markFlowIds(clusterId, fresh);
};

/** The use cases of this room on a database. */
export const learningUseCases = ({ source }: Pick<DatabaseFixture, 'source'>) => {
  const deps = {
    transaction: <T>(work: (stores: LearningStores) => Promise<T>): Promise<T> =>
      source.transaction(manager => work(learningStores(manager))),
    now: () => NOW,
    who: 'tester',
  };
  return {
    generateBaselines: (input: Parameters<typeof generateBaselines>[1]) =>
      generateBaselines(deps, input),
    lockBaselines: (input: Parameters<typeof lockBaselines>[1]) => lockBaselines(deps, input),
    unlockBaselines: (input: Parameters<typeof unlockBaselines>[1]) => unlockBaselines(deps, input),
  };
};

export type Learning = DatabaseFixture &
  Door & {
    readonly stores: LearningStores;
    readonly send: Send;
    readonly useCases: ReturnType<typeof learningUseCases>;
    readonly rows: (sql: string) => Promise<readonly Record<string, unknown>[]>;
  };

/** What this room adds to the schema and to the context of a request. */
export const learningPart = (fixture: DatabaseFixture, stores: LearningStores): Added => ({
  resolvers: baselineResolvers,
  finders: baselineFinders,
  loaders: () => baselineLoaders(stores),
  useCases: learningUseCases(fixture),
});

/** A database that takes flows in and learns from them, with the API over it. */
export const withLearning = (use: (learning: Learning) => Promise<void>): Promise<void> =>
  withDatabase(fixture => {
    const stores = learningStores(fixture.source.manager);
    const deps = ingestDeps(fixture, learningStores, markFresh);
    return use({
      ...fixture,
      ...openDoor(fixture, stores, deps, learningPart(fixture, stores)),
      stores,
      send: sender(deps),
      useCases: learningUseCases(fixture),
      rows: sql => fixture.source.query(sql),
    });
  });
