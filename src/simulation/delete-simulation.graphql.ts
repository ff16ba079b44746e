import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { decodeId } from '../query/node-id.js';
import type { DeleteSimulationOutcome } from './delete-simulation.js';
import type { SimulationKey } from './simulation.js';

@InputType('DeleteSimulationInput', { description: 'Which simulation.' })
class DeleteSimulationInput {
  @Field(() => ID, { description: 'Id of the simulation' })
  readonly id!: string;
}

@ObjectType('DeleteSimulationPayload', { description: 'What came of it.' })
class DeleteSimulationPayload {
  @Field(() => Boolean, { description: 'Whether it is gone' })
  readonly deleted!: boolean;

  @Field(() => [ProblemType], {
    description: 'An ERROR where there is no such simulation, or it is under way',
  })
  readonly problems!: readonly ProblemType[];
}

const keyOf = (id: string): SimulationKey | null => {
  const key = decodeId(id);
  if (key === null || key.type !== 'Simulation' || key.rowId === null) return null;
  return { clusterId: key.clusterId, id: key.rowId };
};

type Context = {
  readonly useCases: {
    readonly deleteSimulation: (key: SimulationKey | null) => Promise<DeleteSimulationOutcome>;
  };
};

@Resolver()
export class DeleteSimulationResolver {
  @Mutation(() => DeleteSimulationPayload, {
    description: 'Deletes a simulation that has ended, with all that it holds.',
  })
  async deleteSimulation(
    @Arg('input', () => DeleteSimulationInput, { description: 'Which one' })
    { id }: DeleteSimulationInput,
    @Ctx() { useCases }: Context,
  ): Promise<DeleteSimulationPayload> {
    const { deleted, problems } = await useCases.deleteSimulation(keyOf(id));
    return { deleted, problems: problems.map(problemOf) };
  }
}
