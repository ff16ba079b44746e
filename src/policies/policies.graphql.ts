import type { NodeFinder } from '../graphql/node.graphql.js';
import { ExplanationResolver } from './explain.graphql.js';
import { FlowExplanationResolver } from './flow-explanation.graphql.js';
import { GenerateResolver } from './generate.graphql.js';
import { NetworkGraphResolver } from './network-graph.graphql.js';
import { PolicyResolver } from './policy.graphql.js';
import type { PolicyStore } from './policy.store.js';
import {
  GeneratedPolicyResolver,
  GeneratedRuleResolver,
  PolicySetResolver,
} from './policy-set.graphql.js';
import type { PolicySetStore } from './policy-set.store.js';
import { SimulateResolver } from './simulate.graphql.js';
import { SimulatedFlowResolver, SimulationResolver } from './simulation.graphql.js';
import type { SimulationStore } from './simulation.store.js';

/** What this room brings to the schema; all of them are made without arguments. */
export const policyResolvers = [
  PolicyResolver,
  FlowExplanationResolver,
  NetworkGraphResolver,
  ExplanationResolver,
  PolicySetResolver,
  GeneratedPolicyResolver,
  GeneratedRuleResolver,
  GenerateResolver,
  SimulateResolver,
  SimulationResolver,
  SimulatedFlowResolver,
] as const;

type ByIds = {
  byIds(
    keys: readonly { readonly clusterId: number; readonly id: string }[],
  ): Promise<readonly object[]>;
};

type Context = {
  readonly stores: {
    readonly policies: Pick<PolicyStore, 'byIds'>;
    readonly policySets: Pick<PolicySetStore, 'byIds'>;
    readonly simulations: Pick<SimulationStore, 'byIds'>;
  };
};

const found =
  (storeOf: (context: Context) => ByIds): NodeFinder<Context> =>
  async ({ clusterId, rowId }, context) => {
    const rows = rowId === null ? [] : await storeOf(context).byIds([{ clusterId, id: rowId }]);
    return rows[0] ?? null;
  };

/** How `node` and `nodes` find the types of this room. */
export const policyFinders: Readonly<Record<string, NodeFinder<Context>>> = {
  Policy: found(({ stores }) => stores.policies),
  PolicySet: found(({ stores }) => stores.policySets),
  Simulation: found(({ stores }) => stores.simulations),
};
