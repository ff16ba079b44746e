import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { Action, Direction } from '../graphql/policy-words.graphql.js';
import { BigIntScalar, DateTimeScalar, PortScalar } from '../graphql/scalars.graphql.js';
import { Verdict } from '../netpol/index.js';
import { type ObservedPolicy, ObservedVerdict } from './flow.js';
import type { FlowNode } from './flow-node.js';
import { FlowTag } from './flow-view.js';
import { FlowProtocol, ReplyBasis, TrafficClass } from './observation.js';

registerEnumType(FlowTag, {
  name: 'FlowTag',
  description: 'What can be said of a flow at a glance.',
  valuesConfig: {
    ACTIVE: {
      description:
        "Seen in the window asked for; without a window, in the 24 hours before the cluster's newest observation",
    },
    BASELINE: { description: 'The baseline of either end holds it' },
    ALLOWED: { description: 'Some policy in force governs it, and the policies permit it' },
    ANOMALOUS: {
      description:
        'Denied by the policies in force, or by the dataplane in the window asked for (without one: ever), off a locked baseline, or towards a cloud metadata service',
    },
  },
});

registerEnumType(ObservedVerdict, {
  name: 'ObservedVerdict',
  description: 'What the dataplane said of a flow, as the source reports it.',
  valuesConfig: {
    ALLOWED: { description: 'It was forwarded' },
    DENIED: { description: 'It was dropped, or rejected, by policy' },
    AUDIT: { description: 'It was forwarded, and would be denied were policies enforced' },
    ERROR: { description: 'It failed for another reason than policy' },
    UNKNOWN: { description: 'The source does not say' },
  },
});

registerEnumType(Verdict, {
  name: 'Verdict',
  description: 'What policies say of a connection.',
  valuesConfig: {
    ALLOWED: { description: 'They permit it, or none governs it' },
    DENIED: { description: 'They do not permit it' },
    UNDECIDABLE: { description: 'A fact that decides is missing' },
  },
});

registerEnumType(FlowProtocol, {
  name: 'Protocol',
  description: 'The protocol above IP.',
  valuesConfig: {
    TCP: { description: 'TCP' },
    UDP: { description: 'UDP' },
    SCTP: { description: 'SCTP' },
    ICMP: { description: 'ICMP for IPv4; it has no ports' },
    ICMPV6: { description: 'ICMP for IPv6; it has no ports' },
    OTHER: { description: 'Any other' },
  },
});

registerEnumType(TrafficClass, {
  name: 'TrafficClass',
  description: 'What a flow is for, by its ends and its port.',
  valuesConfig: {
    APP: { description: 'Between workloads, and none of the others' },
    DNS: { description: 'A name lookup' },
    HEALTH_PROBE: { description: "A probe of a pod's health by its node, or of the nodes' own" },
    NODE_AGENT: { description: 'Towards an agent on a node' },
    SCRAPE: { description: 'Metrics being collected' },
    CONTROL_PLANE: { description: 'From or to the API server' },
    EXTERNAL: { description: 'From or to something outside of the cluster' },
    PLATFORM: {
      description:
        "Towards services of the cloud's platform, such as time or the identity of pods, on addresses of their own",
    },
    METADATA: { description: 'Towards a cloud metadata service, which hands out credentials' },
    HARNESS: { description: 'Made by tests; set by people only' },
  },
});

registerEnumType(ReplyBasis, {
  name: 'DirectionBasis',
  description: 'What tells who asked whom, the surest first.',
  valuesConfig: {
    REPORTED: { description: 'The source says it' },
    CONNTRACK: { description: 'The connection tracking of the node' },
    TCP_FLAGS: { description: 'A SYN is from the client' },
    ICMP_TYPE: { description: 'An echo asks, what else ICMP says answers' },
    OBSERVATION_POINT: { description: 'Where it was seen, and going which way' },
    SERVICE: { description: "A Service's address is asked, and never asks" },
    DECLARED: {
      description:
        'One end declares its port, by its containers or a Service, and the other does not',
    },
    LISTENING: { description: 'Other records show that one end listens at its port' },
    PAIRING: { description: 'One end talks with several, the other with fewer' },
    PORT_HEURISTIC: { description: 'What systems use port numbers for: a guess' },
    ASSUMED: { description: 'Nothing tells it; taken as the record was written' },
  },
});

@ObjectType('ObservedPolicy', {
  description:
    'A policy that the dataplane named as what decided, in its own words: it may be one that is not stored here.',
})
export class ObservedPolicyType implements ObservedPolicy {
  @Field(() => Action, { description: 'ALLOW or DENY' })
  readonly action!: ObservedPolicy['action'];

  @Field(() => Direction, {
    nullable: true,
    description: 'At which end it decided; null: the source does not say',
  })
  readonly direction!: ObservedPolicy['direction'];

  @Field(() => String, {
    nullable: true,
    description: 'Such as `CiliumNetworkPolicy`; null: the source does not say',
  })
  readonly kind!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Null: it is one of the whole cluster, or the source does not say',
  })
  readonly namespace!: string | null;

  @Field(() => String, { description: 'As the dataplane calls it' })
  readonly name!: string;
}

@ObjectType('Flow', {
  implements: NodeType,
  description:
    'A directed edge between two peers: source, destination, destination port and protocol, however often it was seen.',
})
export class FlowType
  extends NodeType
  implements
    Omit<
      FlowNode,
      | 'clusterId'
      | 'sourceId'
      | 'destinationId'
      | 'protocol'
      | 'trafficClass'
      | 'active'
      | 'outcomes'
      | 'inBaseline'
      | 'offLocked'
    >
{
  @Field(() => PortScalar, {
    nullable: true,
    description:
      "The port of the destination's pod, after a Service's port was translated; null where the protocol has none, or the source dropped it",
  })
  readonly port!: number | null;

  @Field(() => PortScalar, {
    nullable: true,
    description: "The Service's port that the client called; null where none is known",
  })
  readonly servicePort!: number | null;

  @Field(() => Boolean, {
    description:
      'Whether a source told, or its records showed, who asked whom. False: it may be the answer to another flow, and no rule and no baseline is made of it',
  })
  readonly directionKnown!: boolean;

  @Field(() => ReplyBasis, {
    nullable: true,
    description:
      'What tells who asked whom, the surest of it; null of a flow that was stored before that was kept',
  })
  readonly directionBasis!: string | null;

  @Field(() => [ObservedPolicyType], {
    nullable: true,
    description: 'The policies that the dataplane named when it last named any; null: it never did',
  })
  readonly observedPolicies!: readonly ObservedPolicy[] | null;

  @Field(() => DateTimeScalar, { description: 'When it was first observed, over all time' })
  readonly firstSeenAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last observed, over all time' })
  readonly lastSeenAt!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'Connections that began, over all time; null where the source does not tell. `counts` has those of a window',
  })
  readonly connections!: string | null;

  @Field(() => BigIntScalar, {
    description:
      'Events that the source reported, over all time. `counts` has those of a window, by verdict',
  })
  readonly events!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'Bytes, over all time; null where the source does not tell. `counts` has those of a window',
  })
  readonly bytes!: string | null;

  @Field(() => ObservedVerdict, {
    description: 'What the dataplane last said of it; `counts` has all that it said',
  })
  readonly observedVerdict!: ObservedVerdict;

  @Field(() => Verdict, { description: 'What the policies in force say of it' })
  readonly policyVerdict!: Verdict;

  @Field(() => Boolean, {
    description: 'Whether any policy in force governs it; where none does it is allowed by default',
  })
  readonly governed!: boolean;

  @Field(() => String, {
    description:
      'What the verdict rests on, such as `policy`, `default-allow` or `missing-inventory`; `explanation` says more',
  })
  readonly policyBasis!: string;
}

export const FlowConnection = connectionOf('Flow', () => FlowType);

@ObjectType('ReasonCount', { description: 'How many records had one reason.' })
export class ReasonCountType {
  @Field(() => String, { description: 'One word for each reason' })
  readonly reason!: string;

  @Field(() => Int, { description: 'How many records' })
  readonly count!: number;
}

/** In the order of reasons. */
export const reasonCounts = (
  counts: Readonly<Record<string, number>>,
): readonly ReasonCountType[] =>
  Object.entries(counts)
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((one, other) => (one.reason < other.reason ? -1 : 1));
