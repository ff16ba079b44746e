import { Field, Int, ObjectType } from 'type-graphql';
import { type ObservedPolicy, ObservedVerdict } from '../flows/flow.js';
import { ObservedPolicyType } from '../flows/flow-type.graphql.js';
import { Action, Direction, Tier } from '../graphql/policy-words.graphql.js';
import { BigIntScalar } from '../graphql/scalars.graphql.js';
import type { Versions } from '../inventory/versions.store.js';
import { Verdict } from '../netpol/index.js';
import type { DataplaneWord } from './dataplane-word.js';
import type { Explained, ExplainedHalf, ExplainedPart } from './explained.js';

@ObjectType('Reason', { description: 'One policy or rule that took part in a decision.' })
export class ReasonType {
  @Field(() => Direction, { description: 'The side that it decided' })
  readonly direction!: Direction;

  @Field(() => Tier, { description: 'The tier of the policy' })
  readonly tier!: Tier;

  @Field(() => Int, {
    nullable: true,
    description:
      'Index of the rule, from 0; null: the policy isolates the pod and none of its rules matched',
  })
  readonly rule!: number | null;

  @Field(() => [Int], {
    nullable: true,
    description:
      'Of a rule with several peers: those that the other end is, by their index in `from` or `to`, from 0',
  })
  readonly peers?: readonly number[];

  @Field(() => String, { nullable: true, description: "The rule's own name, in the admin tiers" })
  readonly ruleName!: string | null;

  @Field(() => Action, {
    nullable: true,
    description: 'What the rule does; null where none of its rules matched',
  })
  readonly action!: Action | null;

  @Field(() => String, { nullable: true, description: 'File or policy that the line counts in' })
  readonly file!: string | null;

  @Field(() => Int, { description: 'Line of the rule, else of the policy, from 1' })
  readonly line!: number;

  @Field(() => Int, { description: 'Column in that line, from 1' })
  readonly column!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Where no rule matched: the one that is nearest, and what would have to differ for it to match',
  })
  readonly nearest?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Where an end may be one of several, such as the pods behind a Service: for which of them it holds; null: for all',
  })
  readonly appliesTo?: string;
}

@ObjectType('DirectionExplanation', { description: 'The decision of one direction.' })
export class DirectionExplanationType implements Omit<ExplainedHalf, 'reasons'> {
  @Field(() => Direction, { description: 'The side that was decided' })
  readonly direction!: Direction;

  @Field(() => Verdict, { description: 'Of this direction alone' })
  readonly verdict!: Verdict;

  @Field(() => String, {
    description: 'What the verdict rests on, such as `policy` or `default-allow`',
  })
  readonly basis!: string;

  @Field(() => Boolean, { description: 'Whether some policy selects the pod in this direction' })
  readonly governed!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The fact that would decide, when UNDECIDABLE',
  })
  readonly missing!: string | null;

  @Field(() => [ReasonType], { description: 'Policies and rules that decided' })
  readonly reasons!: readonly ReasonType[];
}

@ObjectType('Versions', {
  description:
    'What an answer rests on: the same versions mean the same facts and the same policies in force.',
})
class VersionsType implements Versions {
  @Field(() => BigIntScalar, { description: 'Of labels, namespaces, nodes and Services' })
  readonly facts!: string;

  @Field(() => BigIntScalar, { description: 'Of the policies in force' })
  readonly policies!: string;
}

@ObjectType('DataplaneWord', {
  description: 'What the dataplane said of a flow, beside what the policies in force say.',
})
class DataplaneWordType implements DataplaneWord {
  @Field(() => ObservedVerdict, { description: 'What it said last' })
  readonly verdict!: ObservedVerdict;

  @Field(() => [ObservedPolicyType], {
    description: 'The policies that it named when it last named any; empty: it never did',
  })
  readonly policies!: readonly ObservedPolicy[];

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the policies in force say the same; false: it may know policies that are not stored here; null: one of the two does not say',
  })
  readonly agrees!: boolean | null;

  @Field(() => String, { description: 'One sentence that says all of it' })
  readonly message!: string;
}

@ObjectType('ExplainedPart', {
  description: 'What holds for some parts of a question whose ends, or ports, are several.',
})
export class ExplainedPartType implements Omit<ExplainedPart, 'egress' | 'ingress'> {
  @Field(() => [String], {
    description:
      'Of a namespace the workloads, of a block ranges of addresses, else the end itself',
  })
  readonly sources!: readonly string[];

  @Field(() => [String], { description: 'Written like `sources`' })
  readonly destinations!: readonly string[];

  @Field(() => String, { description: '`TCP 80,443`; `TCP` where it holds for every port' })
  readonly ports!: string;

  @Field(() => Verdict, { description: 'Of both directions together' })
  readonly verdict!: Verdict;

  @Field(() => String, { description: 'What the verdict rests on' })
  readonly basis!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The fact that would decide, when UNDECIDABLE',
  })
  readonly missing!: string | null;

  @Field(() => DirectionExplanationType, { description: "The sources' side" })
  readonly egress!: DirectionExplanationType;

  @Field(() => DirectionExplanationType, { description: "The destinations' side" })
  readonly ingress!: DirectionExplanationType;
}

@ObjectType('Explanation', {
  description:
    'Why a connection is allowed or not: both directions with the policies and rules that decided.',
})
export class ExplanationType implements Omit<Explained, 'egress' | 'ingress' | 'parts'> {
  @Field(() => Verdict, { description: 'Of both directions together' })
  readonly verdict!: Verdict;

  @Field(() => String, {
    description: 'What the verdict rests on, such as `policy` or `default-allow`',
  })
  readonly basis!: string;

  @Field(() => Boolean, { description: 'Whether some policy selects either end' })
  readonly governed!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The fact that would decide, when UNDECIDABLE',
  })
  readonly missing!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What would leave one answer, when UNDECIDABLE, and which answer holds when',
  })
  readonly settledBy?: string;

  @Field(() => [String], {
    nullable: true,
    description: 'What else is to be known of the connection, and does not change the verdict',
  })
  readonly notes?: readonly string[];

  @Field(() => VersionsType, {
    nullable: true,
    description:
      'Of the facts and policies that answered; null where a candidate or a moment of the past was asked',
  })
  readonly versions?: Versions;

  @Field(() => DataplaneWordType, {
    nullable: true,
    description:
      'What the dataplane said, and whether it agrees; null where no flow of it was seen, and where a candidate, another moment, several ends or every port was asked about',
  })
  readonly dataplane?: DataplaneWord;
}
