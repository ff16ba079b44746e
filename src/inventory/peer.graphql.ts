import {
  Ctx,
  createUnionType,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { NodeType, tagged, typeNameOf } from '../graphql/node.graphql.js';
import {
  CidrScalar,
  DateTimeScalar,
  IpAddressScalar,
  JsonScalar,
} from '../graphql/scalars.graphql.js';
import { encodeId } from '../query/node-id.js';
import { ClusterType } from './cluster.graphql.js';
import type { Cluster } from './cluster.js';
import { DeploymentType } from './deployment.graphql.js';
import type { InventoryContext } from './inventory-context.js';
import type { Labels } from './labels.js';
import { clusterOf } from './of-cluster.js';
import type { Peer, PeerKind } from './peer.js';

const TYPE_NAMES = {
  DEPLOYMENT: 'Deployment',
  EXTERNAL: 'ExternalEntity',
  NODE: 'ClusterNode',
  UNRESOLVED: 'UnresolvedPeer',
  MASKED: 'UnresolvedPeer',
} as const satisfies Record<PeerKind, string>;

/** The id that the API knows a peer by. That of a masked one is sealed before it is answered, and leads nowhere. */
export const nodeIdOfPeer = ({ kind, clusterId, id }: Peer): string =>
  encodeId(kind === 'MASKED' ? 'MaskedPeer' : TYPE_NAMES[kind], clusterId, id);

/** A peer as a value of the union. */
export const taggedPeer = (peer: Peer) => tagged(TYPE_NAMES[peer.kind], peer);

@ObjectType('ExternalEntity', {
  implements: NodeType,
  description:
    'Something outside the cluster: an address, a block, a DNS name, or a reserved name.',
})
export class ExternalEntityType extends NodeType {
  @Field(() => String, { description: 'The DNS name where one is known, else what identifies it' })
  readonly name!: string;

  @Field(() => IpAddressScalar, {
    nullable: true,
    description: 'Its address, if it is identified by one',
  })
  readonly address!: string | null;

  @Field(() => CidrScalar, { nullable: true, description: 'Its block, if it is identified by one' })
  readonly cidr!: string | null;

  @Field(() => String, { nullable: true, description: 'A DNS name that it was looked up by' })
  readonly dnsName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "A reserved name of the source, such as Hubble's `world` or `kube-apiserver`",
  })
  readonly entity!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was first seen in a flow' })
  readonly firstSeenAt!: string | null;
}

@ObjectType('ClusterNode', {
  implements: NodeType,
  description: 'A machine of the cluster, with everything that runs on its network.',
})
export class ClusterNodeType extends NodeType {
  @Field(() => String, { description: 'As the API server knows it, or its address' })
  readonly name!: string;

  @Field(() => Boolean, { description: 'No snapshot has shown it: learned from flows' })
  readonly inferred!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was first known' })
  readonly firstSeenAt!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it went away' })
  readonly endedAt!: string | null;
}

@ObjectType('UnresolvedPeer', {
  implements: NodeType,
  description:
    'An end of flows that nothing known tells. A later snapshot may: then its flows move, and its id leads to what it was. Also one outside of the scope of who asks: its name is `masked`, its reason `OUTSIDE_SCOPE`, and nothing else of it is told.',
})
class UnresolvedPeerType extends NodeType {
  @Field(() => String, { description: 'Its address, or its namespace and labels' })
  readonly name!: string;

  @Field(() => String, { description: 'Why nobody knows who it is' })
  readonly reason!: string;

  @Field(() => IpAddressScalar, {
    nullable: true,
    description: 'Its address, where flows gave one',
  })
  readonly address!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was first seen in a flow' })
  readonly firstSeenAt!: string | null;
}

export const PeerUnion = createUnionType({
  name: 'Peer',
  description: 'One end of a flow.',
  types: () => [DeploymentType, ExternalEntityType, ClusterNodeType, UnresolvedPeerType] as const,
  resolveType: typeNameOf,
});

@Resolver(() => ExternalEntityType)
export class ExternalEntityResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Name of the block that its address lies in, of those that `importExternalBlocks` named; the longest prefix counts. Null: in none',
  })
  async block(@Root() { clusterId, id }: Peer, @Ctx() { loaders }: InventoryContext) {
    return (await loaders.externalBlocks.load({ clusterId, id }))?.name ?? null;
  }

  @FieldResolver(() => ID, { description: 'Stable over restarts' })
  id(@Root() peer: Peer): string {
    return nodeIdOfPeer(peer);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it was seen from' })
  cluster(@Root() peer: Peer, @Ctx() context: InventoryContext): Promise<Cluster> {
    return clusterOf(peer, context);
  }
}

@Resolver(() => ClusterNodeType)
export class ClusterNodeResolver {
  @FieldResolver(() => ID, { description: 'Stable over restarts and re-imports' })
  id(@Root() peer: Peer): string {
    return nodeIdOfPeer(peer);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it belongs to' })
  cluster(@Root() peer: Peer, @Ctx() context: InventoryContext): Promise<Cluster> {
    return clusterOf(peer, context);
  }

  @FieldResolver(() => JsonScalar, { description: 'As the last snapshot showed them' })
  labels(@Root() { labels }: Peer): Labels {
    return labels ?? {};
  }
}

@Resolver(() => UnresolvedPeerType)
export class UnresolvedPeerResolver {
  @FieldResolver(() => ID, { description: 'Leads to what it turned out to be, once that is known' })
  id(@Root() peer: Peer): string {
    return nodeIdOfPeer(peer);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it was seen in' })
  cluster(@Root() peer: Peer, @Ctx() context: InventoryContext): Promise<Cluster> {
    return clusterOf(peer, context);
  }

  // Fields of one name in the types of a union must be of one type, or nobody can ask for both.
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Its namespace, where flows gave one',
  })
  namespaceName(@Root() { namespace }: Peer): string | null {
    return namespace;
  }

  @FieldResolver(() => JsonScalar, { description: 'Its labels; empty where flows gave none' })
  labels(@Root() { labels }: Peer): Labels {
    return labels ?? {};
  }
}
