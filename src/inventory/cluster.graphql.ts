import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { connectionOf, orderOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { StringFilterInput } from '../graphql/filter.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { BigIntScalar, DateTimeScalar } from '../graphql/scalars.graphql.js';
import { encodeId } from '../query/node-id.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import type { Cluster } from './cluster.js';
import type { ClusterCounts } from './cluster.store.js';
import {
  type ClusterFilter,
  type ClusterOrder,
  ClusterOrderField,
  clusterCondition,
  clusterOrder,
} from './cluster-page.js';
import type { InventoryContext } from './inventory-context.js';

@ObjectType('ClusterCounts', { description: 'How much of a cluster is known and has not ended.' })
export class ClusterCountsType implements Omit<ClusterCounts, 'clusterId'> {
  @Field(() => Int, { description: 'Namespaces, implied ones too' })
  readonly namespaces!: number;

  @Field(() => Int, { description: 'Deployments of every kind' })
  readonly deployments!: number;

  @Field(() => Int, { description: 'Pods that snapshots showed' })
  readonly pods!: number;

  @Field(() => Int, { description: 'Services of all namespaces' })
  readonly services!: number;

  @Field(() => Int, { description: 'Nodes of the cluster' })
  readonly nodes!: number;
}

@ObjectType('Cluster', { implements: NodeType, description: 'A Kubernetes cluster.' })
export class ClusterType extends NodeType {
  @Field(() => String, { description: 'The name that imports give it' })
  readonly name!: string;

  @Field(() => DateTimeScalar, { description: 'When its first import or flow came' })
  readonly createdAt!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Time of the newest snapshot; null: none was imported',
  })
  readonly lastImportAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When flows were last taken in; null: never',
  })
  readonly lastIngestAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The latest that any flow was seen, by the clock of the source',
  })
  readonly newestObservationAt!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Days of observation time for which flows are kept; null: all are kept',
  })
  readonly retentionDays!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Days of observation time after which counts by hour become counts by day; null: they never do',
  })
  readonly rollUpDays!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Counts before it are by day: a window that begins or ends within such a day does not cut it. Null: all are by hour',
  })
  readonly rolledUntil!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'What was observed before it was forgotten (`setRetention`), also where all is kept since. Null: nothing was forgotten',
  })
  readonly forgottenUntil!: string | null;

  @Field(() => Int, {
    description:
      'Version of its settings: goes up with each `setRetention`, `setRollUp`, `setClusterRanges` and `importExternalBlocks` of the cluster. 0: nobody set any',
  })
  readonly settingsVersion!: number;
}

registerEnumType(ClusterOrderField, {
  name: 'ClusterOrderField',
  description: 'What clusters are ordered by.',
  valuesConfig: {
    NAME: { description: 'By name' },
    CREATED_AT: { description: 'By the time at which they were created' },
  },
});

const ClusterOrderInput = orderOf('Cluster', ClusterOrderField);

@InputType('ClusterFilter', { description: 'All given fields must hold.' })
class ClusterFilterInput implements ClusterFilter {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly name?: StringFilterInput | null;

  @Field(() => [ClusterFilterInput], { nullable: true, description: 'All of these hold as well' })
  readonly and?: ClusterFilterInput[] | null;

  @Field(() => [ClusterFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: ClusterFilterInput[] | null;

  @Field(() => ClusterFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: ClusterFilterInput | null;
}

const ClusterConnection = connectionOf('Cluster', () => ClusterType);

@Resolver(() => ClusterType)
export class ClusterResolver {
  @Query(() => ClusterType, {
    nullable: true,
    description: 'The cluster of a name; null when there is none',
  })
  cluster(
    @Arg('name', () => String, { description: 'Name of the cluster' }) name: string,
    @Ctx() { stores }: InventoryContext,
  ): Promise<Cluster | null> {
    return stores.clusters.byName(name);
  }

  @Query(() => ClusterConnection, { description: 'Clusters, by name unless asked otherwise' })
  async clusters(
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Arg('filter', () => ClusterFilterInput, { nullable: true, description: 'Which ones' })
    filter: ClusterFilterInput | null,
    @Arg('orderBy', () => ClusterOrderInput, { nullable: true, description: 'In which order' })
    order: ClusterOrder | null,
    @Ctx() { stores }: InventoryContext,
  ): Promise<Page<Cluster>> {
    const request = pageRequest(page, clusterOrder(order));
    const condition = clusterCondition(filter);
    const rows = await stores.clusters.page(condition, request);
    return pageOf(request, rows, async () => totalCountOf(await stores.clusters.count(condition)));
  }

  @FieldResolver(() => ID, { description: 'Stable over restarts' })
  id(@Root() { id }: Cluster): string {
    return encodeId('Cluster', id);
  }

  @FieldResolver(() => ClusterCountsType, { description: 'How much of it is known' })
  async counts(
    @Root() { id }: Cluster,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<ClusterCountsType> {
    const counts = await loaders.clusterCounts.load(id);
    if (counts === null) throw new Error(`cluster ${id} has no counts`);
    return counts;
  }

  @FieldResolver(() => BigIntScalar, {
    description:
      'Version of its labels, namespaces, nodes and Services; another one after each change',
  })
  factsVersion(@Root() { factsVersion }: Cluster): string {
    return factsVersion;
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Version of its policies in force; another one after each change',
  })
  policiesVersion(@Root() { policiesVersion }: Cluster): string {
    return policiesVersion;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether verdicts of flows are being renewed after a change of policies, labels or namespaces; until that is done the last complete ones are shown',
  })
  evaluating(@Root() { pendingEpoch }: Cluster): boolean {
    return pendingEpoch !== null;
  }
}
