import { finderOf, type NodeFinder } from '../graphql/node.graphql.js';
import type { NodeKey } from '../query/node-id.js';
import { AlertResolver, DeploymentAlertsResolver, FlowAlertsResolver } from './alert.graphql.js';
import type { AlertAct } from './alert-act.js';
import type { AlertActStore } from './alert-act.store.js';
import { AlertChangedResolver } from './alert-changed.graphql.js';
import type { AlertContext } from './alert-context.js';
import {
  AlertFacetsResolver,
  ClusterAlertCountsResolver,
  DeploymentAlertCountsResolver,
  NamespaceAlertCountsResolver,
} from './alert-counts.graphql.js';
import {
  AlertActionsResolver,
  AlertDefinitionsResolver,
  AlertRulesResolver,
  WouldRaiseResolver,
} from './alert-rules.graphql.js';
import { ChangeAlertsResolver } from './change-alerts.graphql.js';
import { KnownBadResolver } from './known-bad.graphql.js';
import { ruleSeenBy } from './visible-rule.js';

/** What this room brings to the schema; all of them are made without arguments. */
export const alertResolvers = [
  AlertResolver,
  DeploymentAlertsResolver,
  FlowAlertsResolver,
  ChangeAlertsResolver,
  AlertChangedResolver,
  AlertRulesResolver,
  KnownBadResolver,
  WouldRaiseResolver,
  AlertDefinitionsResolver,
  AlertActionsResolver,
  AlertFacetsResolver,
  ClusterAlertCountsResolver,
  NamespaceAlertCountsResolver,
  DeploymentAlertCountsResolver,
] as const;

type Context = Pick<AlertContext, 'caller'> & {
  readonly stores: {
    readonly alertActs: Pick<AlertActStore, 'byIds'>;
  };
  readonly loaders: Pick<AlertContext['loaders'], 'alerts' | 'alertRules'>;
};

const anyAction = finderOf<Context, AlertAct>(({ stores }) => stores.alertActs);

/** What is asked to be done about an alert that the caller sees. */
async function actionOf(key: NodeKey, context: Context): Promise<AlertAct | null> {
  const action = await anyAction(key, context);
  if (action === null) return null;
  const { clusterId, alertId } = action;
  const alert = await context.loaders.alerts.load({ clusterId, id: alertId });
  return alert === null ? null : action;
}

/** How `node` and `nodes` find the types of this room. */
export const alertFinders: Readonly<Record<string, NodeFinder<Context>>> = {
  Alert: async ({ clusterId, rowId }, { loaders }) =>
    rowId === null ? null : loaders.alerts.load({ clusterId, id: rowId }),
  AlertRuleDefinition: async ({ rowId }, { loaders, caller }) => {
    const rule = rowId === null ? null : await loaders.alertRules.load(rowId);
    return rule === null ? null : ruleSeenBy(caller, rule);
  },
  AlertAction: actionOf,
};
