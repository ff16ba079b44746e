import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { rowKey } from '../query/node-id.js';
import {
  type DeleteSimulationOutcome,
  type DeleteSimulationsOutcome,
  MOST_DELETED,
} from './delete-simulation.js';
import type { SimulationKey } from './simulation.js';
import { simulationCondition } from './simulation-filter.js';
import { SimulationFilterInput } from './simulation-list.graphql.js';

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

@InputType('DeleteSimulationsInput', { description: 'Which simulations.' })
class DeleteSimulationsInput {
  @Field(() => SimulationFilterInput, {
    description: `Those that it finds and that have ended, the newest first, at most ${MOST_DELETED} at once`,
  })
  readonly filter!: SimulationFilterInput;
}

@ObjectType('DeleteSimulationsPayload', { description: 'What came of it.' })
class DeleteSimulationsPayload {
  @Field(() => Int, { description: 'How many are gone' })
  readonly deleted!: number;

  @Field(() => Boolean, {
    description: 'Whether the filter finds more that have ended: the next call deletes those',
  })
  readonly more!: boolean;

  @Field(() => [ProblemType], { description: 'An INFO where the filter finds none' })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly now: () => Date;
  readonly useCases: {
    readonly deleteSimulation: (key: SimulationKey | null) => Promise<DeleteSimulationOutcome>;
    readonly deleteSimulations: (
      filter: ReturnType<typeof simulationCondition>,
    ) => Promise<DeleteSimulationsOutcome>;
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
    const { deleted, problems } = await useCases.deleteSimulation(rowKey('Simulation', id));
    return { deleted, problems: problems.map(problemOf) };
  }

  @Mutation(() => DeleteSimulationsPayload, {
    description:
      'Deletes all simulations that a filter finds and that have ended, with all that they hold.',
  })
  async deleteSimulations(
    @Arg('input', () => DeleteSimulationsInput, { description: 'Which ones' })
    { filter }: DeleteSimulationsInput,
    @Ctx() { useCases, now }: Context,
  ): Promise<DeleteSimulationsPayload> {
    const condition = simulationCondition(filter, now());
    const { problems, ...outcome } = await useCases.deleteSimulations(condition);
    return { ...outcome, problems: problems.map(problemOf) };
  }
}
