import { ArgsType, Field, InputType, registerEnumType } from 'type-graphql';
import { orderOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { StringFilterInput, TimeFilterInput } from '../graphql/filter.graphql.js';
import { JobStatus } from './job.js';
import { type JobFilters, type JobOrder, JobOrderField } from './job-filter.js';

@InputType('JobFilter', { description: 'All given fields must hold.' })
export class JobFilterInput implements JobFilters {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'What it does' })
  readonly kind?: StringFilterInput | null;

  @Field(() => [JobStatus], { nullable: true, description: 'How it stands; one of these' })
  readonly status?: JobStatus[] | null;

  @Field(() => TimeFilterInput, { nullable: true, description: 'When it was asked for' })
  readonly createdAt?: TimeFilterInput | null;

  @Field(() => [JobFilterInput], { nullable: true, description: 'All of these hold as well' })
  readonly and?: JobFilterInput[] | null;

  @Field(() => [JobFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: JobFilterInput[] | null;

  @Field(() => JobFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: JobFilterInput | null;
}

registerEnumType(JobOrderField, {
  name: 'JobOrderField',
  description: 'What lists of jobs can be ordered by.',
  valuesConfig: {
    CREATED: { description: 'When it was asked for' },
    FINISHED: { description: 'When it ended; those that have not ended come last' },
  },
});

const JobOrderInput = orderOf('Job', JobOrderField);

/** The arguments of every list of jobs. */
@ArgsType()
export class JobArguments extends PageArgumentsType {
  @Field(() => JobFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: JobFilterInput | null;

  @Field(() => JobOrderInput, {
    nullable: true,
    description: 'In which order; the newest first when not given',
  })
  readonly orderBy?: JobOrder | null;
}
