import { Field, InputType, registerEnumType } from 'type-graphql';
import {
  BigIntScalar,
  CidrScalar,
  DateTimeScalar,
  IpAddressScalar,
  JsonScalar,
  PortScalar,
} from '../../graphql/scalars.graphql.js';
import { ObservedVerdict } from '../flow.js';
import type { JsonObject } from '../formats/record.js';
import { FlowDirection, FlowProtocol, Reporter } from '../observation.js';

registerEnumType(FlowDirection, {
  name: 'FlowDirection',
  description: 'The point of view of the end that reported a flow.',
  valuesConfig: {
    INGRESS: { description: 'It came in there' },
    EGRESS: { description: 'It went out there' },
    UNKNOWN: { description: 'The source does not say' },
  },
});

registerEnumType(Reporter, {
  name: 'FlowReporter',
  description: 'Which end reported a flow.',
  valuesConfig: {
    SOURCE: { description: 'The end that connects' },
    DESTINATION: { description: 'The end that is connected to' },
    BOTH: { description: 'Both ends, as one record' },
    NODE: { description: 'A node between them' },
    UNKNOWN: { description: 'The source does not say' },
  },
});

@InputType('FlowRecordWorkload', { description: 'The workload that owns a pod.' })
class FlowRecordWorkloadInput {
  @Field(() => String, { description: 'Kind, such as `Deployment` or `StatefulSet`' })
  readonly kind!: string;

  @Field(() => String, { description: 'Name within its namespace' })
  readonly name!: string;
}

@InputType('FlowRecordPeer', {
  description:
    'One end of a flow. The first of these that is given says who it is: `pod`, `workload`, `labels`, `service`, `node`, `cidr` or `dnsName`, `ip`. The first four need the `namespace`.',
})
export class FlowRecordPeerInput {
  @Field(() => String, { nullable: true, description: 'Namespace of the pod, workload or Service' })
  readonly namespace?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the pod' })
  readonly pod?: string | null;

  @Field(() => FlowRecordWorkloadInput, {
    nullable: true,
    description: "The pod's workload; else it is inferred from the pod's name",
  })
  readonly workload?: FlowRecordWorkloadInput | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "The pod's labels, an object of strings",
  })
  readonly labels?: unknown;

  @Field(() => IpAddressScalar, { nullable: true, description: 'Address of the end' })
  readonly ip?: string | null;

  @Field(() => CidrScalar, { nullable: true, description: 'A block outside of the cluster' })
  readonly cidr?: string | null;

  @Field(() => String, { nullable: true, description: 'The name by which the client found it' })
  readonly dnsName?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the node that it is' })
  readonly node?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the Service, where the address is before translation',
  })
  readonly service?: string | null;
}

@InputType('FlowRecord', {
  description:
    "A flow in this server's own form, client to server. Give `time`, or both `firstSeen` and `lastSeen`.",
})
export class FlowRecordInput {
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was seen' })
  readonly time?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Start of the window of the record' })
  readonly firstSeen?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'End of the window of the record' })
  readonly lastSeen?: string | null;

  @Field(() => FlowRecordPeerInput, { description: 'The client: who opened the connection' })
  readonly source!: FlowRecordPeerInput;

  @Field(() => FlowRecordPeerInput, { description: 'The server: who was connected to' })
  readonly destination!: FlowRecordPeerInput;

  @Field(() => PortScalar, { nullable: true, description: "The server pod's port" })
  readonly port?: number | null;

  @Field(() => PortScalar, { nullable: true, description: "The Service's port" })
  readonly servicePort?: number | null;

  @Field(() => FlowProtocol, { description: 'The protocol above IP' })
  readonly protocol!: FlowProtocol;

  @Field(() => ObservedVerdict, { nullable: true, description: 'What the dataplane said' })
  readonly verdict?: ObservedVerdict | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Connections that began' })
  readonly connections?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'How many events the record stands for; 1 where it is left out',
  })
  readonly events?: bigint | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Bytes in both directions' })
  readonly bytes?: bigint | null;

  @Field(() => FlowDirection, { nullable: true, description: 'Point of view of the report' })
  readonly direction?: FlowDirection | null;

  @Field(() => Reporter, {
    nullable: true,
    description:
      'Which end reported. What both the source and the destination report of an hour counts once',
  })
  readonly reporter?: Reporter | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: an answer, which is skipped. Null: the source does not know. Left out: it is none',
  })
  readonly isReply?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The source's own id of the record: a record with the same id and time counts once",
  })
  readonly id?: string | null;
}

/** As JSON writes it: big numbers as text, what is left out not there. */
export const recordJson = (input: FlowRecordInput): JsonObject =>
  JSON.parse(
    JSON.stringify(input, (_, value) => (typeof value === 'bigint' ? value.toString() : value)),
  );
