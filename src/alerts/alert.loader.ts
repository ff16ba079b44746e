import DataLoader from 'dataloader';
import { textOfKey } from '../query/row-key.js';
import { firstOfEach } from '../query/rows-of-keys.loader.js';
import type { Alert } from './alert.js';
import type { AlertKey, AlertStore, FlowOfAlert } from './alert.store.js';
import type { AlertAct } from './alert-act.js';
import type { AlertActStore } from './alert-act.store.js';
import { type AlertCountStore, type AlertCounts, NO_ALERTS } from './alert-count.store.js';
import type { AlertRuleDefinition } from './alert-rule.js';
import type { AlertRuleStore } from './alert-rule.store.js';
import type { AlertComment } from './comment.js';

type Load<V> = Pick<DataLoader<AlertKey, V>, 'load'>;

type FirstLoad<V> = ReturnType<typeof firstOfEach<V>>;

export type AlertLoaders = {
  readonly alerts: Load<Alert | null>;
  /** The latest of each deployment, without what belongs to others. */
  readonly deploymentAlerts: Load<readonly Alert[]>;
  /** Those that the flow raised, the latest of them. */
  readonly flowAlerts: FirstLoad<Alert>;
  readonly linkedAlerts: FirstLoad<Alert>;
  /** The latest flows of each alert. */
  readonly alertFlows: Load<readonly FlowOfAlert[]>;
  readonly alertComments: Load<readonly AlertComment[]>;
  readonly alertActions: Load<readonly AlertAct[]>;
  /** By id of the rule. */
  readonly alertRules: Pick<DataLoader<string, AlertRuleDefinition | null>, 'load'>;
  /** By cluster: the id is not looked at. */
  readonly clusterAlertCounts: Load<AlertCounts>;
  readonly namespaceAlertCounts: Load<AlertCounts>;
  readonly deploymentAlertCounts: Load<AlertCounts>;
};

const many = <Row extends { readonly clusterId: number }>(
  ask: (keys: readonly AlertKey[]) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
): Load<readonly Row[]> =>
  new DataLoader<AlertKey, readonly Row[], string>(
    async keys => {
      const found = Map.groupBy(await ask(keys), row =>
        textOfKey({ clusterId: row.clusterId, id: idOf(row) }),
      );
      return keys.map(key => found.get(textOfKey(key)) ?? []);
    },
    { cacheKeyFn: textOfKey },
  );

const counts = (
  ask: (keys: readonly AlertKey[]) => Promise<readonly (AlertKey & AlertCounts)[]>,
): Load<AlertCounts> =>
  new DataLoader<AlertKey, AlertCounts, string>(
    async keys => {
      const found = new Map((await ask(keys)).map(row => [textOfKey(row), row]));
      return keys.map(key => found.get(textOfKey(key)) ?? NO_ALERTS);
    },
    { cacheKeyFn: textOfKey },
  );

type Stores = {
  readonly alerts: AlertStore;
  readonly alertCounts: AlertCountStore;
  readonly alertActs: Pick<AlertActStore, 'ofAlerts'>;
  readonly alertRules: Pick<AlertRuleStore, 'all'>;
};

/** One statement each; made for each request. */
export const alertLoaders = ({
  alerts,
  alertCounts,
  alertActs,
  alertRules,
}: Stores): AlertLoaders => ({
  alerts: new DataLoader<AlertKey, Alert | null, string>(
    async keys => {
      const found = new Map((await alerts.byIds(keys)).map(alert => [textOfKey(alert), alert]));
      return keys.map(key => found.get(textOfKey(key)) ?? null);
    },
    { cacheKeyFn: textOfKey },
  ),
  deploymentAlerts: many(alerts.ofDeployments, ({ deploymentId }) => deploymentId ?? ''),
  flowAlerts: firstOfEach(alerts.ofFlows, ({ clusterId, flowId }) => ({
    clusterId,
    id: flowId ?? '',
  })),
  linkedAlerts: firstOfEach(alerts.ofLeads, ({ clusterId, leadId }) => ({
    clusterId,
    id: leadId ?? '',
  })),
  alertFlows: many(alerts.flowsOf, ({ id }) => id),
  alertComments: many(alerts.commentsOf, ({ alertId }) => alertId),
  alertActions: many(alertActs.ofAlerts, ({ alertId }) => alertId),
  alertRules: new DataLoader(async ids => {
    const found = new Map((await alertRules.all()).map(rule => [rule.id, rule]));
    return ids.map(id => found.get(id) ?? null);
  }),
  clusterAlertCounts: counts(keys => alertCounts.ofClusters(keys)),
  namespaceAlertCounts: counts(keys => alertCounts.ofNamespaces(keys)),
  deploymentAlertCounts: counts(keys => alertCounts.ofDeployments(keys)),
});
