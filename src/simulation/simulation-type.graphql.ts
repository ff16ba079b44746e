import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { DateTimeScalar, YamlScalar } from '../graphql/scalars.graphql.js';
import { PolicyEffect, PolicyStatus, SimulationStatus } from './simulation.js';

registerEnumType(SimulationStatus, {
  name: 'SimulationStatus',
  description: 'How far a simulation has got.',
  valuesConfig: {
    PENDING: { description: 'Waiting for its turn' },
    RUNNING: { description: 'A worker is at it' },
    DONE: { description: 'Finished; its results are complete' },
    FAILED: { description: 'Ended by an error' },
    CANCELLED: { description: 'Ended by somebody' },
  },
});

registerEnumType(PolicyStatus, {
  name: 'PolicyStatus',
  description: 'What becomes of a policy.',
  valuesConfig: {
    ADDED: { description: 'No policy of its kind, namespace and name is in force' },
    MODIFIED: { description: 'It takes the place of one in force that reads differently' },
    UNCHANGED: { description: 'It is in force as it is' },
    DELETED: { description: 'It is in force, and would be no more' },
  },
});

registerEnumType(PolicyEffect, {
  name: 'PolicyEffect',
  description:
    'What a change of one policy means for the connections that are possible: between all workloads of the cluster, among the pods of each, and with all addresses outside.',
  valuesConfig: {
    SAME: { description: 'The same are possible: it says the same in other words, or nothing new' },
    TIGHTER: { description: 'Some are possible no more, and none is new' },
    WIDER: { description: 'Some are new, and none is lost' },
    BOTH: { description: 'Some are new, and some are lost' },
  },
});

@ObjectType('PolicyChange', { description: 'What becomes of one policy.' })
export class PolicyChangeType {
  @Field(() => PolicyStatus, { description: 'What becomes of it' })
  readonly status!: PolicyStatus;

  @Field(() => String, { description: 'As written, for example `NetworkPolicy`' })
  readonly kind!: string;

  @Field(() => String, { nullable: true, description: 'Null for cluster-scoped kinds' })
  readonly namespace!: string | null;

  @Field(() => String, { description: 'As in its metadata' })
  readonly name!: string;

  @Field(() => PolicyEffect, {
    nullable: true,
    description:
      'Proved by the engine: of an added or deleted policy beside the others in force, of a modified one against what it was. Null where more than 200 policies change',
  })
  readonly effect!: PolicyEffect | null;
}

@ObjectType('SimulationRequest', { description: 'What a simulation was asked for.' })
export class SimulationRequestType {
  @Field(() => String, { nullable: true, description: 'Name of the policy set' })
  readonly policySet?: string | null;

  @Field(() => YamlScalar, { nullable: true, description: 'The assertions, as written' })
  readonly assertions?: string | null;

  @Field(() => [String], { nullable: true, description: 'Live policies that were to be removed' })
  readonly remove?: readonly string[] | null;

  @Field(() => String, { nullable: true, description: 'As written: a DateTime or a duration' })
  readonly since?: string | null;

  @Field(() => String, { nullable: true, description: 'As written: a DateTime or a duration' })
  readonly until?: string | null;
}

@ObjectType('Simulation', {
  implements: NodeType,
  description: 'A candidate held against the policies in force.',
})
export class SimulationType extends NodeType {
  @Field(() => SimulationStatus, { description: 'How far it has got' })
  readonly status!: SimulationStatus;

  @Field(() => DateTimeScalar, { description: 'When it was asked for' })
  readonly createdAt!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended' })
  readonly finishedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it FAILED' })
  readonly error!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of who asked for it; null where that is not known',
  })
  readonly caller!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Begin of its window; null: it is open',
  })
  readonly since!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'End of its window; null: it is open',
  })
  readonly until!: string | null;
}

export const SimulationConnection = connectionOf('Simulation', () => SimulationType);
