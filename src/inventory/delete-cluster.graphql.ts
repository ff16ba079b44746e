import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import type { InventoryContext } from './inventory-context.js';

@InputType('DeleteClusterInput', { description: 'Which cluster.' })
class DeleteClusterInputType {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;
}

@ObjectType('DeleteClusterPayload', { description: 'What came of it.' })
class DeleteClusterPayload {
  @Field(() => Boolean, { description: 'Whether it is gone' })
  readonly deleted!: boolean;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was deleted' })
  readonly problems!: readonly ProblemType[];
}

@Resolver()
export class DeleteClusterResolver {
  @Mutation(() => DeleteClusterPayload, {
    description:
      'Deletes a cluster with all that is known of it: inventory, flows, baselines, policies, policy sets, simulations, alerts, jobs. It is gone for all who ask at once, and its name is free; its rows are taken away by a job that nobody sees. The audit log stays. There is no way back.',
  })
  async deleteCluster(
    @Arg('input', () => DeleteClusterInputType, { description: 'Which one' })
    { cluster }: DeleteClusterInputType,
    @Ctx() { useCases }: InventoryContext,
  ): Promise<DeleteClusterPayload> {
    const { deleted, problems } = await useCases.deleteCluster({ cluster });
    return { deleted, problems: problems.map(problemOf) };
  }
}
