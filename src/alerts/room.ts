import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { dateTimeOf } from '../query/date-time.js';
import { alertLoaders } from './alert.loader.js';
import { alertStore } from './alert.store.js';
import { AlertTable } from './alert.table.js';
import { alertFinders, alertResolvers } from './alerts.graphql.js';
import { type ResolveAlertDeps, type ResolveAlertInput, resolveAlert } from './resolve.js';
import { watch } from './watch.js';

/** What somebody should look at. */
export const alertsRoom = {
  tables: [AlertTable],
  stores: (manager: EntityManager, caller: Caller) => ({ alerts: alertStore(manager, caller) }),
  loaders: alertLoaders,
  resolvers: alertResolvers,
  finders: alertFinders,
  useCases: ({ transaction }: Pick<ResolveAlertDeps, 'transaction'>) => ({
    resolveAlert: (input: ResolveAlertInput) =>
      resolveAlert({ transaction, now: () => dateTimeOf(new Date()) }, input),
  }),
  afterRecord: watch,
} as const;
