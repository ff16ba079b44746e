import { ArgsType, Field, InputType, registerEnumType } from 'type-graphql';
import { orderOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { CidrFilterInput, StringFilterInput, TimeFilterInput } from '../graphql/filter.graphql.js';
import { PortScalar, TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { Verdict } from '../netpol/index.js';
import { ObservedVerdict } from './flow.js';
import { type FlowOrder, FlowOrderField } from './flow-order.js';
import { type FlowFilters, FlowTag } from './flow-view.js';
import type { FlowListing } from './list-flows.js';
import { FlowProtocol } from './observation.js';

@InputType('FlowFilter', {
  description:
    'All given fields must hold. `since` and `until` also bound what `observedVerdict`, the tags ACTIVE and ANOMALOUS and an order by counts ask of a flow.',
})
export class FlowFilterInput implements FlowFilters {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the cluster' })
  readonly cluster?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'Namespace of either end' })
  readonly namespace?: StringFilterInput | null;

  @Field(() => StringFilterInput, {
    nullable: true,
    description: 'Name of the deployment at either end',
  })
  readonly deployment?: StringFilterInput | null;

  @Field(() => StringFilterInput, {
    nullable: true,
    description:
      'The source as `namespace/name`, `EXTERNAL:name`, `NODE:name` or `UNRESOLVED:name`',
  })
  readonly source?: StringFilterInput | null;

  @Field(() => StringFilterInput, {
    nullable: true,
    description:
      'The destination as `namespace/name`, `EXTERNAL:name`, `NODE:name` or `UNRESOLVED:name`',
  })
  readonly destination?: StringFilterInput | null;

  @Field(() => [PortScalar], {
    nullable: true,
    description: "The destination pod's port; one of these",
  })
  readonly port?: number[] | null;

  @Field(() => [FlowProtocol], {
    nullable: true,
    description: 'The protocol above IP; one of these',
  })
  readonly protocol?: FlowProtocol[] | null;

  @Field(() => TimeFilterInput, { nullable: true, description: 'When it was first observed' })
  readonly firstSeenAt?: TimeFilterInput | null;

  @Field(() => TimeFilterInput, { nullable: true, description: 'When it was last observed' })
  readonly lastSeenAt?: TimeFilterInput | null;

  @Field(() => CidrFilterInput, {
    nullable: true,
    description: 'Address or block of a source outside the cluster',
  })
  readonly sourceAddress?: CidrFilterInput | null;

  @Field(() => CidrFilterInput, {
    nullable: true,
    description: 'Address or block of a destination outside the cluster',
  })
  readonly destinationAddress?: CidrFilterInput | null;

  @Field(() => [FlowTag], { nullable: true, description: 'Has at least one of these tags' })
  readonly tags?: FlowTag[] | null;

  @Field(() => [ObservedVerdict], {
    nullable: true,
    description:
      'One of these: what the dataplane said at least once in the whole hours of the window of `since` and `until`, else ever',
  })
  readonly observedVerdict?: ObservedVerdict[] | null;

  @Field(() => [Verdict], {
    nullable: true,
    description: 'What the policies in force say; one of these',
  })
  readonly policyVerdict?: Verdict[] | null;

  @Field(() => TimeBoundScalar, {
    nullable: true,
    description:
      'Seen at this moment or later; verdicts and counts are of whole hours, from the hour it lies in',
  })
  readonly since?: string | null;

  @Field(() => TimeBoundScalar, {
    nullable: true,
    description:
      'Seen before this moment; verdicts and counts are of whole hours, to the hour it lies in',
  })
  readonly until?: string | null;

  @Field(() => [FlowFilterInput], { nullable: true, description: 'All of these hold as well' })
  readonly and?: FlowFilterInput[] | null;

  @Field(() => [FlowFilterInput], {
    nullable: true,
    description: 'At least one of these holds as well; an empty list matches nothing',
  })
  readonly or?: FlowFilterInput[] | null;

  @Field(() => FlowFilterInput, { nullable: true, description: 'This does not hold' })
  readonly not?: FlowFilterInput | null;
}

registerEnumType(FlowOrderField, {
  name: 'FlowOrderField',
  description: 'What lists of flows can be ordered by; what is not known stands as less than 0.',
  valuesConfig: {
    LAST_SEEN: { description: 'When it was last observed' },
    FIRST_SEEN: { description: 'When it was first observed' },
    EVENTS: { description: 'Events in the window of the filter, else over all time' },
    CONNECTIONS: { description: 'Connections in the window of the filter, else over all time' },
    BYTES: { description: 'Bytes in the window of the filter, else over all time' },
    SOURCE: { description: 'The source as the filter `source` writes it' },
    DESTINATION: { description: 'The destination as the filter `destination` writes it' },
    PORT: { description: "The destination pod's port" },
  },
});

const FlowOrderInput = orderOf('Flow', FlowOrderField);

/** The arguments of every list of flows. */
@ArgsType()
export class FlowArguments extends PageArgumentsType implements FlowListing {
  @Field(() => FlowFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: FlowFilterInput | null;

  @Field(() => FlowOrderInput, {
    nullable: true,
    description: 'In which order; those seen latest first when not given',
  })
  readonly orderBy?: FlowOrder | null;
}
