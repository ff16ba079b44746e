import { Field, Int, ObjectType } from 'type-graphql';
import { BigIntScalar, DateTimeScalar } from '../../graphql/scalars.graphql.js';
import { ReasonCountType, reasonCounts } from '../flow-type.graphql.js';
import type { RecordedChunk } from './chunk.store.js';

@ObjectType('Ingestion', {
  description:
    'One chunk of flow records that was taken in: a stream is cut every 5,000 records, and each chunk is stored wholly or not at all.',
})
export class IngestionType {
  @Field(() => String, {
    description:
      'The idempotency key of the chunk: `KEY/n` of a stream with a key, else the hash of its records',
  })
  readonly key!: string;

  @Field(() => String, { description: 'Name of the format that it was read as' })
  readonly format!: string;

  @Field(() => DateTimeScalar, { description: 'When it was stored' })
  readonly recordedAt!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Its first observation' })
  readonly firstSeenAt!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Its last observation' })
  readonly lastSeenAt!: string | null;

  @Field(() => Int, { description: 'Records that became flows' })
  readonly accepted!: number;

  @Field(() => [ReasonCountType], {
    description: 'Valid records that show no connection, such as replies, by reason',
  })
  readonly skipped!: readonly ReasonCountType[];

  @Field(() => [ReasonCountType], { description: 'Records that could not be used, by reason' })
  readonly rejected!: readonly ReasonCountType[];

  @Field(() => BigIntScalar, { description: 'Events that the source says it lost' })
  readonly lost!: string;
}

export const ingestionOf = ({
  skipped,
  rejected,
  lost,
  ...chunk
}: RecordedChunk): IngestionType => ({
  ...chunk,
  skipped: reasonCounts(skipped),
  rejected: reasonCounts(rejected),
  lost: String(lost),
});
