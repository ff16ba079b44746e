import type { NodeFinder } from '../graphql/node.graphql.js';
import { AlertResolver, DeploymentAlertsResolver, FlowAlertsResolver } from './alert.graphql.js';
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

/** What this room brings to the schema; all of them are made without arguments. */
export const alertResolvers = [
  AlertResolver,
  DeploymentAlertsResolver,
  FlowAlertsResolver,
  ChangeAlertsResolver,
  AlertChangedResolver,
  AlertRulesResolver,
  WouldRaiseResolver,
  AlertDefinitionsResolver,
  AlertActionsResolver,
  AlertFacetsResolver,
  ClusterAlertCountsResolver,
  NamespaceAlertCountsResolver,
  DeploymentAlertCountsResolver,
] as const;

type Context = { readonly loaders: Pick<AlertContext['loaders'], 'alerts'> };

/** How `node` and `nodes` find the types of this room. */
export const alertFinders: Readonly<Record<string, NodeFinder<Context>>> = {
  Alert: async ({ clusterId, rowId }, { loaders }) =>
    rowId === null ? null : loaders.alerts.load({ clusterId, id: rowId }),
};
