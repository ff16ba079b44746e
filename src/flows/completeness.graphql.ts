import { Field, Int, ObjectType } from 'type-graphql';
import { BigIntScalar, DateTimeScalar } from '../graphql/scalars.graphql.js';
import type { Completeness } from './completeness.js';

@ObjectType('Completeness', {
  description:
    'What a window did not show. An answer about flows is as good as what was observed: gaps, loss and unknown ends are said here.',
})
export class CompletenessType implements Completeness {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Start of the window that was looked at, included; null: open',
  })
  readonly since!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'End of the window that was looked at, excluded; null: open',
  })
  readonly until!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'First observation of the flows of the window; null where there is none',
  })
  readonly firstSeenAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Last observation of the flows of the window; null where there is none',
  })
  readonly lastSeenAt!: string | null;

  @Field(() => Int, { description: 'Distinct flows' })
  readonly flows!: number;

  @Field(() => BigIntScalar, { description: 'Events that the sources say they lost' })
  readonly lostEvents!: string;

  @Field(() => BigIntScalar, { description: 'Records that could not be used' })
  readonly rejectedRecords!: string;

  @Field(() => Int, { description: 'Distinct flows with an end that nobody could name' })
  readonly unresolvedFlows!: number;

  @Field(() => Int, {
    description: 'Hours without any observation between the first and the last',
  })
  readonly silentHours!: number;

  @Field(() => [String], {
    description: 'Deployments without a flow in the window as `namespace/name`; the first hundred',
  })
  readonly silentDeployments!: readonly string[];
}
