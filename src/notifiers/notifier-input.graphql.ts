import { Field, ID, InputType, Int } from 'type-graphql';
import { AlertRule, AlertSeverity } from '../alerts/alert.js';
import { NotifierKind } from './notifier.js';

@InputType()
abstract class NotifierFieldsInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Where it sends: an http or https address, for EMAIL `smtp://HOST:PORT` or `smtps://HOST`, for SYSLOG `tls://HOST:PORT` or `tcp://HOST:PORT`. SLACK and TEAMS have none: their address is the secret',
  })
  readonly url?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Kept encrypted, and never told again. A WEBHOOK without one gets one; for EMAIL it is `USER:PASSWORD`; `NotifierKind` says what it is for the others',
  })
  readonly secret?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'JIRA: e-mail address of the account whose API token the secret is',
  })
  readonly email?: string | null;

  @Field(() => String, { nullable: true, description: 'JIRA: key of the project' })
  readonly project?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'JIRA: type of the issues; `Task` where none was given',
  })
  readonly issueType?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'EMAIL: whom it is sent to, several with commas between them',
  })
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
      'At most so many messages per hour; what is more waits, or goes into a digest. Of a new notifier of SLACK, TEAMS, EMAIL or JIRA 20 where it is left out. Null: no limit',
  })
  readonly maxPerHour?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether more than three messages in five minutes become one; SLACK, TEAMS, EMAIL and JIRA alone can, and new ones do where it is left out',
  })
  readonly digest?: boolean | null;
}

@InputType('CreateNotifierInput', { description: 'A place where alerts are sent.' })
export class CreateNotifierInput extends NotifierFieldsInput {
  @Field(() => String, { description: 'Its name, unique whatever its case' })
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
