import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { FIRST_OF_MOST } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { DateTimeScalar, YamlScalar } from '../graphql/scalars.graphql.js';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import { clusterOf } from '../inventory/of-cluster.js';
import type { Peer } from '../inventory/peer.js';
import { PolicyDialect, renderAs } from '../netpol/index.js';
import { encodeId } from '../query/node-id.js';
import { checkedSize } from '../query/page.js';
import { GeneratedRuleType } from './generated-rule.graphql.js';
import {
  originOf,
  type PolicySet,
  type PolicySetItem,
  PolicySetOrigin,
  type StoredRule,
  setYaml,
} from './policy-set.js';
import type { ItemOfSet, PolicySetStore } from './policy-set.store.js';

registerEnumType(PolicySetOrigin, {
  name: 'GenerateFrom',
  description: 'What policies are generated from.',
  valuesConfig: {
    BASELINES: { description: 'What the baselines of the deployments hold' },
    FLOWS: { description: 'What was observed in the window' },
  },
});

registerEnumType(PolicyDialect, {
  name: 'PolicyDialect',
  description: 'What a generated policy can be written as besides NetworkPolicy.',
  valuesConfig: {
    CILIUM: { description: 'CiliumNetworkPolicy of `cilium.io/v2`: entities, and hosts by name' },
    CALICO: { description: 'NetworkPolicy of `projectcalico.org/v3`' },
    CLUSTER_NETWORK_POLICY: {
      description:
        'ClusterNetworkPolicy of `policy.networking.k8s.io/v1alpha2`, in its Baseline tier',
    },
  },
});

@ObjectType('GeneratedPolicy', { description: 'One policy of a set.' })
export class GeneratedPolicyType {
  @Field(() => String, { description: 'As in its metadata' })
  readonly name!: string;

  @Field(() => String, { description: 'As in its metadata' })
  readonly namespace!: string;

  @Field(() => YamlScalar, {
    description: 'One document, byte for byte the same for the same input',
  })
  readonly yaml!: string;

  @Field(() => [GeneratedRuleType], {
    description: 'In the order of the document: ingress, then egress',
  })
  readonly rules!: readonly StoredRule[];
}

@ObjectType('PolicyRendering', {
  description: 'A generated policy in another dialect.',
})
class PolicyRenderingType {
  @Field(() => YamlScalar, { description: 'One document; above it stands what it cannot say' })
  readonly yaml!: string;

  @Field(() => [String], {
    description: 'What it does not say as the NetworkPolicy does, a line each; empty: nothing',
  })
  readonly cannot!: readonly string[];
}

/** A policy of a set, with the cluster that its deployment is of. */
export type OwnedItem = PolicySetItem & { readonly clusterId: number };

type Load<K, V> = { load(key: K): Promise<V> };
type Key = { readonly clusterId: number; readonly id: string };

type Context = {
  readonly stores: { readonly policySets: PolicySetStore };
  readonly loaders: {
    readonly clusters: InventoryLoaders['clusters'];
    readonly peers: Load<Key, Peer | null>;
    readonly policySetItems: Load<Key, readonly ItemOfSet[]>;
  };
};

@Resolver(() => GeneratedPolicyType)
export class GeneratedPolicyResolver {
  @FieldResolver(() => DeploymentType, {
    nullable: true,
    description: 'The deployment that the policy was generated for',
  })
  deployment(@Root() item: OwnedItem, @Ctx() { loaders }: Context): Promise<Peer | null> | null {
    if (item.deploymentId === null) return null;
    return loaders.peers.load({ clusterId: item.clusterId, id: item.deploymentId });
  }

  @FieldResolver(() => PolicyRenderingType, {
    description:
      'The policy as other kinds write it; it is the same policy as far as they can say it',
  })
  rendering(
    @Arg('as', () => PolicyDialect, { description: 'The dialect' }) dialect: PolicyDialect,
    @Root() { yaml, rules }: OwnedItem,
  ): PolicyRenderingType {
    const words = rules.map(rule => ({ peer: rule.peer, origin: originOf(rule) }));
    return renderAs(dialect, yaml, words);
  }
}

@ObjectType('PolicySet', {
  implements: NodeType,
  description: 'A named, versioned collection of policies, simulated and applied as one.',
})
export class PolicySetType extends NodeType {
  @Field(() => String, { description: 'Its name in the cluster' })
  readonly name!: string;

  @Field(() => Int, {
    description: 'From 1; one more with each generation that came to other bytes',
  })
  readonly version!: number;

  @Field(() => PolicySetOrigin, { description: 'What it was generated from' })
  readonly origin!: PolicySetOrigin;

  @Field(() => DateTimeScalar, { description: 'When it was made' })
  readonly createdAt!: string;
}

@Resolver(() => PolicySetType)
export class PolicySetResolver {
  @Query(() => PolicySetType, {
    nullable: true,
    description: 'The latest version of a policy set; null when there is none of that name',
  })
  policySet(
    @Arg('name', () => String, { description: 'Name of the set' }) name: string,
    @Arg('cluster', () => String, { description: 'Name of the cluster' }) cluster: string,
    @Ctx() { stores }: Context,
  ): Promise<PolicySet | null> {
    return stores.policySets.latest(cluster, name);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it is for' })
  cluster(@Root() set: PolicySet, @Ctx() context: Context): Promise<Cluster> {
    return clusterOf(set, context);
  }

  @FieldResolver(() => ID, { description: 'Of this version of the set' })
  id(@Root() set: PolicySet): string {
    return encodeId('PolicySet', set.clusterId, set.id);
  }

  @FieldResolver(() => [GeneratedPolicyType], {
    description:
      'The policies of this version, in the order of their documents; `yaml` has all of them',
  })
  async policies(
    @Root() set: PolicySet,
    @Arg('first', () => Int, FIRST_OF_MOST)
    first: number,
    @Ctx() { loaders }: Context,
  ): Promise<readonly ItemOfSet[]> {
    const size = checkedSize('first', first);
    return (await loaders.policySetItems.load(set)).slice(0, size);
  }

  @FieldResolver(() => Int, { description: 'How many policies this version has' })
  async policyCount(@Root() set: PolicySet, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.policySetItems.load(set)).length;
  }

  @FieldResolver(() => YamlScalar, { description: 'All of its policies as one file' })
  async yaml(@Root() set: PolicySet, @Ctx() { loaders }: Context): Promise<string> {
    return setYaml(await loaders.policySetItems.load(set));
  }
}
