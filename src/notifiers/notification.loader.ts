import DataLoader from 'dataloader';
import type { NotificationCounts, NotificationStore } from './notification.store.js';

/** What each notifier has still to send or has given up: one statement for all of a request. */
export const notificationLoaders = ({
  notifications,
}: {
  readonly notifications: Pick<NotificationStore, 'counts'>;
}) => ({
  notificationCounts: new DataLoader<string, NotificationCounts>(async ids => {
    const counts = new Map((await notifications.counts()).map(one => [one.notifierId, one]));
    return ids.map(notifierId => counts.get(notifierId) ?? { notifierId, pending: 0, dead: 0 });
  }),
});
