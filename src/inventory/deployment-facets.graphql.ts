import { Arg, Ctx, Query, Resolver, registerEnumType } from 'type-graphql';
import { facetOf } from '../graphql/facet.graphql.js';
import type { FacetCount } from '../query/facets.js';
import { DeploymentFacetName, type DeploymentFacetStore } from './deployment-facets.store.js';
import { DeploymentFilterInput } from './deployment-filter.graphql.js';
import { deploymentCondition } from './deployment-filter.js';

registerEnumType(DeploymentFacetName, {
  name: 'DeploymentFacetName',
  description: 'The properties that deployments are counted by.',
  valuesConfig: {
    cluster: { description: 'Name of the cluster' },
    isolation: { description: 'For which directions policies select it' },
    kind: { description: 'Kind of the workload' },
    namespace: { description: 'Name of the namespace' },
  },
});

const DeploymentFacetType = facetOf('Deployment', DeploymentFacetName, 'deployments');

type Context = { readonly stores: { readonly deploymentFacets: DeploymentFacetStore } };

@Resolver()
export class DeploymentFacetsResolver {
  @Query(() => [DeploymentFacetType], {
    description:
      'How the deployments that a filter finds fall apart; by facet, the most frequent values first, at most a hundred of each',
  })
  deploymentFacets(
    @Arg('filter', () => DeploymentFilterInput, {
      nullable: true,
      description: 'Which deployments',
    })
    filter: DeploymentFilterInput | null,
    @Ctx() { stores }: Context,
  ): Promise<readonly FacetCount<DeploymentFacetName>[]> {
    return stores.deploymentFacets.of(deploymentCondition(filter));
  }
}
