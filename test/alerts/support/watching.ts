import 'reflect-metadata';
import type { EntityManager } from 'typeorm';
import { type Caller, LOCAL_CALLER } from '../../../src/access/caller.js';
import { alertLoaders } from '../../../src/alerts/alert.loader.js';
import { alertStore } from '../../../src/alerts/alert.store.js';
import { alertActStore } from '../../../src/alerts/alert-act.store.js';
import { alertCountStore } from '../../../src/alerts/alert-count.store.js';
import { alertRaiseStore } from '../../../src/alerts/alert-raise.store.js';
import { alertRuleStore } from '../../../src/alerts/alert-rule.store.js';
import { alertFinders, alertResolvers } from '../../../src/alerts/alerts.graphql.js';
import {
  type ChangeAlertsDeps,
  type ChangeAlertsInput,
  type CommentInput,
  changeAlerts,
  commentOnAlert,
} from '../../../src/alerts/change-alerts.js';
import type { ChangeRuleDeps } from '../../../src/alerts/change-rule.js';
import { clusterPastStore } from '../../../src/alerts/cluster-past.store.js';
import { policyWatchStore } from '../../../src/alerts/policy-watch.store.js';
import { watchVolumes } from '../../../src/alerts/volume.js';
import { volumeStore } from '../../../src/alerts/volume.store.js';
import { watch } from '../../../src/alerts/watch.js';
import { baselineAcceptStore } from '../../../src/baselines/baseline-accept.store.js';
import {
  learningPart,
  learningStores,
  learningUseCases,
  markFresh,
} from '../../baselines/support/learning.js';
import { type Added, type Door, openDoor } from '../../flows/support/door.js';
import { ingestDeps, NOW, type Send, sender } from '../../flows/support/intake.js';
import { type DatabaseFixture, withDatabase } from '../../support/database.js';

export const watchingStores = (manager: EntityManager, caller: Caller = LOCAL_CALLER) => ({
  ...learningStores(manager, caller),
  alerts: alertStore(manager, caller),
  alertCounts: alertCountStore(manager, caller),
  alertRaises: alertRaiseStore(manager),
  clusterPasts: clusterPastStore(manager),
  policyWatches: policyWatchStore(manager),
  alertVolumes: volumeStore(manager),
  alertRules: alertRuleStore(manager),
  alertActs: alertActStore(manager),
  baselineAccepts: baselineAcceptStore(manager),
});

export type WatchingStores = ReturnType<typeof watchingStores>;

export type Watching = DatabaseFixture &
  Door & {
    readonly stores: WatchingStores;
    readonly send: Send;
    readonly useCases: ReturnType<typeof learningUseCases> & ReturnType<typeof alertUseCases>;
    readonly rows: (sql: string) => Promise<readonly Record<string, unknown>[]>;
  };

const alertUseCases = ({ source }: Pick<DatabaseFixture, 'source'>) => {
  const deps: ChangeAlertsDeps = {
    transaction: work => source.transaction(manager => work(watchingStores(manager))),
    now: () => NOW,
    who: 'tester',
  };
  return {
    changeAlerts: (input: ChangeAlertsInput) => changeAlerts(deps, input),
    commentOnAlert: (input: CommentInput) => commentOnAlert(deps, input),
  };
};

export const changeRuleDeps = (source: DatabaseFixture['source']): ChangeRuleDeps => ({
  transaction: work => source.transaction(manager => work(watchingStores(manager))),
  now: () => NOW,
  caller: LOCAL_CALLER,
});

const partOf = (fixture: DatabaseFixture, stores: WatchingStores): Added => {
  const learning = learningPart(fixture, stores);
  return {
    resolvers: [...learning.resolvers, ...alertResolvers],
    finders: { ...learning.finders, ...alertFinders },
    loaders: () => ({ ...learning.loaders(), ...alertLoaders(stores) }),
    useCases: { ...learning.useCases, ...alertUseCases(fixture) },
  };
};

/** A database that takes flows in, learns from them and watches them, with the API over it. */
export const withWatching = (use: (watching: Watching) => Promise<void>): Promise<void> =>
  withDatabase(fixture => {
    const stores = watchingStores(fixture.source.manager);
    const deps = ingestDeps(fixture, watchingStores, async (inside, batch) => {
      await markFresh(inside, batch);
      await watch(inside, batch);
      await watchVolumes(inside, batch.clusterId, batch.hours);
    });
    return use({
      ...fixture,
      ...openDoor(fixture, stores, deps, partOf(fixture, stores)),
      stores,
      send: sender(deps),
      useCases: { ...learningUseCases(fixture), ...alertUseCases(fixture) },
      rows: sql => fixture.source.query(sql),
    });
  });
