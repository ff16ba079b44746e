import {
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { FirstArgumentType } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { Protocol } from '../graphql/policy-words.graphql.js';
import {
  DateTimeScalar,
  IpAddressScalar,
  JsonScalar,
  PortScalar,
} from '../graphql/scalars.graphql.js';
import { encodeId } from '../query/node-id.js';
import { checkedSize } from '../query/page.js';
import type { FirstOf } from '../query/rows-of-keys.loader.js';
import { ClusterType } from './cluster.graphql.js';
import type { Cluster } from './cluster.js';
import { namespaceId } from './identity.js';
import type { InventoryContext } from './inventory-context.js';
import type { LabelSet } from './label-set.js';
import type { Labels } from './labels.js';
import { NamespaceType } from './namespace.graphql.js';
import { type Namespace, type Revision, RevisionSource } from './namespace.js';
import { clusterOf } from './of-cluster.js';
import { type DeclaredPort, Isolation, type Peer } from './peer.js';

@ObjectType('DeclaredPort', { description: 'A port that a container declares.' })
class DeclaredPortType implements DeclaredPort {
  @Field(() => String, { nullable: true, description: 'Its name, which policies may use' })
  readonly name!: string | null;

  @Field(() => PortScalar, { description: 'Number of the port' })
  readonly port!: number;

  @Field(() => Protocol, { description: 'The protocol of the port' })
  readonly protocol!: DeclaredPort['protocol'];
}

registerEnumType(RevisionSource, {
  name: 'RevisionSource',
  description: 'Where labels are known from.',
  valuesConfig: {
    POD: { description: 'A pod of the workload' },
    TEMPLATE: { description: 'The template of a workload, or the object itself' },
  },
});

@ObjectType('LabelRevision', { description: 'Labels within a half-open interval.' })
class LabelRevisionType implements Revision {
  @Field(() => DateTimeScalar, {
    description: 'Since when; the first revision also stands for earlier flows',
  })
  readonly validFrom!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when; null: they still are' })
  readonly validTo!: string | null;

  @Field(() => JsonScalar, { description: 'An object of strings' })
  readonly labels!: Labels;

  @Field(() => RevisionSource, { description: 'Where they are known from' })
  readonly source!: RevisionSource;
}

@ObjectType('LabelSet', {
  description:
    'What policies can see of a pod: a deployment has one for each distinct one among its pods.',
})
class LabelSetType implements Omit<LabelSet, 'deploymentId' | 'id' | 'ports'> {
  @Field(() => JsonScalar, {
    description: 'All labels, also those that controllers write; an object of strings',
  })
  readonly labels!: Labels;

  @Field(() => Int, { description: 'Pods that carry it and have not ended' })
  readonly pods!: number;

  @Field(() => [DeclaredPortType], {
    description: 'Ports that their containers declare by a name, which policies may use',
  })
  readonly namedPorts!: readonly DeclaredPort[];

  @Field(() => Boolean, { description: "Whether they are on their nodes' network" })
  readonly hostNetwork!: boolean;
}

@ObjectType('Deployment', {
  implements: NodeType,
  description:
    'Any workload that owns pods, told apart by its kind. It stays the same over redeploys: its identity is cluster, namespace, kind and name.',
})
export class DeploymentType extends NodeType {
  @Field(() => String, { description: 'Its name' })
  readonly name!: string;

  @Field(() => Boolean, {
    description: 'No object or owner reference has shown it: inferred from names of pods',
  })
  readonly inferred!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was first known' })
  readonly firstSeenAt!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it went away' })
  readonly endedAt!: string | null;
}

const firstOf = ({ clusterId, id }: Peer, first: number): FirstOf => ({
  clusterId,
  id,
  first: checkedSize('first', first),
});

@Resolver(() => DeploymentType)
export class DeploymentResolver {
  @FieldResolver(() => ID, { description: 'Stable over restarts, redeploys and re-imports' })
  id(@Root() { clusterId, id }: Peer): string {
    return encodeId('Deployment', clusterId, id);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it belongs to' })
  cluster(@Root() peer: Peer, @Ctx() context: InventoryContext): Promise<Cluster> {
    return clusterOf(peer, context);
  }

  @FieldResolver(() => NamespaceType, { description: 'The namespace that it is in' })
  async namespace(
    @Root() { clusterId, namespace }: Peer,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<Namespace> {
    const id = namespaceId(namespace ?? '');
    const found = await loaders.namespaces.load({ clusterId, id });
    if (found === null) throw new Error(`namespace \`${namespace}\` of a deployment is not stored`);
    return found;
  }

  @FieldResolver(() => String, {
    description: '`Deployment`, `StatefulSet`, `Pod`, or the kind of a custom owner',
  })
  kind(@Root() { workloadKind }: Peer): string {
    return workloadKind ?? '';
  }

  @FieldResolver(() => JsonScalar, {
    description: 'The labels that all of its pods carry; empty while none are known',
  })
  labels(@Root() { labels }: Peer): Labels {
    return labels ?? {};
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether anything has told its labels; until then no policy can be held against it',
  })
  labelsKnown(@Root() { labels }: Peer): boolean {
    return labels !== null;
  }

  @FieldResolver(() => [DeclaredPortType], { description: 'Ports that its containers declare' })
  ports(@Root() { ports }: Peer): readonly DeclaredPort[] {
    return ports ?? [];
  }

  @FieldResolver(() => Boolean, { description: "Whether its pods are on their nodes' network" })
  hostNetwork(@Root() { hostNetwork }: Peer): boolean {
    return hostNetwork ?? false;
  }

  @FieldResolver(() => Isolation, {
    nullable: true,
    description:
      'For which directions policies in force select its pods; null while its labels are not known',
  })
  isolation(@Root() { isolation }: Peer): Isolation | null {
    return isolation;
  }

  @FieldResolver(() => Int, { description: 'Pods that snapshots showed and that have not ended' })
  async podCount(@Root() peer: Peer, @Ctx() { loaders }: InventoryContext): Promise<number> {
    return (await loaders.deploymentPods.load({ ...peer, first: 0 }))?.pods ?? 0;
  }

  @FieldResolver(() => [IpAddressScalar], {
    description: 'Addresses that its pods hold now, in their order',
  })
  async addresses(
    @Root() peer: Peer,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<readonly string[]> {
    return (await loaders.deploymentPods.load(firstOf(peer, first)))?.addresses ?? [];
  }

  @FieldResolver(() => [String], {
    description:
      'What it was taken for before, as `namespace/kind/name` or by address or labels, in their order',
  })
  async aliases(
    @Root() peer: Peer,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<readonly string[]> {
    return (await loaders.deploymentAliases.load(firstOf(peer, first))).map(
      ({ naturalKey }) => naturalKey,
    );
  }

  @FieldResolver(() => [LabelSetType], {
    description:
      'One for each distinct set of labels, ports and network among its pods; empty while snapshots show no pod of it. Verdicts hold for all of them, else they are UNDECIDABLE with basis `mixed-label-sets`',
  })
  async labelSets(
    @Root() peer: Peer,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<readonly LabelSetType[]> {
    const sets = await loaders.deploymentLabelSets.load(firstOf(peer, first));
    return sets.map(({ ports, ...set }) => ({
      ...set,
      namedPorts: ports.filter(({ name }) => name !== null),
    }));
  }

  @FieldResolver(() => [LabelRevisionType], { description: 'Its labels over time, newest first' })
  async revisions(
    @Root() peer: Peer,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<readonly LabelRevisionType[]> {
    return loaders.deploymentRevisions.load(firstOf(peer, first));
  }
}
