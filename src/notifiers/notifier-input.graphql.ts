import { Field, ID, InputType, Int } from 'type-graphql';
import { AlertRule, AlertSeverity } from '../alerts/alert.js';
import { NotifierKind } from './notifier.js';

@InputType()
abstract class NotifierFieldsInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Address: of http, of EMAIL `smtp://HOST:PORT` or `smtps://HOST`, of SYSLOG `tls://HOST:PORT` or `tcp://HOST:PORT`; of SLACK and TEAMS it is the secret instead',
  })
  readonly url?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Sealed, and never told again; of a WEBHOOK one is made where none is given, of EMAIL it is `USER:PASSWORD`',
  })
  readonly secret?: string | null;

  @Field(() => String, { nullable: true, description: 'JIRA: whose API token the secret is' })
  readonly email?: string | null;

  @Field(() => String, { nullable: true, description: 'JIRA: key of the project' })
  readonly project?: string | null;

  @Field(() => String, { nullable: true, description: 'JIRA: `Task` by default' })
  readonly issueType?: string | null;

  @Field(() => String, { nullable: true, description: 'EMAIL: to whom, several with commas' })
  readonly to?: string | null;

  @Field(() => String, { nullable: true, description: 'EMAIL: the address of the sender' })
  readonly from?: string | null;

  @Field(() => [AlertRule], { nullable: true, description: 'Alerts of these rules; null: of all' })
  readonly rules?: AlertRule[] | null;

  @Field(() => [String], { nullable: true, description: 'Alerts of these clusters; null: of all' })
  readonly clusters?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'So many messages an hour at most; what is more waits, or goes into a digest. 20 by default for SLACK, TEAMS, EMAIL and JIRA; null: as many as there are',
  })
  readonly maxPerHour?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether more than three messages in five minutes become one; true by default for SLACK, TEAMS, EMAIL and JIRA, which alone take digests',
  })
  readonly digest?: boolean | null;
}

@InputType('CreateNotifierInput', { description: 'A place where alerts are sent.' })
export class CreateNotifierInput extends NotifierFieldsInput {
  @Field(() => String, { description: 'Unique, whatever its case' })
  readonly name!: string;

  @Field(() => NotifierKind, { description: 'What it sends to' })
  readonly kind!: NotifierKind;

  @Field(() => AlertSeverity, {
    defaultValue: AlertSeverity.LOW,
    description: 'Alerts of this severity and above',
  })
  readonly minSeverity!: AlertSeverity;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it sends anything' })
  readonly enabled!: boolean;
}

@InputType('UpdateNotifierInput', {
  description: 'A notifier, and what changes of it: what is not given stays.',
})
export class UpdateNotifierInput extends NotifierFieldsInput {
  @Field(() => ID, { description: 'Id of the notifier' })
  readonly id!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version that it has: where it has another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: 'Its new name' })
  readonly name?: string | null;

  @Field(() => AlertSeverity, {
    nullable: true,
    description: 'Alerts of this severity and above',
  })
  readonly minSeverity?: AlertSeverity | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it sends anything' })
  readonly enabled?: boolean | null;
}
