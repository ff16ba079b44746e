import DataLoader from 'dataloader';
import type { Alert } from './alert.js';
import type { AlertKey, AlertStore } from './alert.store.js';

type Load<V> = Pick<DataLoader<AlertKey, V>, 'load'>;

export type AlertLoaders = {
  readonly alerts: Load<Alert | null>;
  /** The latest of each deployment. */
  readonly deploymentAlerts: Load<readonly Alert[]>;
  /** Those that the flow raised last. */
  readonly flowAlerts: Load<readonly Alert[]>;
};

const textOf = ({ clusterId, id }: AlertKey): string => `${clusterId} ${id}`;

const many = (
  ask: (keys: readonly AlertKey[]) => Promise<readonly Alert[]>,
  idOf: (alert: Alert) => string,
): Load<readonly Alert[]> =>
  new DataLoader<AlertKey, readonly Alert[], string>(
    async keys => {
      const found = Map.groupBy(await ask(keys), alert =>
        textOf({ clusterId: alert.clusterId, id: idOf(alert) }),
      );
      return keys.map(key => found.get(textOf(key)) ?? []);
    },
    { cacheKeyFn: textOf },
  );

type Stores = { readonly alerts: Pick<AlertStore, 'byIds' | 'ofDeployments' | 'ofFlows'> };

/** One statement each; made for each request. */
export const alertLoaders = ({ alerts }: Stores): AlertLoaders => ({
  alerts: new DataLoader<AlertKey, Alert | null, string>(
    async keys => {
      const found = new Map((await alerts.byIds(keys)).map(alert => [textOf(alert), alert]));
      return keys.map(key => found.get(textOf(key)) ?? null);
    },
    { cacheKeyFn: textOf },
  ),
  deploymentAlerts: many(alerts.ofDeployments, ({ deploymentId }) => deploymentId),
  flowAlerts: many(alerts.ofFlows, ({ flowId }) => flowId),
});
