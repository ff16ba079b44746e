import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AssertionBasis, type AssertionResult, type AssertionViolation } from './simulation.js';

registerEnumType(AssertionBasis, {
  name: 'AssertionBasis',
  description: 'What an assertion was held against.',
  valuesConfig: {
    POLICIES: { description: 'What the policies that would be in force allow' },
    HISTORY: { description: 'Flows of the window, whatever policies said of them' },
  },
});

@ObjectType('AssertionViolation', { description: 'What is contrary to an assertion.' })
class AssertionViolationType implements AssertionViolation {
  @Field(() => AssertionBasis, { description: 'Where it was found' })
  readonly basis!: AssertionBasis;

  @Field(() => String, { description: 'Written as in `ConnectivityChange`' })
  readonly source!: string;

  @Field(() => String, { description: 'Written like `source`' })
  readonly destination!: string;

  @Field(() => String, {
    description:
      'Ports that should be closed, such as `TCP 80,443`; of `reaches`, those that should be open; of a path, those of its last step',
  })
  readonly ports!: string;

  @Field(() => [String], { description: 'The way from end to end, both included' })
  readonly path!: readonly string[];
}

@ObjectType('AssertionResult', { description: 'Whether an assertion holds.' })
export class AssertionResultType implements AssertionResult {
  @Field(() => String, { description: 'Its name, or the sentence where it has none' })
  readonly name!: string;

  @Field(() => String, { description: 'The sentence, as written' })
  readonly text!: string;

  @Field(() => Int, { nullable: true, description: 'Line of the assertion in the text, from 1' })
  readonly line!: number | null;

  @Field(() => Int, { nullable: true, description: 'Column in that line, from 1' })
  readonly column!: number | null;

  @Field(() => Boolean, { description: 'Whether nothing is contrary to it' })
  readonly holds!: boolean;

  @Field(() => [AssertionViolationType], {
    description: 'The first twenty of each basis, in the order of names',
  })
  readonly violations!: readonly AssertionViolation[];

  @Field(() => Int, { description: 'How many there are' })
  readonly violationCount!: number;
}
