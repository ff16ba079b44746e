import { Arg, Ctx, Query, Resolver, registerEnumType } from 'type-graphql';
import { facetOf } from '../graphql/facet.graphql.js';
import type { FacetCount } from '../query/facets.js';
import { PolicyFilterInput } from './policy.graphql.js';
import { PolicyFacetName, type PolicyFacetStore } from './policy-facets.store.js';
import { policyCondition } from './policy-filter.js';

registerEnumType(PolicyFacetName, {
  name: 'PolicyFacetName',
  description: 'The properties that policies are counted by.',
  valuesConfig: {
    cluster: { description: 'Name of the cluster' },
    kind: { description: 'Kind of the policy' },
    namespace: { description: 'Its namespace; those of the whole cluster have none' },
    source: { description: 'Where it comes from' },
  },
});

const PolicyFacetType = facetOf('Policy', PolicyFacetName, 'policies');

type Context = { readonly stores: { readonly policyFacets: PolicyFacetStore } };

@Resolver()
export class PolicyFacetsResolver {
  @Query(() => [PolicyFacetType], {
    description:
      'How the policies that a filter finds fall apart; by facet, the most frequent values first, at most a hundred of each',
  })
  policyFacets(
    @Arg('filter', () => PolicyFilterInput, { nullable: true, description: 'Which policies' })
    filter: PolicyFilterInput | null,
    @Ctx() { stores }: Context,
  ): Promise<readonly FacetCount<PolicyFacetName>[]> {
    return stores.policyFacets.of(policyCondition(filter));
  }
}
