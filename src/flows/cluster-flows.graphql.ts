import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { ClusterType } from '../inventory/cluster.graphql.js';
import type { Cluster } from '../inventory/cluster.js';
import { badInput } from '../query/api-error.js';
import { CompletenessType, completenessOf } from './completeness.graphql.js';
import { diagnose } from './diagnose.js';
import { windowOf } from './flow-condition.js';
import type { FlowContext } from './flow-context.js';
import { IngestionType, ingestionOf } from './ingest/ingestion.graphql.js';

const MOST_INGESTIONS = 500;

@ArgsType()
class CompletenessArguments {
  @Field(() => TimeBoundScalar, { nullable: true, description: 'From here on' })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Before this' })
  readonly until?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Look for deployments without flows in these namespaces only',
  })
  readonly namespaces?: string[] | null;
}

/** What this room adds to a cluster. */
@Resolver(() => ClusterType)
export class ClusterFlowsResolver {
  @FieldResolver(() => CompletenessType, {
    description: 'What a window did not show; of all time where no end is given',
  })
  async completeness(
    @Root() { id }: Cluster,
    @Args(() => CompletenessArguments) { namespaces, ...window }: CompletenessArguments,
    @Ctx() { stores, now }: FlowContext,
  ): Promise<CompletenessType> {
    return completenessOf(
      await stores.completeness.ofWindow(id, windowOf(window, now()), namespaces ?? null),
    );
  }

  @FieldResolver(() => [ProblemType], {
    description:
      'Why the graph is empty or thin: no flows received, no inventory, rejected records, clocks, lost events, ends that nobody could name. Empty when nothing is known to be missing',
  })
  async diagnose(
    @Root() { id }: Cluster,
    @Ctx() { stores, now }: FlowContext,
  ): Promise<readonly ProblemType[]> {
    const facts = await stores.diagnosis.factsOf(id);
    if (facts === null) throw new Error(`cluster ${id} is not stored`);
    return diagnose(facts, now()).map(problemOf);
  }

  @FieldResolver(() => [IngestionType], {
    description: 'What was last taken in, newest first, with what was skipped and rejected',
  })
  async ingestions(
    @Root() { id: clusterId }: Cluster,
    @Arg('first', () => Int, {
      defaultValue: 20,
      description: `How many, at most ${MOST_INGESTIONS}`,
    })
    first: number,
    @Ctx() { loaders }: FlowContext,
  ): Promise<readonly IngestionType[]> {
    if (first < 0 || first > MOST_INGESTIONS)
      throw badInput(`\`first: ${first}\` is not between 0 and ${MOST_INGESTIONS}`);
    return (await loaders.ingestions.load({ clusterId, first })).map(ingestionOf);
  }
}
