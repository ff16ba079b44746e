import type { EntityManager } from 'typeorm';
import { assertAllowed, assertEverything, type Caller } from '../access/caller.js';
import { Permission } from '../access/role.js';
import { dateTimeOf } from '../query/date-time.js';
import type { NodeKey } from '../query/node-id.js';
import {
  changeNotifier,
  createNotifier,
  retryNotifications,
  testNotifier,
  type UpdateNotifierInput,
  updateNotifier,
} from './change-notifier.js';
import { type DeliverDeps, deliver, tellStanding } from './deliver.js';
import { type NotificationStore, notificationStore } from './notification.store.js';
import { type NotifierStore, notifierStore } from './notifier.store.js';
import { NotificationTable, NotifierTable } from './notifier.table.js';
import type { NotifierDraft } from './notifier-faults.js';
import { NotifiersResolver } from './notifiers.graphql.js';
import type { Reach } from './reach.js';
import type { Secrets } from './secret.js';

/** What of the server's settings concerns messages that leave it. */
export type Outgoing = { readonly secrets: Secrets | null; readonly reach: Reach };

type Deps = {
  readonly reads: { readonly notifiers: NotifierStore; readonly notifications: NotificationStore };
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
type Sending = Pick<Deps, 'reads' | 'outgoing'>;

const sendingOf = ({ reads: { notifications }, outgoing }: Sending): DeliverDeps => ({
  notifications,
  ...outgoing,
});

/** What was told of alerts that are resolved. */
const KEPT_DAYS = 30;

/** Where alerts are sent, and what was sent. */
export const notifiersRoom = {
  tables: [NotifierTable, NotificationTable],
  stores: (manager: EntityManager) => ({
    notifiers: notifierStore(manager),
    notifications: notificationStore(manager),
  }),
  resolvers: [NotifiersResolver],
  finders: { Notifier: findNotifier },
  useCases: ({ reads: { notifiers, notifications }, caller, outgoing }: Deps) => {
    const now = (): string => dateTimeOf(new Date());
    const deps = { notifiers, notifications, ...outgoing, now, who: caller.name };
    return {
      createNotifier: (draft: NotifierDraft) => createNotifier(deps, draft),
      changeNotifier: (id: string | null, enabled: boolean | null) =>
        changeNotifier(deps, id, enabled),
      updateNotifier: (input: UpdateNotifierInput) => updateNotifier(deps, input),
      testNotifier: (id: string | null) => testNotifier(deps, id),
      retryNotifications: (id: string | null) => retryNotifications(deps, id),
    };
  },
  /** Sends what is due. */
  notify: (place: Sending): Promise<void> => deliver(sendingOf(place)),
  minutely: (place: Sending) => async (): Promise<void> => {
    const deps = sendingOf(place);
    await deliver(deps);
    await tellStanding(deps, await place.reads.notifiers.all());
  },
  nightly:
    ({ reads }: Sending) =>
    (): Promise<void> =>
      reads.notifications.forget(KEPT_DAYS),
} as const;
