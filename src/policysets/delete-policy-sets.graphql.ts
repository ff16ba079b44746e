import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { type DeletedOutcome, MOST_IDS, type Which, whichOf } from '../query/several-rows.js';
import { MOST_DELETED } from './delete-policy-sets.js';
import { policySetCondition } from './policy-set-filter.js';
import { PolicySetFilterInput } from './policy-sets.graphql.js';

@InputType('DeletePolicySetsInput', { description: 'Which versions of policy sets.' })
class DeletePolicySetsInput {
  @Field(() => [ID], {
    nullable: true,
    description: `Ids of policy sets, each of one version, at most ${MOST_IDS}; either these or \`filter\``,
  })
  readonly ids?: string[] | null;

  @Field(() => PolicySetFilterInput, {
    nullable: true,
    description: `Those that it finds, at most ${MOST_DELETED} at once: the latest version of each name, unless it asks for \`allVersions\`; either this or \`ids\``,
  })
  readonly filter?: PolicySetFilterInput | null;
}

@ObjectType('DeletePolicySetsPayload', { description: 'How many policy sets were deleted.' })
class DeletePolicySetsPayload {
  @Field(() => Int, { description: 'How many versions are gone' })
  readonly deleted!: number;

  @Field(() => Boolean, {
    description: 'Whether the filter finds more: the next call deletes those',
  })
  readonly more!: boolean;

  @Field(() => [ProblemType], {
    description: 'An ERROR for ids of no policy set, an INFO where the filter finds none',
  })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly now: () => Date;
  readonly useCases: { readonly deletePolicySets: (which: Which) => Promise<DeletedOutcome> };
};

@Resolver()
export class DeletePolicySetsResolver {
  @Mutation(() => DeletePolicySetsPayload, {
    description:
      'Deletes versions of policy sets with their policies. Simulations of them stay, and no later version gets the number of one that is gone.',
  })
  async deletePolicySets(
    @Arg('input', () => DeletePolicySetsInput, { description: 'Which ones' })
    input: DeletePolicySetsInput,
    @Ctx() { useCases, now }: Context,
  ): Promise<DeletePolicySetsPayload> {
    const which = whichOf(input, 'PolicySet', filter => policySetCondition(filter, now()));
    const { problems, ...outcome } = await useCases.deletePolicySets(which);
    return { ...outcome, problems: problems.map(problemOf) };
  }
}
