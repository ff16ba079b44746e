import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../../graphql/problem.graphql.js';
import { type DeletedOutcome, MOST_IDS, type Which, whichOf } from '../../query/several-rows.js';
import { MOST_DELETED } from './delete-external-blocks.js';
import { externalBlockCondition } from './external-block-filter.js';
import { ExternalBlockFilterInput } from './external-block-list.graphql.js';

@InputType('DeleteExternalBlocksInput', { description: 'Which named blocks.' })
class DeleteExternalBlocksInput {
  @Field(() => [ID], {
    nullable: true,
    description: `Ids of blocks, at most ${MOST_IDS}; either these or \`filter\``,
  })
  readonly ids?: string[] | null;

  @Field(() => ExternalBlockFilterInput, {
    nullable: true,
    description: `Those that it finds, by name, at most ${MOST_DELETED} at once; either this or \`ids\``,
  })
  readonly filter?: ExternalBlockFilterInput | null;
}

@ObjectType('DeleteExternalBlocksPayload', { description: 'How many blocks have no name now.' })
class DeleteExternalBlocksPayload {
  @Field(() => Int, { description: 'How many are gone' })
  readonly deleted!: number;

  @Field(() => Boolean, {
    description: 'Whether the filter finds more: the next call deletes those',
  })
  readonly more!: boolean;

  @Field(() => [ProblemType], {
    description:
      'An ERROR for ids of no block that the caller may delete, an INFO where the filter finds none',
  })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly useCases: { readonly deleteExternalBlocks: (which: Which) => Promise<DeletedOutcome> };
};

@Resolver()
export class DeleteExternalBlocksResolver {
  @Mutation(() => DeleteExternalBlocksPayload, {
    description:
      'Takes names from blocks of addresses outside. Blocks of every cluster are for callers who see every cluster. No stored flow changes.',
  })
  async deleteExternalBlocks(
    @Arg('input', () => DeleteExternalBlocksInput, { description: 'Which ones' })
    input: DeleteExternalBlocksInput,
    @Ctx() { useCases }: Context,
  ): Promise<DeleteExternalBlocksPayload> {
    const which = whichOf(input, 'ExternalBlock', externalBlockCondition);
    const { problems, ...outcome } = await useCases.deleteExternalBlocks(which);
    return { ...outcome, problems: problems.map(problemOf) };
  }
}
