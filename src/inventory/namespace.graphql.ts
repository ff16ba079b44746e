import { Args, Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { DateTimeScalar, JsonScalar } from '../graphql/scalars.graphql.js';
import { encodeId } from '../query/node-id.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { ClusterType } from './cluster.graphql.js';
import type { Cluster } from './cluster.js';
import type { InventoryContext } from './inventory-context.js';
import type { Labels } from './labels.js';
import type { Namespace } from './namespace.js';
import { BY_NAME, namespacesOf } from './namespace-page.js';
import { clusterOf } from './of-cluster.js';

@ObjectType('Namespace', { implements: NodeType, description: 'A namespace of a cluster.' })
export class NamespaceType extends NodeType {
  @Field(() => String, { description: 'Its name' })
  readonly name!: string;

  @Field(() => JsonScalar, {
    description: 'Its labels, `kubernetes.io/metadata.name` always among them',
  })
  readonly labels!: Labels;

  @Field(() => Boolean, { description: 'No snapshot has shown it: implied by what is in it' })
  readonly inferred!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it went away' })
  readonly endedAt!: string | null;
}

export const NamespaceConnection = connectionOf('Namespace', () => NamespaceType);

@Resolver(() => NamespaceType)
export class NamespaceResolver {
  @FieldResolver(() => ID, { description: 'Stable over restarts and re-imports' })
  id(@Root() { clusterId, id }: Namespace): string {
    return encodeId('Namespace', clusterId, id);
  }

  @FieldResolver(() => ClusterType, { description: 'The cluster that it belongs to' })
  cluster(@Root() namespace: Namespace, @Ctx() context: InventoryContext): Promise<Cluster> {
    return clusterOf(namespace, context);
  }
}

@Resolver(() => ClusterType)
export class NamespacesOfClusterResolver {
  @FieldResolver(() => NamespaceConnection, {
    description: 'Its namespaces that have not ended, by name',
  })
  async namespaces(
    @Root() { id }: Cluster,
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Ctx() { stores }: InventoryContext,
  ): Promise<Page<Namespace>> {
    const request = pageRequest(page, BY_NAME);
    const ofCluster = namespacesOf(id);
    const rows = await stores.namespaces.page(ofCluster, request);
    return pageOf(request, rows, async () =>
      totalCountOf(await stores.namespaces.count(ofCluster)),
    );
  }
}
