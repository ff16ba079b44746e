import { Field, InputType, registerEnumType } from 'type-graphql';
import type { CidrFilter, StringFilter, TimeFilter } from '../query/filter.js';
import {
  type LabelExpression,
  LabelOperator,
  type LabelSelector,
} from '../query/label-selector.js';
import { CidrScalar, JsonScalar, TimeBoundScalar } from './scalars.graphql.js';

@InputType('StringFilter', {
  description: 'All given fields must hold. Upper and lower case differ, but for `search`.',
})
export class StringFilterInput implements StringFilter {
  @Field(() => String, { nullable: true, description: 'Is this text' })
  readonly eq?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Is one of these; an empty list matches nothing',
  })
  readonly in?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Begins with this' })
  readonly startsWith?: string | null;

  @Field(() => String, { nullable: true, description: 'Holds this' })
  readonly contains?: string | null;

  @Field(() => String, { nullable: true, description: 'Holds this, whatever the case' })
  readonly search?: string | null;
}

@InputType('TimeFilter', { description: 'A half-open window; an end that is not given is open.' })
export class TimeFilterInput implements TimeFilter {
  @Field(() => TimeBoundScalar, { nullable: true, description: 'At this moment or later' })
  readonly gte?: string | null;

  @Field(() => TimeBoundScalar, { nullable: true, description: 'Before this moment' })
  readonly lt?: string | null;
}

@InputType('CidrFilter', { description: 'All given fields must hold.' })
export class CidrFilterInput implements CidrFilter {
  @Field(() => CidrScalar, { nullable: true, description: 'Lies in this block, or is it' })
  readonly within?: string | null;

  @Field(() => CidrScalar, { nullable: true, description: 'Shares an address with this block' })
  readonly overlaps?: string | null;
}

registerEnumType(LabelOperator, {
  name: 'LabelOperator',
  description: "The operators of Kubernetes' label selectors, as they are written there",
  valuesConfig: {
    In: { description: 'The label is there, with one of the values' },
    NotIn: { description: 'The label is not there, or has none of the values' },
    Exists: { description: 'The label is there, with any value' },
    DoesNotExist: { description: 'The label is not there' },
  },
});

@InputType('LabelSelectorRequirement', { description: 'One condition on a label.' })
export class LabelExpressionInput implements LabelExpression {
  @Field(() => String, { description: 'Key of the label' })
  readonly key!: string;

  @Field(() => LabelOperator, { description: 'How the label is compared' })
  readonly operator!: LabelOperator;

  @Field(() => [String], { nullable: true, description: 'For In and NotIn: at least one' })
  readonly values?: string[] | null;
}

@InputType('LabelSelector', {
  description: "Kubernetes' own: both parts must hold; an empty selector matches everything.",
})
export class LabelSelectorInput implements LabelSelector {
  @Field(() => JsonScalar, { nullable: true, description: 'An object of strings' })
  readonly matchLabels?: unknown;

  @Field(() => [LabelExpressionInput], { nullable: true, description: 'All of these must hold' })
  readonly matchExpressions?: LabelExpressionInput[] | null;
}
