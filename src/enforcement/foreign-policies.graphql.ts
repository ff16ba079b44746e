import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import type { Explained } from './explained.js';
import { ExplanationType } from './explanation.graphql.js';
import type { ForeignPolicyLoader, NamespaceForeignPolicyLoader } from './foreign-policy.loader.js';
import { NetworkGraphType } from './network-graph.graphql.js';

type Context = {
  readonly loaders: {
    readonly foreignPolicies: ForeignPolicyLoader;
    readonly namespaceForeignPolicies: NamespaceForeignPolicyLoader;
  };
};

const NAMES =
  'Policies of other APIs that act in the cluster, such as `CiliumNetworkPolicy/shop/web`: they are not read, and may change the answer. At most a hundred';

@Resolver(() => ClusterType)
export class ClusterForeignPoliciesResolver {
  @FieldResolver(() => [String], { description: NAMES })
  foreignPolicies(
    @Root() { id }: Cluster,
    @Ctx() { loaders }: Context,
  ): Promise<readonly string[]> {
    return loaders.foreignPolicies.load(id);
  }
}

@Resolver(() => DeploymentType)
export class DeploymentForeignPoliciesResolver {
  @FieldResolver(() => [String], {
    description:
      'Policies of other APIs in its namespace and of the whole cluster, such as `CiliumNetworkPolicy/shop/web`: they may select it, and `isolation` and `policies` do not tell of them. At most a hundred',
  })
  async foreignPolicies(
    @Root() {
      clusterId,
      namespace,
    }: { readonly clusterId: number; readonly namespace: string | null },
    @Ctx() { loaders }: Context,
  ): Promise<readonly string[]> {
    return loaders.namespaceForeignPolicies.load({ clusterId, namespace: namespace ?? '' });
  }
}

@Resolver(() => ExplanationType)
export class ExplanationForeignPoliciesResolver {
  @FieldResolver(() => [String], { description: NAMES })
  async foreignPolicies(
    @Root() { clusterId }: Explained,
    @Ctx() { loaders }: Context,
  ): Promise<readonly string[]> {
    return clusterId === undefined ? [] : loaders.foreignPolicies.load(clusterId);
  }
}

@Resolver(() => NetworkGraphType)
export class GraphForeignPoliciesResolver {
  @FieldResolver(() => [String], { description: NAMES })
  foreignPolicies(
    @Root() { cluster }: { readonly cluster: Pick<Cluster, 'id'> },
    @Ctx() { loaders }: Context,
  ): Promise<readonly string[]> {
    return loaders.foreignPolicies.load(cluster.id);
  }
}
