import type { NodeFinder } from '../graphql/node.graphql.js';
import { AlertResolver, DeploymentAlertsResolver, FlowAlertsResolver } from './alert.graphql.js';
import type { AlertContext } from './alert-context.js';
import { ResolveAlertResolver } from './resolve-alert.graphql.js';

/** What this room brings to the schema; all of them are made without arguments. */
export const alertResolvers = [
  AlertResolver,
  DeploymentAlertsResolver,
  FlowAlertsResolver,
  ResolveAlertResolver,
] as const;

type Context = { readonly loaders: Pick<AlertContext['loaders'], 'alerts'> };

/** How `node` and `nodes` find the types of this room. */
export const alertFinders: Readonly<Record<string, NodeFinder<Context>>> = {
  Alert: async ({ clusterId, rowId }, { loaders }) =>
    rowId === null ? null : loaders.alerts.load({ clusterId, id: rowId }),
};
