import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { connectionOf, PageArgumentsType } from '../../graphql/connection.graphql.js';
import { CidrFilterInput, StringFilterInput } from '../../graphql/filter.graphql.js';
import { NodeType } from '../../graphql/node.graphql.js';
import { CidrScalar } from '../../graphql/scalars.graphql.js';
import { encodeId } from '../../query/node-id.js';
import { type Page, pageOf, pageRequest, totalCountOf } from '../../query/page.js';
import { ClusterType } from '../cluster.graphql.js';
import type { Cluster } from '../cluster.js';
import type { InventoryContext } from '../inventory-context.js';
import { EVERY_CLUSTER, type ExternalBlock } from './external-block.js';
import { BLOCK_ORDER, blocksAsked, type ExternalBlockFilter } from './external-block-filter.js';

@ObjectType('ExternalBlock', {
  implements: NodeType,
  description: 'A block of addresses outside that has a name. Several blocks may share one.',
})
export class ExternalBlockType {
  @Field(() => String, { description: 'The name; lists of flows take it as `EXTERNAL:name`' })
  readonly name!: string;

  @Field(() => CidrScalar, { description: 'The addresses of the block' })
  readonly cidr!: string;
}

@InputType('ExternalBlockFilter', { description: 'All given fields must hold.' })
export class ExternalBlockFilterInput implements ExternalBlockFilter {
  @Field(() => StringFilterInput, {
    nullable: true,
    description: 'Name of the cluster that it was named for; blocks of every cluster have none',
  })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'The name of the block' })
  readonly name?: StringFilterInput | null;

  @Field(() => CidrFilterInput, { nullable: true, description: 'Where the block lies' })
  readonly cidr?: CidrFilterInput | null;

  @Field(() => [ExternalBlockFilterInput], {
    nullable: true,
    description: 'All of these hold as well',
  })
  readonly and?: ExternalBlockFilterInput[] | null;

  @Field(() => [ExternalBlockFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: ExternalBlockFilterInput[] | null;

  @Field(() => ExternalBlockFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: ExternalBlockFilterInput | null;
}

const ExternalBlockConnection = connectionOf('ExternalBlock', () => ExternalBlockType);

@ArgsType()
class ExternalBlockArguments extends PageArgumentsType {
  @Field(() => String, {
    nullable: true,
    description:
      'Name of a cluster: those that hold for it, those of every cluster included; the latter alone where neither this nor `filter` is given',
  })
  readonly cluster?: string | null;

  @Field(() => ExternalBlockFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: ExternalBlockFilterInput | null;
}

@Resolver(() => ExternalBlockType)
export class ExternalBlockListResolver {
  @Query(() => ExternalBlockConnection, {
    description: 'Named blocks of addresses outside, by name',
  })
  async externalBlocks(
    @Args(() => ExternalBlockArguments)
    { cluster: name, filter, ...page }: ExternalBlockArguments,
    @Ctx() { stores }: InventoryContext,
  ): Promise<Page<ExternalBlock>> {
    const request = pageRequest(page, BLOCK_ORDER);
    const ofAll = filter ? 'ANY' : EVERY_CLUSTER;
    const clusterId = name ? ((await stores.clusters.byName(name))?.id ?? null) : ofAll;
    const wanted = blocksAsked(clusterId, filter);
    const rows = await stores.externalBlocks.page(wanted, request);
    const count = async () => totalCountOf(await stores.externalBlocks.count(wanted));
    return pageOf(request, rows, count);
  }

  @FieldResolver(() => ID, { description: 'The same as long as the block has a name' })
  id(@Root() { clusterId, id }: ExternalBlock): string {
    return encodeId('ExternalBlock', clusterId, id);
  }

  @FieldResolver(() => ClusterType, {
    nullable: true,
    description: 'The cluster that it was named for; null: every cluster',
  })
  cluster(
    @Root() { clusterId }: ExternalBlock,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<Cluster | null> | null {
    return clusterId === EVERY_CLUSTER ? null : loaders.clusters.load(clusterId);
  }
}
