import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import type { Edge } from '../flows/edge.js';
import type { RecordedBatch } from '../flows/ingest/record.js';
import { finderOf } from '../graphql/node.graphql.js';
import type { ImportMode } from '../inventory/inventory-import.js';
import type { PoliciesFound } from '../inventory/snapshot.js';
import { type AsOfInput, type AsOfStores, verdictsAsOf } from './as-of.js';
import {
  type EvaluationStores,
  evaluateFresh,
  type ReevaluateDeps,
  reevaluate,
  verdictsOfNew,
} from './evaluate.js';
import { evaluationStore } from './evaluation.store.js';
import { ExplanationResolver } from './explain.graphql.js';
import { type ExplainInput, type ExplainStores, explain } from './explain.js';
import type { Explained } from './explained.js';
import { FlowExplanationResolver } from './flow-explanation.graphql.js';
import { explainFlows, type FlowKey } from './flow-explanation.js';
import { flowExplanationLoader } from './flow-explanation.loader.js';
import {
  ClusterForeignPoliciesResolver,
  DeploymentForeignPoliciesResolver,
  ExplanationForeignPoliciesResolver,
  GraphForeignPoliciesResolver,
} from './foreign-policies.graphql.js';
import { foreignPolicyLoader, namespaceForeignPolicyLoader } from './foreign-policy.loader.js';
import { type ForeignPolicyStore, foreignPolicyStore } from './foreign-policy.store.js';
import { ForeignPolicyTable } from './foreign-policy.table.js';
import { graphStore } from './graph.store.js';
import { graphDiffStore } from './graph-diff.store.js';
import { isolationStore } from './isolation.store.js';
import { keptSetsOf } from './kept-sets.js';
import { keepLivePolicies, type LivePoliciesTaken } from './live.js';
import { GraphPortResolver, NetworkGraphResolver } from './network-graph.graphql.js';
import { graphDiffResolvers } from './network-graph-diff.graphql.js';
import { PolicyResolver } from './policy.graphql.js';
import { policyLoader, selectingLoader } from './policy.loader.js';
import { type PolicyStore, policyStore } from './policy.store.js';
import { PolicyRevisionTable, PolicyTable } from './policy.table.js';
import { PolicyFacetsResolver } from './policy-facets.graphql.js';
import { policyFacetStore } from './policy-facets.store.js';
import { SearchResolver } from './search.graphql.js';
import { searchStore } from './search.store.js';
import { type SelectingInput, type SelectingPolicies, selectingPolicies } from './selecting.js';
import {
  DeploymentPoliciesResolver,
  ExplanationHalvesResolver,
  ReasonPolicyResolver,
} from './selecting-policies.graphql.js';

type Deps = ReevaluateDeps & {
  readonly reads: ExplainStores & AsOfStores;
  readonly caller: Caller;
};

type Explaining = {
  readonly explainFlows: (keys: readonly FlowKey[]) => Promise<readonly (Explained | null)[]>;
  readonly selectingPolicies: (
    input: SelectingInput,
  ) => Promise<readonly (SelectingPolicies | null)[]>;
};

type Context = { readonly stores: { readonly policies: Pick<PolicyStore, 'byIds'> } };

/** The policies in force, what they say of each flow, and the network graph. */
export const enforcementRoom = {
  tables: [PolicyTable, PolicyRevisionTable, ForeignPolicyTable],
  stores: (manager: EntityManager, caller: Caller) => ({
    evaluation: evaluationStore(manager, caller),
    isolation: isolationStore(manager),
    keptSets: keptSetsOf(manager.connection),
    policies: policyStore(manager, caller),
    searches: searchStore(manager, caller),
    policyFacets: policyFacetStore(manager, caller),
    foreignPolicies: foreignPolicyStore(manager, caller),
    graph: graphStore(manager, caller),
    graphDiffs: graphDiffStore(manager, caller),
  }),
  loaders: (
    {
      foreignPolicies,
      policies,
    }: { readonly foreignPolicies: ForeignPolicyStore; readonly policies: PolicyStore },
    _now: () => Date,
    { explainFlows, selectingPolicies }: Explaining,
  ) => ({
    foreignPolicies: foreignPolicyLoader(foreignPolicies),
    namespaceForeignPolicies: namespaceForeignPolicyLoader(foreignPolicies),
    flowExplanations: flowExplanationLoader(explainFlows),
    policiesById: policyLoader(policies),
    selectingPolicies: selectingLoader(selectingPolicies),
  }),
  threads: {
    explain: 'engine',
    explainFlows: 'engine',
    selectingPolicies: 'engine',
    settle: 'engine',
    verdictsAsOf: 'engine',
  },
  resolvers: [
    PolicyResolver,
    PolicyFacetsResolver,
    SearchResolver,
    DeploymentPoliciesResolver,
    ExplanationHalvesResolver,
    ReasonPolicyResolver,
    FlowExplanationResolver,
    GraphPortResolver,
    NetworkGraphResolver,
    ...graphDiffResolvers,
    ExplanationResolver,
    ClusterForeignPoliciesResolver,
    DeploymentForeignPoliciesResolver,
    ExplanationForeignPoliciesResolver,
    GraphForeignPoliciesResolver,
  ],
  finders: { Policy: finderOf(({ stores }: Context) => stores.policies) },
  useCases: (deps: Deps) => ({
    explain: (input: ExplainInput) => explain(deps.reads, deps.caller, input),
    explainFlows: (keys: readonly FlowKey[]) => explainFlows(deps.reads, deps.caller, keys),
    selectingPolicies: (input: SelectingInput) => selectingPolicies(deps.reads, input),
    verdictsAsOf: (input: AsOfInput) => verdictsAsOf(deps.reads, input),
    /** Makes the verdicts of a cluster anew where that is due. */
    settle: async (clusterId: number): Promise<void> => {
      if (await deps.reads.evaluation.isPending(clusterId)) await reevaluate(deps, clusterId);
    },
  }),
  verdictsOfNew: (stores: EvaluationStores, clusterId: number, edges: readonly Edge[]) =>
    verdictsOfNew(stores, clusterId, edges),
  afterRecord: (stores: EvaluationStores, { clusterId, recorded, verdicts }: RecordedBatch) =>
    evaluateFresh(
      stores,
      clusterId,
      recorded.filter(({ fresh, unmasked }) => fresh || unmasked),
      verdicts,
    ),
  policiesFound: async (
    {
      policies,
      foreignPolicies,
    }: { readonly policies: PolicyStore; readonly foreignPolicies: ForeignPolicyStore },
    clusterId: number,
    found: PoliciesFound,
    seen: { readonly mode: ImportMode; readonly observedAt: string },
  ): Promise<LivePoliciesTaken> => {
    const { mode, observedAt } = seen;
    await foreignPolicies.show(clusterId, found.foreign, observedAt, mode === 'REPLACE');
    return keepLivePolicies(policies, clusterId, found, seen);
  },
} as const;
