import { Field, InputType, Int } from 'type-graphql';
import { BaselineLearning, RelearnOn } from './baseline-settings.js';

@InputType('SetBaselineSettingsInput', {
  description:
    'Settings of a place. What is left out stays; null takes back what was set there, so that what holds above it counts.',
})
export class SetBaselineSettingsInput {
  @Field(() => String, { description: 'Name of the cluster' })
  readonly cluster!: string;

  @Field(() => String, { nullable: true, description: 'Namespace; the whole cluster without it' })
  readonly namespace?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of a deployment of the namespace; the whole namespace without it',
  })
  readonly deployment?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Covered hours to watch before a baseline can be STABLE, 1 to 8784; 48 by default',
  })
  readonly observationHours?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Covered hours without anything new before it is STABLE, 0 to 8784; 24 by default',
  })
  readonly quietHours?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Events to see before it is STABLE, from 0; 10 by default',
  })
  readonly minEvents?: number | null;

  @Field(() => BaselineLearning, {
    nullable: true,
    description: 'Whether it learns by itself; ON_DEMAND by default',
  })
  readonly learning?: BaselineLearning | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is locked when it becomes STABLE; false by default',
  })
  readonly lockWhenStable?: boolean | null;

  @Field(() => RelearnOn, {
    nullable: true,
    description: 'What opens it again; NOTHING by default',
  })
  readonly relearnOn?: RelearnOn | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Covered hours for which a change opens it again, 1 to 8784; 24 by default',
  })
  readonly relearnHours?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Days after which removal of what was not seen is proposed, 1 to 3660; 30 by default',
  })
  readonly decayDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Days after which a baseline is stale and should be learned again, 1 to 3660; 90 by default',
  })
  readonly staleDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version of what is set at the place, 0 where nothing is: where it is another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}
