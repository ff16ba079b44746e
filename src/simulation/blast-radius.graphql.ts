import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { FirstArgumentType } from '../graphql/connection.graphql.js';
import { LabelSelectorInput } from '../graphql/filter.graphql.js';
import type { BlastRadius, SensitiveReach } from '../netpol/index.js';
import { badInput } from '../query/api-error.js';
import { checkedSize } from '../query/page.js';
import type { BlastInput, BlastOutcome } from './blast-radius.js';
import { type Simulation, type SimulationKey, SimulationStatus } from './simulation.js';
import { SimulationType } from './simulation-type.graphql.js';

@ObjectType('SensitiveReach', {
  description: 'How near one gets to a deployment that is labelled as sensitive.',
})
class SensitiveReachType implements SensitiveReach {
  @Field(() => String, { description: 'The deployment, as `namespace/name[Kind]`' })
  readonly workload!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Steps from the nearest exposed deployment, 0 for itself; null: there is no way',
  })
  readonly hopsFromExposed!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Steps from the compromised one; null: there is no way, or nobody was named',
  })
  readonly hopsFromCompromised!: number | null;
}

@ObjectType('BlastRadius', {
  description: 'How far one gets along the connections that policies allow.',
})
class BlastRadiusType implements BlastRadius {
  @Field(() => Int, { description: 'Ordered pairs of deployments with some connection' })
  readonly pairs!: number;

  readonly exposed!: readonly string[];

  @Field(() => Int, {
    description: 'Further deployments that those reach, in any number of steps',
  })
  readonly reachableFromExposed!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Further deployments that the compromised one reaches; null where none was named',
  })
  readonly reachableFromCompromised!: number | null;

  readonly sensitive!: readonly SensitiveReach[];
}

@ObjectType('BlastRadiusChange', { description: 'How far one gets before a candidate and after.' })
class BlastRadiusChangeType {
  @Field(() => BlastRadiusType, { description: 'Under the policies in force' })
  readonly before!: BlastRadius;

  @Field(() => BlastRadiusType, { description: 'Under the candidate' })
  readonly after!: BlastRadius;
}

type Context = {
  readonly useCases: {
    readonly simulatedBlastRadius: (
      key: SimulationKey,
      input: BlastInput,
    ) => Promise<BlastOutcome | null>;
  };
};

@Resolver(() => BlastRadiusType)
export class BlastRadiusListsResolver {
  @FieldResolver(() => [String], {
    description:
      'Deployments with an entrance from outside (a NodePort or LoadBalancer Service, external addresses, or a recorded flow) whose policies let some address outside in, by name',
  })
  exposed(
    @Root() { exposed }: BlastRadius,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
  ): readonly string[] {
    return exposed.slice(0, checkedSize('first', first));
  }

  @FieldResolver(() => Int, { description: 'How many such deployments there are' })
  exposedCount(@Root() { exposed }: BlastRadius): number {
    return exposed.length;
  }

  @FieldResolver(() => [SensitiveReachType], { description: 'In the order of names' })
  sensitive(
    @Root() { sensitive }: BlastRadius,
    @Args(() => FirstArgumentType) { first }: FirstArgumentType,
  ): readonly SensitiveReach[] {
    return sensitive.slice(0, checkedSize('first', first));
  }
}

@Resolver(() => SimulationType)
export class BlastRadiusResolver {
  @FieldResolver(() => BlastRadiusChangeType, {
    nullable: true,
    description:
      'How far somebody gets who holds a deployment; worked out when it is read, from the policies and labels of the time of the simulation. Null until it is DONE',
  })
  async blastRadius(
    @Root() { clusterId, id, status }: Simulation,
    @Arg('compromised', () => String, {
      nullable: true,
      description: 'The deployment that is held, as `namespace/name`',
    })
    compromised: string | null,
    @Arg('sensitive', () => LabelSelectorInput, {
      nullable: true,
      description: 'Labels of pods of the deployments that must not be reached',
    })
    sensitive: LabelSelectorInput | null,
    @Ctx() { useCases }: Context,
  ): Promise<BlastRadiusChangeType | null> {
    if (status !== SimulationStatus.DONE) return null;
    const asked = { compromised: compromised ?? null, sensitive: sensitive ?? null };
    const found = await useCases.simulatedBlastRadius({ clusterId, id }, asked);
    if (found !== null && 'fault' in found) throw badInput(`\`compromised\`: ${found.fault}`);
    return found;
  }
}
