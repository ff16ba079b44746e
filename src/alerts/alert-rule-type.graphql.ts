import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { ProblemType } from '../graphql/problem.graphql.js';
import { DateTimeScalar, JsonScalar, PortScalar } from '../graphql/scalars.graphql.js';
import type { LabelSelector } from '../query/label-selector.js';
import { AlertRule, AlertSeverity, PeerGroup } from './alert.js';
import { type AlertAct, AlertActState } from './alert-act.js';
import {
  AlertEnforcement,
  type AlertRuleDefinition,
  type AlertRuleExclusion,
  type AlertRuleScope,
} from './alert-rule.js';
import type { WouldRaise } from './try-rule.js';

registerEnumType(AlertEnforcement, {
  name: 'AlertEnforcement',
  description: 'What a rule asks for when it is met.',
  valuesConfig: {
    INFORM: { description: 'An alert, and nothing else' },
    KILL_POD: { description: 'That the pod is ended, once somebody approves' },
    QUARANTINE: { description: 'That the pod is cut off, once somebody approves' },
  },
});

registerEnumType(AlertActState, {
  name: 'AlertActionState',
  description: 'What was decided about an action.',
  valuesConfig: {
    REQUESTED: { description: 'Nothing was decided yet' },
    APPROVED: { description: 'A sensor may carry it out' },
    REJECTED: { description: 'It is not carried out' },
    EXPIRED: {
      description:
        'Nobody decided within a day, or before the alert was resolved: it is not carried out',
    },
  },
});

@ObjectType()
abstract class AlertRuleSelectorsType {
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Selects the pods of the deployment by their labels: a LabelSelector; null: all',
  })
  readonly podSelector!: LabelSelector | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Selects the namespace of the deployment by its labels; null: all',
  })
  readonly namespaceSelector!: LabelSelector | null;
}

@ObjectType('AlertRuleScope', { description: 'Whose flows a rule is about; null is all.' })
class AlertRuleScopeType extends AlertRuleSelectorsType implements AlertRuleScope {
  @Field(() => [String], { nullable: true, description: 'Names of clusters' })
  readonly clusters!: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'Namespaces of the deployment' })
  readonly namespaces!: readonly string[] | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Labels that the deployment has' })
  readonly labels!: Readonly<Record<string, string>> | null;
}

@ObjectType('AlertRuleExclusion', {
  description: 'Flows that a rule is not about: all of it holds.',
})
class AlertRuleExclusionType extends AlertRuleSelectorsType implements AlertRuleExclusion {
  @Field(() => String, {
    nullable: true,
    description: 'Namespace of the deployment; null: whatever namespace',
  })
  readonly namespace!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the deployment; null: whatever deployment',
  })
  readonly deployment!: string | null;

  @Field(() => String, { nullable: true, description: 'The other end; null: whoever it is' })
  readonly peer!: string | null;

  @Field(() => PortScalar, {
    nullable: true,
    description: 'Port of the destination; null: whatever port',
  })
  readonly port!: number | null;
}

@ObjectType('AlertRuleDefinition', {
  implements: NodeType,
  description: 'A rule that raises alerts, as data.',
})
export class AlertRuleType {
  @Field(() => String, {
    description: 'Unique among the rules of the same clusters and namespaces, whatever its case',
  })
  readonly name!: string;

  @Field(() => String, { description: 'What it is for, and why it is on or off' })
  readonly description!: string;

  @Field(() => AlertRule, { description: 'What it is about' })
  readonly criterion!: AlertRule;

  @Field(() => AlertSeverity, { description: 'Severity of the alerts that it raises' })
  readonly severity!: AlertSeverity;

  @Field(() => [String], { description: 'Such as `Anomalous Activity`; alerts have the first' })
  readonly categories!: readonly string[];

  @Field(() => JsonScalar, {
    description:
      '`threshold` of LATERAL_SCAN, `megabytes` of EXFILTRATION, `addresses` and `indicators` of KNOWN_BAD, `silentMinutes` of INGESTION_GAP, `stableSeverity` of OFF_BASELINE',
  })
  readonly parameters!: AlertRuleDefinition['parameters'];

  @Field(() => AlertRuleScopeType, { description: 'Whose flows it is about' })
  readonly scope!: AlertRuleScope;

  @Field(() => [AlertRuleExclusionType], {
    description:
      'Flows that it is not about; empty where the rule is about more than the caller sees, since they may name others',
  })
  readonly exclusions!: readonly AlertRuleExclusion[];

  @Field(() => Boolean, { description: 'Whether it raises alerts' })
  readonly enabled!: boolean;

  @Field(() => AlertEnforcement, { description: 'What it asks for when it is met' })
  readonly enforcement!: AlertEnforcement;

  @Field(() => String, {
    description: 'When flows are held against it: always RUNTIME, as they come in',
  })
  lifecycle(): string {
    return 'RUNTIME';
  }

  @Field(() => Boolean, { description: 'Whether it comes with the program' })
  readonly shipped!: boolean;

  @Field(() => Int, { description: 'Goes up with each change; 0: as it is shipped' })
  readonly version!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was changed last; null: it is as it was shipped',
  })
  readonly updatedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of who changed it last; null: it is as it was shipped',
  })
  readonly updatedBy!: string | null;
}

export const AlertRuleConnection = connectionOf('AlertRuleDefinition', () => AlertRuleType);

@ObjectType('ChangeAlertRulePayload', { description: 'The rule as it is now.' })
export class ChangeAlertRulePayload {
  @Field(() => AlertRuleType, {
    nullable: true,
    description: 'Null when nothing was done; of one that was deleted, as it was',
  })
  readonly rule!: AlertRuleDefinition | null;

  @Field(() => [ProblemType], { description: 'An ERROR where nothing was done' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('WouldRaise', { description: 'An alert that a rule would have raised.' })
export class WouldRaiseType {
  @Field(() => String, {
    description:
      'The latest of its flows in words, or what else it is about: a policy, a set, a source',
  })
  readonly line!: string;

  @Field(() => String, { description: 'Why the rule would have been met' })
  readonly why!: string;

  @Field(() => PeerGroup, { description: 'What its other ends have in common' })
  readonly groupKind!: PeerGroup;

  @Field(() => String, { description: 'The group in words' })
  readonly groupName!: string;

  @Field(() => Int, {
    description:
      'Events of its flows; changes of the policy, policies that are not as their set has them, or times that the source was silent',
  })
  readonly events!: number;

  @Field(() => Int, {
    description: 'Flows that it would have been raised by; 0 where it is not about flows',
  })
  readonly flowCount!: number;

  @Field(() => DateTimeScalar, { description: 'When it would have occurred first' })
  readonly firstOccurredAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it would have occurred last' })
  readonly lastOccurredAt!: string;
}

@ObjectType('TestAlertRulePayload', { description: 'What a rule would have raised.' })
export class TestAlertRulePayload {
  @Field(() => Int, { description: 'How many alerts' })
  readonly wouldRaise!: number;

  @Field(() => [WouldRaiseType], { description: 'Those with most events first, at most 500' })
  readonly alerts!: readonly WouldRaise[];

  @Field(() => Int, { description: 'Flows that were looked at' })
  readonly flows!: number;

  @Field(() => [ProblemType], { description: 'What was not looked at' })
  readonly problems!: readonly ProblemType[];
}

@ObjectType('AlertAction', {
  implements: NodeType,
  description: 'What a rule asks to be done. Nothing is done before somebody approves.',
})
export class AlertActionType {
  @Field(() => AlertEnforcement, { description: 'What is to be done' })
  readonly kind!: AlertEnforcement;

  @Field(() => AlertActState, { description: 'What was decided' })
  readonly state!: AlertActState;

  @Field(() => DateTimeScalar, { description: 'When it was asked for' })
  readonly requestedAt!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was decided; null: it was not yet',
  })
  readonly decidedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of who decided; null: nobody did yet' })
  readonly decidedBy!: string | null;
}

@ObjectType('DecideAlertActionPayload', { description: 'The action as it is now.' })
export class DecideAlertActionPayload {
  @Field(() => AlertActionType, { nullable: true, description: 'Null when there is none' })
  readonly action!: AlertAct | null;

  @Field(() => [ProblemType], {
    description: 'An ERROR where there is none, a WARNING where it was decided before',
  })
  readonly problems!: readonly ProblemType[];
}
