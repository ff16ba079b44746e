import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { orderOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { StringFilterInput, TimeFilterInput } from '../graphql/filter.graphql.js';
import { DeploymentType } from '../inventory/deployment.graphql.js';
import type { Peer } from '../inventory/peer.js';
import type { Page } from '../query/page.js';
import type { deploymentSimulationsLoader } from './deployment-simulations.loader.js';
import { pageOfSimulations } from './list-simulations.js';
import { type Simulation, SimulationStatus } from './simulation.js';
import type { SimulationStore } from './simulation.store.js';
import {
  type SimulationFilters,
  type SimulationOrder,
  SimulationOrderField,
  simulationCondition,
} from './simulation-filter.js';
import { SimulationConnection } from './simulation-type.graphql.js';

@InputType('SimulationFilter', { description: 'All given fields must hold.' })
export class SimulationFilterInput implements SimulationFilters {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Name of who asked for it' })
  readonly caller?: StringFilterInput | null;

  @Field(() => StringFilterInput, {
    nullable: true,
    description: 'Name of the policy set that was simulated; empty text where there was none',
  })
  readonly policySet?: StringFilterInput | null;

  @Field(() => [SimulationStatus], {
    nullable: true,
    description: 'How far it has got; one of these',
  })
  readonly status?: SimulationStatus[] | null;

  @Field(() => TimeFilterInput, { nullable: true, description: 'When it was asked for' })
  readonly createdAt?: TimeFilterInput | null;

  @Field(() => [SimulationFilterInput], {
    nullable: true,
    description: 'All of these hold as well',
  })
  readonly and?: SimulationFilterInput[] | null;

  @Field(() => [SimulationFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: SimulationFilterInput[] | null;

  @Field(() => SimulationFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: SimulationFilterInput | null;
}

registerEnumType(SimulationOrderField, {
  name: 'SimulationOrderField',
  description: 'What lists of simulations can be ordered by.',
  valuesConfig: {
    CREATED: { description: 'When it was asked for' },
    FINISHED: { description: 'When it ended; those that have not ended come last' },
  },
});

const SimulationOrderInput = orderOf('Simulation', SimulationOrderField);

@ArgsType()
class SimulationArguments extends PageArgumentsType {
  @Field(() => SimulationFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: SimulationFilterInput | null;

  @Field(() => SimulationOrderInput, {
    nullable: true,
    description: 'In which order; the newest first when not given',
  })
  readonly orderBy?: SimulationOrder | null;
}

type Context = {
  readonly now: () => Date;
  readonly stores: { readonly simulations: Pick<SimulationStore, 'page' | 'count'> };
  readonly loaders: {
    readonly deploymentSimulations: ReturnType<typeof deploymentSimulationsLoader>;
  };
};

@Resolver()
export class SimulationListResolver {
  @Query(() => SimulationConnection, {
    description: 'Simulations, the newest first unless asked otherwise',
  })
  simulations(
    @Args(() => SimulationArguments) { filter, orderBy, ...page }: SimulationArguments,
    @Ctx() { stores, now }: Context,
  ): Promise<Page<Simulation>> {
    return pageOfSimulations(stores, page, simulationCondition(filter, now()), orderBy ?? null);
  }
}

/** What this room adds to a deployment. */
@Resolver(() => DeploymentType)
export class DeploymentSimulationsResolver {
  @FieldResolver(() => SimulationConnection, {
    description:
      'Simulations of candidates that change something for it, in recorded flows or over all pairs; the newest first',
  })
  simulations(
    @Root() deployment: Peer,
    @Args(() => PageArgumentsType) page: PageArgumentsType,
    @Ctx() { loaders }: Context,
  ): Promise<Page<Simulation>> {
    const { clusterId, id } = deployment;
    return loaders.deploymentSimulations.load({ clusterId, id, listing: page });
  }
}
