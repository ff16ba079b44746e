import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { NodeType, tagged } from '../graphql/node.graphql.js';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import type { InventoryLoaders } from '../inventory/inventory.loader.js';
import { clusterOf } from '../inventory/of-cluster.js';
import { taggedPeer } from '../inventory/peer.graphql.js';
import { badInput } from '../query/api-error.js';
import type { PolicyLoader } from './policy.loader.js';
import { type SearchHit, SearchKind, type SearchStore } from './search.store.js';

registerEnumType(SearchKind, {
  name: 'SearchKind',
  description: 'What can be searched for by a part of its name.',
  valuesConfig: {
    DEPLOYMENT: { description: 'Deployments' },
    NAMESPACE: { description: 'Namespaces' },
    POLICY: { description: 'Policies' },
    EXTERNAL: { description: 'External entities' },
    NODE: { description: 'Nodes' },
  },
});

@ObjectType('SearchHit', { description: 'Something whose name holds what was searched for.' })
class SearchHitType {
  @Field(() => SearchKind, { description: 'What it is' })
  readonly kind!: SearchKind;

  @Field(() => String, { description: 'Its name, without its namespace' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'Null for what is in no namespace' })
  readonly namespace!: string | null;
}

const MOST = 100;
const LONGEST = 253;

@ArgsType()
class SearchArguments {
  @Field(() => String, {
    description: `Part of a name, in any case; 1 to ${LONGEST} characters. Three or more are looked up in an index`,
  })
  readonly text!: string;

  @Field(() => String, { nullable: true, description: 'Name of the cluster; all when not given' })
  readonly cluster?: string | null;

  @Field(() => [SearchKind], { nullable: true, description: 'Of these kinds; all when not given' })
  readonly kinds?: SearchKind[] | null;

  @Field(() => Int, {
    defaultValue: 10,
    description: `At most so many of each kind, ${MOST} at most`,
  })
  readonly first!: number;
}

type Context = {
  readonly stores: { readonly searches: SearchStore };
  readonly loaders: Pick<InventoryLoaders, 'clusters' | 'namespaces' | 'peers'> & {
    readonly policiesById: PolicyLoader;
  };
};

@Resolver(() => SearchHitType)
export class SearchResolver {
  @Query(() => [SearchHitType], {
    description:
      'What has a text in its name and has not ended, kind by kind: names that begin with it first, then the shorter ones. Flows and alerts are found by `search` in their filters',
  })
  search(
    @Args(() => SearchArguments) { text, cluster, kinds, first }: SearchArguments,
    @Ctx() { stores }: Context,
  ): Promise<readonly SearchHit[]> {
    if (text === '' || text.length > LONGEST)
      throw badInput(`\`text\` has not 1 to ${LONGEST} characters`);
    if (first < 0 || first > MOST)
      throw badInput(`\`first: ${first}\` is not between 0 and ${MOST}`);
    return stores.searches.search({
      text,
      cluster: cluster ?? null,
      kinds: [...new Set(kinds ?? Object.values(SearchKind))],
      most: first,
    });
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it is in' })
  cluster(@Root() hit: SearchHit, @Ctx() context: Context): Promise<Cluster> {
    return clusterOf(hit, context);
  }

  @FieldResolver(() => NodeType, { nullable: true, description: 'It; null when it is gone since' })
  async node(
    @Root() { kind, clusterId, id }: SearchHit,
    @Ctx() { loaders }: Context,
  ): Promise<object | null> {
    const key = { clusterId, id };
    if (kind === SearchKind.NAMESPACE) {
      const namespace = await loaders.namespaces.load(key);
      return namespace === null ? null : tagged('Namespace', namespace);
    }
    if (kind === SearchKind.POLICY) {
      const policy = await loaders.policiesById.load(key);
      return policy === null ? null : tagged('Policy', policy);
    }
    const peer = await loaders.peers.load(key);
    return peer === null ? null : taggedPeer(peer);
  }
}
