import { Field, Float, Int, ObjectType } from 'type-graphql';
import { BigIntScalar, DateTimeScalar } from '../../graphql/scalars.graphql.js';
import { receivedOf, type SourceLedger, totalOf } from './source-ledger.js';

@ObjectType('SourceReason', { description: 'So many records of a source for one reason.' })
class SourceReasonType {
  @Field(() => String, { description: 'Such as `reply` or `NOT_JSON`' })
  readonly reason!: string;

  @Field(() => BigIntScalar, { description: 'How many records' })
  readonly count!: string;
}

@ObjectType('SourceGap', { description: 'Hours in which a source showed nothing.' })
class SourceGapType {
  @Field(() => DateTimeScalar, { description: 'Start of the gap, included' })
  readonly since!: string;

  @Field(() => DateTimeScalar, { description: 'End of the gap, excluded' })
  readonly until!: string;
}

@ObjectType('SourceLedger', {
  description:
    'What came of a source in the hours that overlap a window: each record in the hour of its first moment; what has no time, such as a reject or a loss, in the hour of the first observation of its chunk, or of its receipt where there is none. A source that fell silent before the window is told by its gap.',
})
export class SourceLedgerType {
  @Field(() => String, { description: 'Name of the format, such as `hubble`' })
  readonly name!: string;

  @Field(() => BigIntScalar, {
    description: 'Records that came: those accepted, rejected, skipped, and duplicates',
  })
  readonly received!: string;

  @Field(() => BigIntScalar, { description: 'Records that became flows' })
  readonly accepted!: string;

  @Field(() => BigIntScalar, { description: 'Records that could not be used' })
  readonly rejected!: string;

  @Field(() => [SourceReasonType], { description: 'Those by reason, ordered by it' })
  readonly rejectedReasons!: readonly SourceReasonType[];

  @Field(() => BigIntScalar, {
    description: 'Valid records that show no connection, such as replies',
  })
  readonly skipped!: string;

  @Field(() => [SourceReasonType], { description: 'Those by reason, ordered by it' })
  readonly skippedReasons!: readonly SourceReasonType[];

  @Field(() => BigIntScalar, {
    description: 'Records that were stored before, by their id or by the chunk that they came in',
  })
  readonly duplicates!: string;

  @Field(() => BigIntScalar, {
    description:
      'Accepted records without an id: where uploads overlap other than by whole chunks, duplicates of these are not told apart from repeats, and count again',
  })
  readonly withoutId!: string;

  @Field(() => BigIntScalar, { description: 'Events that the source says it lost' })
  readonly lost!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'The greatest factor that the source told: one of so many was recorded. Null where it told none',
  })
  readonly sampling!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'First observation in these hours; null where there is none',
  })
  readonly firstAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Last observation in these hours; null where there is none',
  })
  readonly lastAt!: string | null;

  @Field(() => Int, { description: 'How many gaps there are' })
  readonly gapCount!: number;

  @Field(() => [SourceGapType], {
    description:
      'Hours of the window without any accepted record of this source, which had some before, and has some after or is silent while others go on. The latest hundred gaps, earliest first',
  })
  readonly gaps!: readonly SourceGapType[];
}

const reasonsOf = (counts: SourceLedger['skipped']): readonly SourceReasonType[] =>
  Object.entries(counts)
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((one, other) => (one.reason < other.reason ? -1 : 1));

export const sourceLedgerOf = (ledger: SourceLedger): SourceLedgerType => ({
  ...ledger,
  received: receivedOf(ledger),
  rejected: totalOf(ledger.rejected),
  rejectedReasons: reasonsOf(ledger.rejected),
  skipped: totalOf(ledger.skipped),
  skippedReasons: reasonsOf(ledger.skipped),
});
