import { Field, ID, InputType, Int } from 'type-graphql';
import { LabelSelectorInput } from '../graphql/filter.graphql.js';
import { JsonScalar, PortScalar, TimeBoundScalar } from '../graphql/scalars.graphql.js';
import { AlertRule, AlertSeverity } from './alert.js';
import { AlertEnforcement } from './alert-rule.js';

@InputType()
abstract class AlertRuleSelectorsInput {
  @Field(() => LabelSelectorInput, {
    nullable: true,
    description:
      'Selects the pods of the deployment by their labels; where these are not known it selects none',
  })
  readonly podSelector?: LabelSelectorInput | null;

  @Field(() => LabelSelectorInput, {
    nullable: true,
    description:
      'Selects the namespace of the deployment by its labels; where these are not known it selects none',
  })
  readonly namespaceSelector?: LabelSelectorInput | null;
}

@InputType('AlertRuleScopeInput', { description: 'Whose flows a rule is about; null is all.' })
class AlertRuleScopeInput extends AlertRuleSelectorsInput {
  @Field(() => [String], { nullable: true, description: 'Names of clusters' })
  readonly clusters?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Namespaces of the deployment' })
  readonly namespaces?: string[] | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Labels that the deployment has, as an object',
  })
  readonly labels?: unknown;
}

@InputType('AlertRuleExclusionInput', { description: 'All that is given must hold.' })
class AlertRuleExclusionInput extends AlertRuleSelectorsInput {
  @Field(() => String, { nullable: true, description: 'Namespace of the deployment' })
  readonly namespace?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the deployment' })
  readonly deployment?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Other end: `namespace/name`, a DNS name, an address, or the name of a block',
  })
  readonly peer?: string | null;

  @Field(() => PortScalar, { nullable: true, description: 'Port of the destination' })
  readonly port?: number | null;
}

@InputType()
export abstract class AlertRuleFieldsInput {
  @Field(() => String, { nullable: true, description: 'What it is for' })
  readonly description?: string | null;

  @Field(() => AlertSeverity, {
    nullable: true,
    description: 'Severity of the alerts that it raises; of a new rule MEDIUM where it is left out',
  })
  readonly severity?: AlertSeverity | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Categories of its alerts, the first of which they show; of a new rule `Anomalous Activity` where they are left out',
  })
  readonly categories?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'LATERAL_SCAN: so many peers and ports within an hour, or twice as many within a day',
  })
  readonly threshold?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'EXFILTRATION: nothing is unusual below so many megabytes (10^6 bytes) within an hour',
  })
  readonly megabytes?: number | null;

  @Field(() => [String], { nullable: true, description: 'KNOWN_BAD: addresses and blocks' })
  readonly addresses?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'INGESTION_GAP: a source that shows nothing new for so many minutes, and for three times as long as it usually pauses, is silent; at least 5',
  })
  readonly silentMinutes?: number | null;

  @Field(() => AlertSeverity, {
    nullable: true,
    description:
      'OFF_BASELINE: raises alerts off stable baselines as well, of this severity; off locked ones alone without it. Null takes it back',
  })
  readonly stableSeverity?: AlertSeverity | null;

  @Field(() => AlertRuleScopeInput, { nullable: true, description: 'Whose flows it is about' })
  readonly scope?: AlertRuleScopeInput | null;

  @Field(() => [AlertRuleExclusionInput], {
    nullable: true,
    description: 'Flows that it is not about',
  })
  readonly exclusions?: AlertRuleExclusionInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it raises alerts; a new rule does where this is left out',
  })
  readonly enabled?: boolean | null;

  @Field(() => AlertEnforcement, {
    nullable: true,
    description: 'What it asks for when it is met; of a new rule INFORM where it is left out',
  })
  readonly enforcement?: AlertEnforcement | null;
}

@InputType('CreateAlertRuleInput', { description: 'A new rule.' })
export class CreateAlertRuleInput extends AlertRuleFieldsInput {
  @Field(() => String, {
    description: 'Unique among the rules of the same clusters and namespaces, whatever its case',
  })
  readonly name!: string;

  @Field(() => AlertRule, { description: 'What it is about' })
  readonly criterion!: AlertRule;
}

@InputType('UpdateAlertRuleInput', { description: 'A rule, and what changes of it.' })
export class UpdateAlertRuleInput extends AlertRuleFieldsInput {
  @Field(() => ID, { description: 'Id of the rule' })
  readonly id!: string;

  @Field(() => String, { nullable: true, description: 'Its new name' })
  readonly name?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Version that it has: where it has another one, nothing is done, and the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@InputType('DeleteAlertRuleInput', { description: 'Which rule.' })
export class DeleteAlertRuleInput {
  @Field(() => ID, { description: 'Id of the rule' })
  readonly id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that it has: where it has another one, the problem is `CONFLICT`',
  })
  readonly expectedVersion?: number | null;
}

@InputType('TestAlertRuleInput', { description: 'A rule, stored or not, and a window.' })
export class TestAlertRuleInput {
  @Field(() => ID, { nullable: true, description: 'Id of a rule; either this or `rule`' })
  readonly id?: string | null;

  @Field(() => CreateAlertRuleInput, { nullable: true, description: 'A rule that is not stored' })
  readonly rule?: CreateAlertRuleInput | null;

  @Field(() => String, { nullable: true, description: 'Name of the cluster; all when not given' })
  readonly cluster?: string | null;

  @Field(() => TimeBoundScalar, { defaultValue: '7d', description: 'Flows seen from here on' })
  readonly since!: string;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Flows seen before this; now' })
  readonly until?: string | null;
}

@InputType('DecideAlertActionInput', { description: 'Which action, and whether to do it.' })
export class DecideAlertActionInput {
  @Field(() => ID, { description: 'Id of the action' })
  readonly id!: string;

  @Field(() => Boolean, { description: 'False rejects it' })
  readonly approve!: boolean;
}
