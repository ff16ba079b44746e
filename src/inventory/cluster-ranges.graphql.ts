import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { FirstArgumentType } from '../graphql/connection.graphql.js';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { CidrScalar } from '../graphql/scalars.graphql.js';
import { checkedSize } from '../query/page.js';
import { ClusterType } from './cluster.graphql.js';
import type { Cluster } from './cluster.js';
import { type ClusterRange, RangeSource } from './cluster-range.js';
import type { InventoryContext } from './inventory-context.js';
import type { SetClusterRangesInput } from './set-cluster-ranges.js';

registerEnumType(RangeSource, {
  name: 'RangeSource',
  description: "What tells that addresses are a cluster's own.",
  valuesConfig: {
    DECLARED: { description: 'A user, by `setClusterRanges`' },
    POD_CIDR: {
      description:
        'Of one node: its `spec.podCIDRs`, those of its CiliumNode, or the annotation of OVN-Kubernetes',
    },
    POD_POOL: { description: 'Of all nodes: an IPPool of Calico, or the Network of OpenShift' },
    SERVICE_CIDR: { description: 'A ServiceCIDR, or the Network of OpenShift' },
  },
});

@ObjectType('ClusterRange', { description: "A block of a cluster's own addresses." })
class ClusterRangeType implements ClusterRange {
  @Field(() => CidrScalar, { description: 'The block of addresses' })
  readonly cidr!: string;

  @Field(() => RangeSource, { description: 'What tells it' })
  readonly source!: RangeSource;
}

@InputType('SetClusterRangesInput', { description: "Where a cluster's own addresses lie." })
class SetClusterRangesInputType implements SetClusterRangesInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => [String], {
    description: 'Blocks such as `10.244.0.0/16`, in the place of all that were declared before',
  })
  readonly cidrs!: string[];

  @Field(() => Int, {
    nullable: true,
    description:
      'Version of the settings of the cluster (`Cluster.settingsVersion`): where it is another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@ObjectType('SetClusterRangesPayload', { description: 'The cluster with its ranges.' })
class SetClusterRangesPayload {
  @Field(() => ClusterType, { nullable: true, description: 'Null when nothing was done' })
  readonly cluster!: Cluster | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

@Resolver(() => ClusterType)
export class ClusterRangesResolver {
  @FieldResolver(() => [ClusterRangeType], {
    description:
      "Where the cluster's own addresses are known or declared to lie. An address within, that nobody is known to hold, is `UNRESOLVED`; one outside of all is external. Addresses that a pod, Service or node had count by themselves. Those that were declared stand first",
  })
  async ranges(
    @Root() { id }: Cluster,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<readonly ClusterRangeType[]> {
    return (await loaders.clusterRanges.load(id)).slice(0, checkedSize('first', first));
  }

  @Mutation(() => SetClusterRangesPayload, {
    description:
      "Declares where a cluster's own addresses lie, for what nodes do not tell (`podCIDRs`). Flows that are taken in later heed it; none that are stored change.",
  })
  async setClusterRanges(
    @Arg('input', () => SetClusterRangesInputType, { description: 'Which cluster, which blocks' })
    input: SetClusterRangesInputType,
    @Ctx() { useCases }: InventoryContext,
  ): Promise<SetClusterRangesPayload> {
    const { cluster, problems } = await useCases.setClusterRanges(input);
    return { cluster, problems: problems.map(problemOf) };
  }
}
