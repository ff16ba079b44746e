import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { StringFilterInput } from '../graphql/filter.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { DateTimeScalar, YamlScalar } from '../graphql/scalars.graphql.js';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import { clusterOf } from '../inventory/of-cluster.js';
import { encodeId } from '../query/node-id.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { type PolicyRecord, PolicySource } from './policy.js';
import type { PolicyStore } from './policy.store.js';
import { POLICY_ORDER, type PolicyFilters, policyCondition } from './policy-filter.js';

registerEnumType(PolicySource, {
  name: 'PolicySource',
  description: 'Where a policy comes from.',
  valuesConfig: {
    LIVE: { description: 'In force in the cluster, as the last snapshot showed it' },
    GITOPS: { description: 'From a repository' },
    GENERATED: { description: 'Generated here' },
    DRAFT: { description: 'Written here, not applied' },
  },
});

@ObjectType('Policy', {
  implements: NodeType,
  description:
    'A NetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy or ClusterNetworkPolicy.',
})
export class PolicyType extends NodeType {
  @Field(() => PolicySource, { description: 'Where it comes from' })
  readonly source!: PolicySource;

  @Field(() => String, { description: 'As written, for example `NetworkPolicy`' })
  readonly kind!: string;

  @Field(() => String, { nullable: true, description: 'Null for cluster-scoped kinds' })
  readonly namespace!: string | null;

  @Field(() => String, { description: 'As in its metadata' })
  readonly name!: string;

  @Field(() => YamlScalar, { description: 'The policy in a stable form, suitable for Git' })
  readonly yaml!: string;

  @Field(() => DateTimeScalar, { description: 'Since when it stands as it is' })
  readonly validFrom!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it went away; null: it is in force',
  })
  readonly endedAt!: string | null;
}

@InputType('PolicyFilter', { description: 'All given fields must hold.' })
export class PolicyFilterInput implements PolicyFilters {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Namespace of the policy' })
  readonly namespace?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the policy' })
  readonly name?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Kind of the policy' })
  readonly kind?: StringFilterInput | null;

  @Field(() => [PolicySource], { nullable: true, description: 'Where it comes from; one of these' })
  readonly source?: PolicySource[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: also those that went away. Default false',
  })
  readonly ended?: boolean | null;

  @Field(() => [PolicyFilterInput], { nullable: true, description: 'All of these' })
  readonly and?: PolicyFilterInput[] | null;

  @Field(() => [PolicyFilterInput], { nullable: true, description: 'At least one of these' })
  readonly or?: PolicyFilterInput[] | null;

  @Field(() => PolicyFilterInput, { nullable: true, description: 'Not this' })
  readonly not?: PolicyFilterInput | null;
}

export const PolicyConnection = connectionOf('Policy', () => PolicyType);

type Context = {
  readonly stores: { readonly policies: PolicyStore };
  readonly loaders: Pick<InventoryLoaders, 'clusters'>;
};

@Resolver(() => PolicyType)
export class PolicyResolver {
  @Query(() => PolicyConnection, {
    description: 'Policies, ordered by cluster, namespace and name',
  })
  async policies(
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Arg('filter', () => PolicyFilterInput, { nullable: true, description: 'Which ones' })
    filter: PolicyFilterInput | null,
    @Ctx() { stores }: Context,
  ): Promise<Page<PolicyRecord>> {
    const request = pageRequest(page, POLICY_ORDER);
    const condition = policyCondition(filter);
    const rows = await stores.policies.page(condition, request);
    return pageOf(request, rows, async () => totalCountOf(await stores.policies.count(condition)));
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it is in' })
  cluster(@Root() policy: PolicyRecord, @Ctx() context: Context): Promise<Cluster> {
    return clusterOf(policy, context);
  }

  @FieldResolver(() => ID, { description: 'Stable over restarts and re-imports' })
  id(@Root() policy: PolicyRecord): string {
    return encodeId('Policy', policy.clusterId, policy.id);
  }
}
