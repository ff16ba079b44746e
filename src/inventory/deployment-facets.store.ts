import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import { oneOf, statement } from '../database/row.js';
import { and, type Condition, sql } from '../query/condition.js';
import { type FacetCount, facetColumns, facetsOf, facetValues } from '../query/facets.js';
import { DEPLOYMENTS } from './deployment.store.js';

/** Properties that deployments are counted by. */
export const DeploymentFacetName = {
  cluster: 'cluster',
  isolation: 'isolation',
  kind: 'kind',
  namespace: 'namespace',
} as const;
export type DeploymentFacetName = (typeof DeploymentFacetName)[keyof typeof DeploymentFacetName];

export type DeploymentFacetStore = {
  /**
   * How deployments fall apart; by facet, the most frequent values first, at most a hundred of each.
   * @param filter over `peer` p
   */
  of(filter: Condition): Promise<readonly FacetCount<DeploymentFacetName>[]>;
};

const OF = statement<FacetCount<DeploymentFacetName>>('deploymentFacets.of', {
  ...facetColumns(oneOf(DeploymentFacetName)),
});

export const deploymentFacetStore = (
  manager: EntityManager,
  caller: Caller,
): DeploymentFacetStore => ({
  of: filter => {
    const rows = and([DEPLOYMENTS, visibleWorkload(caller, 'p'), filter]);
    const found = sql`found as materialized (select c.name as cluster, p.isolation, p.workload_kind as kind, p.namespace
      from peer p join cluster c on c.id = p.cluster_id where ${rows})`;
    return OF.ask(manager, facetsOf(found, facetValues(Object.values(DeploymentFacetName))));
  },
});
