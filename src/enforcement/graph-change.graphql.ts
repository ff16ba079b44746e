import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ObservedVerdict } from '../flows/flow.js';
import { FlowProtocol } from '../flows/observation.js';
import { DateTimeScalar, PortScalar } from '../graphql/scalars.graphql.js';
import { GraphChange } from './graph-diff.js';

registerEnumType(GraphChange, {
  name: 'GraphChange',
  description: 'What became of an edge or a port from one window to another.',
  valuesConfig: {
    CAME: { description: 'Seen in the later window only' },
    WENT: { description: 'Seen in the earlier window only' },
    CHANGED: {
      description:
        'Seen in both: of a port, let through, denied or audited in one of them alone; of an edge, some port came, went or changed so',
    },
    STAYED: { description: 'Seen in both' },
    UNKNOWN: {
      description:
        'Seen in one; what the other had of it is forgotten, or is counted by day alone where the window begins or ends within the day',
    },
  },
});

@ObjectType('GraphPortChange', { description: 'One flow of an edge in two windows.' })
export class GraphPortChangeType {
  @Field(() => PortScalar, {
    nullable: true,
    description: "The pod's port; null where there is none",
  })
  readonly port!: number | null;

  @Field(() => FlowProtocol, { description: 'The protocol above IP' })
  readonly protocol!: string;

  @Field(() => GraphChange, { description: 'What became of it' })
  readonly change!: GraphChange;

  @Field(() => [ObservedVerdict], {
    description:
      'What the dataplane said of it in the earlier window, at most five; empty where it was not seen for certain',
  })
  readonly verdictsBefore!: readonly ObservedVerdict[];

  @Field(() => [ObservedVerdict], {
    description: 'The same of the later window, at most five',
  })
  readonly verdictsAfter!: readonly ObservedVerdict[];

  @Field(() => DateTimeScalar, { description: 'When it was first seen, over all time' })
  readonly firstSeenAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last seen, over all time' })
  readonly lastSeenAt!: string;
}

@ObjectType('GraphEdgeChange', {
  description: 'An edge of which some port came, went or changed, or may have.',
})
export class GraphEdgeChangeType {
  @Field(() => ID, { description: 'Id of the node that connects' })
  readonly source!: string;

  @Field(() => ID, { description: 'Id of the node that is connected to' })
  readonly destination!: string;

  @Field(() => GraphChange, { description: 'CAME, WENT, CHANGED or UNKNOWN' })
  readonly change!: GraphChange;

  @Field(() => DateTimeScalar, {
    description: 'When the first of its ports was first seen, over all time',
  })
  readonly firstSeenAt!: string;

  @Field(() => [GraphPortChangeType], {
    description: 'Those seen in either window, ordered by protocol and port',
  })
  readonly ports!: readonly GraphPortChangeType[];
}
