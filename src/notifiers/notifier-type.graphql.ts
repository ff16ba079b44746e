import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AlertRule, AlertSeverity } from '../alerts/alert.js';
import { connectionOf } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { ProblemType } from '../graphql/problem.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { type Notifier, NotifierKind } from './notifier.js';

registerEnumType(NotifierKind, {
  name: 'NotifierKind',
  description: 'What a notifier sends to.',
  valuesConfig: {
    WEBHOOK: { description: 'Any receiver, signed as Standard Webhooks 1.0 says' },
    SLACK: { description: 'An incoming webhook of Slack, whose address is the secret' },
    TEAMS: { description: 'A workflow of Microsoft Teams, whose address is the secret' },
    PAGERDUTY: { description: 'Events API v2 of PagerDuty; the secret is the routing key' },
    ALERTMANAGER: { description: 'Alertmanager v2; the secret, if there is one, a bearer token' },
    JIRA: { description: 'Issues of Jira Cloud; the secret is an API token' },
    EMAIL: { description: 'E-mail over SMTP; the secret, if there is one, `USER:PASSWORD`' },
    SYSLOG: { description: 'Syslog (RFC 5424) over TCP or TLS, in the Common Event Format' },
  },
});

export const NotifierState = { WORKING: 'WORKING', DEGRADED: 'DEGRADED', OFF: 'OFF' } as const;
export type NotifierState = (typeof NotifierState)[keyof typeof NotifierState];

registerEnumType(NotifierState, {
  name: 'NotifierState',
  description: 'How a notifier does.',
  valuesConfig: {
    WORKING: { description: 'It is on, and did not fail five times in a row' },
    DEGRADED: { description: 'It failed five times in a row or more' },
    OFF: { description: 'It sends nothing' },
  },
});

@ObjectType('Notifier', {
  implements: NodeType,
  description: 'A place where alerts are sent.',
})
export class NotifierType {
  @Field(() => String, { description: 'Unique, whatever its case' })
  readonly name!: string;

  @Field(() => NotifierKind, { description: 'What it sends to' })
  readonly kind!: NotifierKind;

  @Field(() => AlertSeverity, { description: 'Alerts of this severity and above' })
  readonly minSeverity!: AlertSeverity;

  @Field(() => [AlertRule], { nullable: true, description: 'Alerts of these rules; null: of all' })
  readonly rules!: readonly AlertRule[] | null;

  @Field(() => [String], { nullable: true, description: 'Alerts of these clusters; null: of all' })
  readonly clusters!: readonly string[] | null;

  @Field(() => Boolean, { description: 'Whether it sends anything' })
  readonly enabled!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'At most so many messages per hour; what is more waits. Null: no limit',
  })
  readonly maxPerHour!: number | null;

  @Field(() => Boolean, {
    description:
      'Whether more than three messages in five minutes become one, which says how many alerts it tells of',
  })
  readonly digest!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when the secret before this one signs as well; null: there is none',
  })
  readonly oldSecretUntil!: string | null;

  @Field(() => Int, { description: 'Failures since the last success' })
  readonly failures!: number;

  @Field(() => String, { nullable: true, description: 'What went wrong last; null: nothing since' })
  readonly lastError!: string | null;

  @Field(() => Int, {
    description:
      'From 1; goes up with each change that somebody makes. What comes of sending does not count',
  })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was changed last' })
  readonly updatedAt!: string;

  @Field(() => String, { description: 'Name of who changed it last' })
  readonly updatedBy!: string;
}

export const NotifierConnection = connectionOf('Notifier', () => NotifierType);

@InputType('NotifierIdInput', { description: 'Which notifier.' })
export class NotifierIdInput {
  @Field(() => ID, { description: 'Id of the notifier' })
  readonly id!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version that it has: where it has another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@InputType('SwitchNotifierInput', { description: 'Which notifier, and whether it sends.' })
export class SwitchNotifierInput extends NotifierIdInput {
  @Field(() => Boolean, { description: 'Whether it sends anything' })
  readonly enabled!: boolean;
}

@ObjectType('CreateNotifierPayload', { description: 'The notifier that was made.' })
export class CreateNotifierPayload {
  @Field(() => NotifierType, { nullable: true, description: 'Null when nothing was done' })
  readonly notifier!: Notifier | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a WEBHOOK whose secret was made here, to check signatures by; told this once only',
  })
  readonly signingSecret!: string | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('ChangeNotifierPayload', { description: 'The notifier as it is now, or was.' })
export class ChangeNotifierPayload {
  @Field(() => NotifierType, { nullable: true, description: 'Null when nothing was done' })
  readonly notifier!: Notifier | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('TestNotifierPayload', { description: 'What came of a test.' })
export class TestNotifierPayload {
  @Field(() => Boolean, { description: 'Whether the target took it' })
  readonly sent!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Such as `HTTP 200`, or why it was not sent; null: nothing was tried',
  })
  readonly status!: string | null;

  @Field(() => [ProblemType], { description: 'An ERROR where there is no such notifier' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('RetryNotificationPayload', { description: 'What is tried again.' })
export class RetryNotificationPayload {
  @Field(() => Int, { description: 'Notifications that are due again' })
  readonly again!: number;

  @Field(() => [ProblemType], { description: 'An ERROR where there is no such notifier' })
  readonly problems!: readonly ProblemType[];
}
