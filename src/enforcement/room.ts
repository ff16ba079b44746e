import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import type { RecordedBatch } from '../flows/ingest/ingest.js';
import { finderOf } from '../graphql/node.graphql.js';
import type { Isolation } from '../inventory/deployment-filter.js';
import type { ImportMode, PoliciesTaken } from '../inventory/inventory-import.js';
import type { PoliciesFound } from '../inventory/snapshot.js';
import { type EvaluationStores, evaluateFresh, reevaluate } from './evaluate.js';
import { evaluationStore } from './evaluation.store.js';
import { ExplanationResolver } from './explain.graphql.js';
import { type ExplainInput, explain } from './explain.js';
import { FlowExplanationResolver } from './flow-explanation.graphql.js';
import { flowExplanationLoader } from './flow-explanation.loader.js';
import { graphStore } from './graph.store.js';
import { deploymentsIsolated } from './isolation.js';
import { keepLivePolicies } from './live.js';
import { NetworkGraphResolver } from './network-graph.graphql.js';
import { PolicyResolver } from './policy.graphql.js';
import { type PolicyStore, policyStore } from './policy.store.js';
import { PolicyRevisionTable, PolicyTable } from './policy.table.js';

type Deps = { readonly reads: EvaluationStores };

type Context = { readonly stores: { readonly policies: Pick<PolicyStore, 'byIds'> } };

/** The policies in force, what they say of each flow, and the network graph. */
export const enforcementRoom = {
  tables: [PolicyTable, PolicyRevisionTable],
  stores: (manager: EntityManager, caller: Caller) => ({
    evaluation: evaluationStore(manager),
    policies: policyStore(manager, caller),
    graph: graphStore(manager, caller),
  }),
  loaders: (stores: EvaluationStores) => ({ flowExplanations: flowExplanationLoader(stores) }),
  resolvers: [PolicyResolver, FlowExplanationResolver, NetworkGraphResolver, ExplanationResolver],
  finders: { Policy: finderOf(({ stores }: Context) => stores.policies) },
  useCases: ({ reads }: Deps) => ({
    explain: (input: ExplainInput) => explain(reads, input),
    deploymentsIsolated: (isolation: Isolation) => deploymentsIsolated(reads, isolation),
  }),
  afterRecord: (stores: EvaluationStores, { clusterId, recorded }: RecordedBatch) =>
    evaluateFresh(
      stores,
      clusterId,
      recorded.filter(row => row.fresh).map(({ id }) => id),
    ),
  policiesFound: (
    { policies }: { readonly policies: PolicyStore },
    clusterId: number,
    found: PoliciesFound,
    seen: { readonly mode: ImportMode; readonly observedAt: string },
  ): Promise<PoliciesTaken> => keepLivePolicies(policies, clusterId, found, seen),
  factsChanged: (stores: EvaluationStores, clusterId: number) => reevaluate(stores, clusterId),
} as const;
