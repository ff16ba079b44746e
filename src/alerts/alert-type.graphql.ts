import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { BigIntScalar, DateTimeScalar } from '../graphql/scalars.graphql.js';
import { AlertRule, AlertSeverity, AlertState, PeerGroup } from './alert.js';

registerEnumType(AlertRule, {
  name: 'AlertRule',
  description: 'What an alert can be about, the most telling first.',
  valuesConfig: {
    KNOWN_BAD: { description: 'A call to or from an address on a list of known bad ones' },
    METADATA: { description: 'A call to a cloud metadata service, which hands out credentials' },
    EXFILTRATION: {
      description:
        'A deployment moved more bytes to or from peers outside within an hour than is usual for them; silent where the source tells no bytes',
    },
    LATERAL_SCAN: {
      description:
        'A deployment tried many peers and ports within an hour, or twice as many within a day, each of which met another rule',
    },
    FORBIDDEN: { description: 'A flow that somebody forbade in the baseline of an end' },
    OFF_BASELINE: {
      description:
        'A flow that the locked baseline of an end does not hold, or the stable one where the rule asks for that',
    },
    NEW_EXTERNAL: {
      description:
        "A destination outside of the cluster that the deployment's baseline does not hold, by address, name or block",
    },
    DRIFT: {
      description: 'Policies of a stored set that was in force as a whole are other now, or gone',
    },
    POLICY_CHANGED: {
      description:
        'A policy was made, changed or deleted in the cluster, and no stored set has it as it is',
    },
    INGESTION_GAP: {
      description:
        'A source of flows that came steadily is silent, by the time in which this server looked',
    },
    DENIED: {
      description:
        'A flow that the policies in force deny, or that the dataplane denied by policy; it counts what was denied. What failed for another reason is none',
    },
    AUDITED: {
      description:
        'A flow that the dataplane let through, and of which it said that policy would deny it were it enforced',
    },
    NEW_PORT: {
      description: 'A deployment was called on a port on which its baseline knows no caller',
    },
    UNLEARNED: { description: 'Policies permit a flow that no baseline of its ends holds' },
  },
});

registerEnumType(AlertState, {
  name: 'AlertState',
  description: 'Whether somebody has to look at an alert.',
  valuesConfig: {
    ACTIVE: {
      description: 'Somebody has to look: it occurred and was not, or not always, blocked',
    },
    ATTEMPTED: { description: 'Somebody has to look: it was tried, and all of it was blocked' },
    SNOOZED: { description: 'Nobody wants to hear of it until a moment; then it is open again' },
    RESOLVED: {
      description: 'Somebody resolved it, or its cause went, and it did not occur again',
    },
    OPEN: {
      description: 'In filters: ACTIVE or ATTEMPTED. No alert has it',
      deprecationReason: 'ask for ACTIVE and ATTEMPTED',
    },
  },
});

registerEnumType(PeerGroup, {
  name: 'AlertPeerGroup',
  description: 'What the other ends of an alert have in common.',
  valuesConfig: {
    PEER: { description: 'They are one deployment' },
    NAME: { description: 'They have one DNS name, whatever the addresses' },
    BLOCK: { description: 'They lie in one named block of addresses' },
    CLIENTS: { description: 'They call from outside, and have no name' },
    OUTSIDE: { description: 'They are called outside, and have no name' },
    METADATA: { description: 'They are the cloud metadata service' },
    NODES: { description: 'They are nodes of the cluster' },
    UNRESOLVED: { description: 'Nobody knows whose addresses they are' },
    VOLUME: { description: 'They are outside, and much was moved to or from them' },
    SCAN: { description: 'They are all that a scan tried' },
    POLICY: { description: 'There are none: it is about a policy, which `groupName` names' },
    POLICY_SET: { description: 'There are none: it is about a stored set of policies' },
    SOURCE: { description: 'There are none: it is about a source of flows' },
  },
});

registerEnumType(AlertSeverity, {
  name: 'AlertSeverity',
  description: 'How severe an alert is.',
  valuesConfig: {
    LOW: { description: 'Worth knowing, at some time' },
    MEDIUM: { description: 'Worth a look soon' },
    HIGH: { description: 'Look at it now' },
    CRITICAL: { description: 'Wake somebody up' },
  },
});

@ObjectType('Alert', {
  implements: NodeType,
  description:
    'A deviation that somebody should look at: one for each deployment and group of peers, whatever rules its flows met, and however often it occurs. Those that are about a policy, a set of policies or a source of flows have no deployment and no flows.',
})
export class AlertType extends NodeType {
  @Field(() => AlertRule, { description: 'The most telling of the rules that its flows met' })
  readonly rule!: AlertRule;

  @Field(() => [AlertRule], { description: 'All rules that its flows met, in the order of names' })
  readonly rules!: readonly AlertRule[];

  @Field(() => PeerGroup, { description: 'What its other ends have in common' })
  readonly groupKind!: PeerGroup;

  @Field(() => String, { description: 'The group in words: a name, a block, a deployment' })
  readonly groupName!: string;

  @Field(() => String, { description: 'Such as `Anomalous Activity`' })
  readonly category!: string;

  @Field(() => AlertSeverity, { description: 'How severe it is' })
  readonly severity!: AlertSeverity;

  @Field(() => AlertState, { description: 'Whether somebody has to look at it' })
  readonly state!: AlertState;

  @Field(() => String, { description: 'What happened last, in a sentence' })
  readonly message!: string;

  @Field(() => BigIntScalar, { description: 'Events since it first occurred' })
  readonly occurrences!: string;

  @Field(() => BigIntScalar, { description: 'Those of its events that were not blocked' })
  readonly passed!: string;

  @Field(() => Int, {
    description:
      'Flows that it was raised by, of those that are kept; 0: none is, or it is not about flows',
  })
  readonly flowCount!: number;

  @Field(() => DateTimeScalar, { description: 'When it was first observed' })
  readonly firstOccurredAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last observed' })
  readonly lastOccurredAt!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when nobody wants to hear of it; null: it is not snoozed',
  })
  readonly snoozedUntil!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was resolved; null: it is open',
  })
  readonly resolvedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What was done about it, in the words of who resolved it',
  })
  readonly resolution!: string | null;

  @Field(() => DateTimeScalar, {
    description: 'When anything of it changed last; `alertChanged(after)` takes it up from there',
  })
  readonly changedAt!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Who resolved it; null: nobody, or it resolved itself because its cause went',
  })
  readonly resolvedBy!: string | null;
}

@ObjectType('AlertComment', { description: 'What somebody wrote about an alert.' })
export class AlertCommentType {
  @Field(() => DateTimeScalar, { description: 'When it was written' })
  readonly createdAt!: string;

  @Field(() => String, { description: 'Name of the token that wrote it' })
  readonly author!: string;

  @Field(() => String, { description: 'What was written' })
  readonly text!: string;
}

export const AlertConnection = connectionOf('Alert', () => AlertType);
