import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { oneOf, statement } from '../database/row.js';
import { and, type Condition, sql } from '../query/condition.js';
import { type FacetCount, facetColumns, facetsOf, facetValues } from '../query/facets.js';

/** Properties that policies are counted by. */
export const PolicyFacetName = {
  cluster: 'cluster',
  kind: 'kind',
  namespace: 'namespace',
  source: 'source',
} as const;
export type PolicyFacetName = (typeof PolicyFacetName)[keyof typeof PolicyFacetName];

export type PolicyFacetStore = {
  /**
   * How policies fall apart; by facet, the most frequent values first, at most a hundred of each.
   * @param filter over `policy` p and `cluster` c
   */
  of(filter: Condition): Promise<readonly FacetCount<PolicyFacetName>[]>;
};

const OF = statement<FacetCount<PolicyFacetName>>('policyFacets.of', {
  ...facetColumns(oneOf(PolicyFacetName)),
});

export const policyFacetStore = (manager: EntityManager, caller: Caller): PolicyFacetStore => ({
  of: filter => {
    const seen = visible(caller, { clusterId: 'p.cluster_id', namespace: 'p.namespace' });
    const found = sql`found as materialized (select c.name as cluster, p.kind, p.namespace, p.source
      from policy p join cluster c on c.id = p.cluster_id where ${and([seen, filter])})`;
    return OF.ask(manager, facetsOf(found, facetValues(Object.values(PolicyFacetName))));
  },
});
