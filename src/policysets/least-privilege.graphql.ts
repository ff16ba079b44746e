import { Field, Float, ObjectType } from 'type-graphql';
import type { Score } from './scores.js';

@ObjectType('LeastPrivilege', {
  description:
    'How little a deployment may do beyond what it does: of the ways to and from other deployments that it was not seen to use, the share that is closed.',
})
export class LeastPrivilegeType implements Score {
  @Field(() => String, { description: 'Of the deployment' })
  readonly namespace!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its name; null: the average of those of the scope in the namespace',
  })
  readonly deployment!: string | null;

  @Field(() => Float, { description: 'Under the policies in force, 0 to 1 in hundredths' })
  readonly before!: number;

  @Field(() => Float, { description: 'With the set, 0 to 1 in hundredths' })
  readonly after!: number;

  @Field(() => Float, { description: '`before` of the ways from others to it alone' })
  readonly ingressBefore!: number;

  @Field(() => Float, { description: '`after` of the ways from others to it alone' })
  readonly ingressAfter!: number;

  @Field(() => Float, { description: '`before` of the ways from it to others alone' })
  readonly egressBefore!: number;

  @Field(() => Float, { description: '`after` of the ways from it to others alone' })
  readonly egressAfter!: number;
}
