import type { NodeFinder } from '../graphql/node.graphql.js';
import { ClusterFlowsResolver } from './cluster-flows.graphql.js';
import { DeploymentFlowsResolver, FlowResolver } from './flow.graphql.js';
import type { FlowContext } from './flow-context.js';
import { FlowCountsResolver } from './flow-counts.graphql.js';
import { FlowHistoryResolver } from './flow-history.graphql.js';
import { FlowOutsideResolver } from './flow-outside.graphql.js';
import { FlowSummaryResolver } from './flow-summary.graphql.js';
import { FlowsObservedResolver } from './flows-observed.graphql.js';
import { IngestResolver } from './ingest/ingest.graphql.js';
import { SetRetentionResolver } from './retention/set-retention.graphql.js';

/** What this room brings to the schema; all of them are made without arguments. */
export const flowResolvers = [
  FlowResolver,
  FlowCountsResolver,
  FlowHistoryResolver,
  FlowOutsideResolver,
  FlowSummaryResolver,
  DeploymentFlowsResolver,
  ClusterFlowsResolver,
  IngestResolver,
  FlowsObservedResolver,
  SetRetentionResolver,
] as const;

type Context = { readonly loaders: Pick<FlowContext['loaders'], 'flows'> };

/** How `node` and `nodes` find the types of this room. */
export const flowFinders: Readonly<Record<string, NodeFinder<Context>>> = {
  Flow: async ({ clusterId, rowId }, { loaders }) =>
    rowId === null ? null : loaders.flows.load({ clusterId, id: rowId }),
};
