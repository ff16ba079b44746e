import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { type Problem, Severity } from '../netpol/index.js';
import { showable } from '../query/storable.js';

registerEnumType(Severity, {
  name: 'Severity',
  description: 'How much a problem or finding matters.',
  valuesConfig: {
    ERROR: {
      description:
        'Of a problem: what it is about was not done. Of a finding: the policy does not do what it seems to',
    },
    WARNING: {
      description:
        'Of a problem: the item was left out or changed, and the rest went on. Of a finding: somebody should look at it',
    },
    INFO: { description: 'Worth knowing; nothing has to be done' },
  },
});

@ObjectType('Problem', {
  description:
    'What somebody should know of an input or an answer: what is wrong or unexpected, where, and what to do about it.',
})
export class ProblemType {
  @Field(() => String, { description: 'One word for each kind of fault, in upper case' })
  readonly code!: string;

  @Field(() => Severity, { description: 'How much it matters' })
  readonly severity!: Severity;

  @Field(() => String, { description: 'What is wrong, with the input in backticks' })
  readonly message!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Where: an argument such as `expectedVersion`, or a place in a document such as `spec.ingress[0].ports[1].port`; null: it is about the whole',
  })
  readonly path!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'File that it stands in, as it was named; null: the input is no file',
  })
  readonly file!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Line in `file` or in the text that was given, from 1',
  })
  readonly line!: number | null;

  @Field(() => Int, { nullable: true, description: 'Column in that line, from 1' })
  readonly column!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What to do about it; null: nothing in particular',
  })
  readonly hint!: string | null;
}

/** The API's flat form of a problem. */
export const problemOf = ({ place, ...problem }: Problem): ProblemType => ({
  ...problem,
  message: showable(problem.message),
  path: problem.path === null ? null : showable(problem.path),
  hint: problem.hint === null ? null : showable(problem.hint),
  file: place?.file ?? null,
  line: place?.line ?? null,
  column: place?.column ?? null,
});
