import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { BigIntScalar, DateTimeScalar } from '../graphql/scalars.graphql.js';
import { AlertRule, AlertSeverity, AlertState } from './alert.js';

registerEnumType(AlertRule, {
  name: 'AlertRule',
  description: 'What raises an alert.',
  valuesConfig: {
    OFF_BASELINE: { description: 'A flow that the locked baseline of an end does not hold' },
    DENIED: {
      description:
        'A flow that the policies in force deny, or that the dataplane denied by policy; it counts what was denied. What failed for another reason is none',
    },
    AUDITED: {
      description:
        'A flow that the dataplane let through, and of which it said that policy would deny it were it enforced',
    },
    NEW_EXTERNAL: {
      description:
        "A destination outside of the cluster that the deployment's baseline does not hold",
    },
    METADATA: { description: 'A call to a cloud metadata service, which hands out credentials' },
  },
});

registerEnumType(AlertState, {
  name: 'AlertState',
  description: 'Whether somebody has to look at an alert.',
  valuesConfig: {
    OPEN: { description: 'It occurred, or occurred again after it was resolved' },
    RESOLVED: { description: 'Somebody resolved it, and it did not occur again' },
  },
});

registerEnumType(AlertSeverity, {
  name: 'AlertSeverity',
  description: 'How severe an alert is.',
  valuesConfig: {
    LOW: { description: 'Worth knowing' },
    MEDIUM: { description: 'Worth a look soon' },
    HIGH: { description: 'Look at it now' },
  },
});

@ObjectType('Alert', {
  implements: NodeType,
  description:
    'A deviation that somebody should look at: one for each rule, deployment and peer, however often it occurs.',
})
export class AlertType extends NodeType {
  @Field(() => AlertRule, { description: 'What raised it' })
  readonly rule!: AlertRule;

  @Field(() => String, { description: 'Such as `Anomalous Activity`' })
  readonly category!: string;

  @Field(() => AlertSeverity, { description: 'How severe it is' })
  readonly severity!: AlertSeverity;

  @Field(() => AlertState, { description: 'Whether somebody has to look at it' })
  readonly state!: AlertState;

  @Field(() => String, { description: 'What happened last, in a sentence' })
  readonly message!: string;

  @Field(() => BigIntScalar, { description: 'Events since it first occurred' })
  readonly occurrences!: string;

  @Field(() => DateTimeScalar, { description: 'When it was first observed' })
  readonly firstOccurredAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last observed' })
  readonly lastOccurredAt!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was resolved; null: it is open',
  })
  readonly resolvedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What was done about it, in the words of who resolved it',
  })
  readonly resolution!: string | null;
}

export const AlertConnection = connectionOf('Alert', () => AlertType);
