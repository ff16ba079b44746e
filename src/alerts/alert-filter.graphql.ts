import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { orderOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { StringFilterInput } from '../graphql/filter.graphql.js';
import { TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { AlertRule, AlertSeverity, AlertState } from './alert.js';
import { type AlertFilters, type AlertOrder, AlertOrderField } from './alert-filter.js';

@InputType('AlertFilter', { description: 'All given fields must hold.' })
export class AlertFilterInput implements AlertFilters {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, {
    nullable: true,
    description: 'Namespace of the deployment, of the other end, or of the policy',
  })
  readonly namespace?: StringFilterInput | null;

  @Field(() => StringFilterInput, {
    nullable: true,
    description: 'Name of the deployment, or of the other end',
  })
  readonly deployment?: StringFilterInput | null;

  @Field(() => [AlertRule], {
    nullable: true,
    description: 'A rule that its flows met, or those of alerts that belong to it; one of these',
  })
  readonly rule?: AlertRule[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Such as `Anomalous Activity`; one of these',
  })
  readonly category?: string[] | null;

  @Field(() => [AlertSeverity], { nullable: true, description: 'How severe it is; one of these' })
  readonly severity?: AlertSeverity[] | null;

  @Field(() => [AlertState], {
    nullable: true,
    description: 'Whether somebody has to look at it; one of these',
  })
  readonly state?: AlertState[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: also alerts that belong to a more telling one. Default false. Counts in the outermost filter only',
  })
  readonly linked?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'What belongs to the alert of this id; in the outermost filter `linked` need not be given then',
  })
  readonly lead?: string | null;

  @Field(() => TimeBoundScalar, {
    nullable: true,
    description: 'Last occurred at this moment or later',
  })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Last occurred before this moment' })
  readonly until?: string | null;

  @Field(() => [AlertFilterInput], { nullable: true, description: 'All of these hold as well' })
  readonly and?: AlertFilterInput[] | null;

  @Field(() => [AlertFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: AlertFilterInput[] | null;

  @Field(() => AlertFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: AlertFilterInput | null;
}

registerEnumType(AlertOrderField, {
  name: 'AlertOrderField',
  description: 'What lists of alerts can be ordered by.',
  valuesConfig: {
    LAST_OCCURRED: { description: 'When it was last observed' },
    FIRST_OCCURRED: { description: 'When it was first observed' },
    SEVERITY: { description: 'How severe it is: LOW to CRITICAL' },
    OCCURRENCES: { description: 'Events since it first occurred' },
  },
});

const AlertOrderInput = orderOf('Alert', AlertOrderField);

/** The arguments of every list of alerts. */
@ArgsType()
export class AlertArguments extends PageArgumentsType {
  @Field(() => AlertFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: AlertFilterInput | null;

  @Field(() => AlertOrderInput, {
    nullable: true,
    description: 'In which order; those that occurred latest first when not given',
  })
  readonly orderBy?: AlertOrder | null;
}
