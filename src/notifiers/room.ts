import type { EntityManager } from 'typeorm';
import { assertAllowed, assertEverything, type Caller } from '../access/caller.js';
import { Permission } from '../access/role.js';
import type { Enter } from '../database/presence.js';
import { finderOf } from '../graphql/node.graphql.js';
import { ofNoCluster } from '../graphql/node.loader.js';
import { dateTimeOf } from '../query/date-time.js';
import type { NodeKey } from '../query/node-id.js';
import {
  changeNotifier,
  createNotifier,
  type NotifierDeps,
  retryNotifications,
  testNotifier,
  type UpdateNotifierInput,
  updateNotifier,
  type WhichNotifier,
} from './change-notifier.js';
import { type DeliverDeps, deliver, tellStanding } from './deliver.js';
import { notificationLoaders } from './notification.loader.js';
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
  readonly transaction: NotifierDeps['transaction'];
  readonly reads: { readonly notifiers: NotifierStore; readonly notifications: NotificationStore };
  readonly caller: Caller;
  readonly outgoing: Outgoing;
};

type Context = { readonly caller: Caller; readonly stores: Deps['reads'] };

const notifierOf = finderOf(({ stores }: Context) => ofNoCluster(() => stores.notifiers.all()));

async function findNotifier(key: NodeKey, context: Context): Promise<object | null> {
  assertAllowed(context.caller, Permission.ADMINISTER, 'Notifier');
  assertEverything(context.caller);
  return notifierOf(key, context);
}
type Sending = Pick<Deps, 'reads' | 'outgoing'> & { readonly enter: Enter };

const sendingOf = ({ reads: { notifications }, outgoing, enter }: Sending): DeliverDeps => ({
  notifications,
  enter,
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
  loaders: notificationLoaders,
  resolvers: [NotifiersResolver],
  finders: { Notifier: findNotifier },
  useCases: ({ transaction, reads, caller, outgoing }: Deps) => {
    const { notifiers, notifications } = reads;
    const now = (): string => dateTimeOf(new Date());
    const deps = { transaction, notifiers, notifications, ...outgoing, now, who: caller.name };
    return {
      createNotifier: (draft: NotifierDraft) => createNotifier(deps, draft),
      changeNotifier: (which: WhichNotifier, enabled: boolean | null) =>
        changeNotifier(deps, which, enabled),
      updateNotifier: (input: UpdateNotifierInput) => updateNotifier(deps, input),
      testNotifier: (which: WhichNotifier) => testNotifier(deps, which),
      retryNotifications: (which: WhichNotifier) => retryNotifications(deps, which),
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
    ({ reads }: Pick<Sending, 'reads'>) =>
    (): Promise<void> =>
      reads.notifications.forget(KEPT_DAYS),
} as const;
