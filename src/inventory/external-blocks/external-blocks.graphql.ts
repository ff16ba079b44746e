import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../../graphql/problem.graphql.js';
import type { InventoryContext } from '../inventory-context.js';
import { ImportMode } from '../inventory-import.js';
import type { ExternalBlock } from './external-block.js';
import { ExternalBlockType } from './external-block-list.graphql.js';
import type { ImportExternalBlocksInput } from './import-external-blocks.js';

@InputType('ExternalBlockInput', { description: 'Blocks of addresses that go by one name.' })
class ExternalBlockInput {
  @Field(() => String, { description: 'The name, such as `office` or `payment-provider`' })
  readonly name!: string;

  @Field(() => [String], { description: 'The blocks, such as `203.0.113.0/24`' })
  readonly cidrs!: string[];
}

@InputType('ImportExternalBlocksInput', {
  description: 'Names for addresses outside, of one cluster or of all.',
})
class ImportExternalBlocksInputType {
  @Field(() => String, {
    nullable: true,
    description: 'Name of the cluster; null: they hold for every cluster',
  })
  readonly cluster?: string | null;

  @Field(() => [ExternalBlockInput], { description: 'The blocks, by name' })
  readonly blocks!: ExternalBlockInput[];

  @Field(() => ImportMode, {
    defaultValue: ImportMode.MERGE,
    description:
      'What becomes of blocks of the same cluster, or of every cluster, that are not in it',
  })
  readonly mode!: ImportMode;

  @Field(() => Int, {
    nullable: true,
    description:
      '`Cluster.settingsVersion` as it was when the blocks were decided on: with another one nothing is done, and the problem is CONFLICT. Only with `cluster`',
  })
  readonly expectedVersion?: number | null;
}

@ObjectType('ImportExternalBlocksPayload', { description: 'The blocks as they are now.' })
class ImportExternalBlocksPayload {
  @Field(() => [ExternalBlockType], {
    nullable: true,
    description: 'By name, those of every cluster included; null when nothing was done',
  })
  readonly blocks!: readonly ExternalBlock[] | null;

  @Field(() => [ProblemType], { description: 'What was refused' })
  readonly problems!: readonly ProblemType[];
}

@Resolver()
export class ExternalBlocksResolver {
  @Mutation(() => ImportExternalBlocksPayload, {
    description:
      'Names blocks of addresses outside: external entities then show their block, and flows can be filtered by `EXTERNAL:name`. Of several blocks that an address lies in, the longest prefix counts, then the name that the cluster itself gave. No stored flow changes.',
  })
  async importExternalBlocks(
    @Arg('input', () => ImportExternalBlocksInputType, { description: 'Which names' })
    { cluster = null, blocks, mode, expectedVersion = null }: ImportExternalBlocksInputType,
    @Ctx() { useCases }: InventoryContext,
  ): Promise<ImportExternalBlocksPayload> {
    const input: ImportExternalBlocksInput = { cluster, blocks, mode, expectedVersion };
    const { problems, ...outcome } = await useCases.importExternalBlocks(input);
    return { ...outcome, problems: problems.map(problemOf) };
  }
}
