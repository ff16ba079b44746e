import type { EntityManager } from 'typeorm';
import { assertAllowed, assertEverything, type Caller } from '../access/caller.js';
import { Permission } from '../access/role.js';
import { dateTimeOf } from '../query/date-time.js';
import type { NodeKey } from '../query/node-id.js';
import {
  changeNotifier,
  createNotifier,
  type NotifierDraft,
  retryNotifications,
  testNotifier,
} from './change-notifier.js';
import { deliver } from './deliver.js';
import { type NotifierStore, notifierStore } from './notifier.store.js';
import { NotificationTable, NotifierTable } from './notifier.table.js';
import { NotifiersResolver } from './notifiers.graphql.js';
import type { Reach } from './reach.js';
import type { Secrets } from './secret.js';

/** What of the server's settings concerns messages that leave it. */
export type Outgoing = { readonly secrets: Secrets | null; readonly reach: Reach };

type Deps = {
  readonly reads: { readonly notifiers: NotifierStore };
  readonly caller: Caller;
  readonly outgoing: Outgoing;
};

async function findNotifier(
  { rowId }: NodeKey,
  { caller, stores }: { readonly caller: Caller; readonly stores: Deps['reads'] },
): Promise<object | null> {
  assertAllowed(caller, Permission.ADMINISTER, 'Notifier');
  assertEverything(caller);
  return (await stores.notifiers.all()).find(({ id }) => id === rowId) ?? null;
}

/** Where alerts are sent, and what was sent. */
export const notifiersRoom = {
  tables: [NotifierTable, NotificationTable],
  stores: (manager: EntityManager) => ({ notifiers: notifierStore(manager) }),
  resolvers: [NotifiersResolver],
  finders: { Notifier: findNotifier },
  useCases: ({ reads: { notifiers }, caller, outgoing }: Deps) => {
    const now = (): string => dateTimeOf(new Date());
    const deps = { notifiers, ...outgoing, now, who: caller.name };
    return {
      createNotifier: (draft: NotifierDraft) => createNotifier(deps, draft),
      changeNotifier: (id: string | null, enabled: boolean | null) =>
        changeNotifier(deps, id, enabled),
      testNotifier: (id: string | null) => testNotifier(deps, id),
      retryNotifications: (id: string | null) => retryNotifications(deps, id),
    };
  },
  /** Sends what is due. */
  notify: ({ reads, outgoing }: Pick<Deps, 'reads' | 'outgoing'>): Promise<void> =>
    deliver({ notifiers: reads.notifiers, ...outgoing }),
  minutely:
    ({ reads, outgoing }: Pick<Deps, 'reads' | 'outgoing'>) =>
    (): Promise<void> =>
      deliver({ notifiers: reads.notifiers, ...outgoing }),
} as const;
