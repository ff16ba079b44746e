import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { type Problem, Severity } from '../netpol/index.js';
import { showable } from '../query/storable.js';

registerEnumType(Severity, {
  name: 'Severity',
  description: 'How much a problem or finding matters.',
  valuesConfig: {
    ERROR: { description: 'Nothing was done' },
    WARNING: { description: 'The item was left out or changed, and the rest went on' },
    INFO: { description: 'Worth knowing' },
  },
});

@ObjectType('Problem', { description: 'Something in the input that could not be used as it is.' })
export class ProblemType {
  @Field(() => String, { description: 'One word for each kind of fault, in upper case' })
  readonly code!: string;

  @Field(() => Severity, { description: 'How much it matters' })
  readonly severity!: Severity;

  @Field(() => String, { description: 'What is wrong, with the input in backticks' })
  readonly message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Inside the document, such as `spec.ingress[0].ports[1].port`',
  })
  readonly path!: string | null;

  @Field(() => String, { nullable: true, description: 'File or other name of the input' })
  readonly file!: string | null;

  @Field(() => Int, { nullable: true, description: 'From 1' })
  readonly line!: number | null;

  @Field(() => Int, { nullable: true, description: 'From 1' })
  readonly column!: number | null;

  @Field(() => String, { nullable: true, description: 'What to do about it' })
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
