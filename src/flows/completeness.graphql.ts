import { Field, Float, Int, ObjectType } from 'type-graphql';
import { BigIntScalar, DateTimeScalar } from '../graphql/scalars.graphql.js';
import type { Completeness } from './completeness.js';
import { SourceLedgerType, sourceLedgerOf } from './ledger/source-ledger.graphql.js';

@ObjectType('Completeness', {
  description:
    'What a window did not show. An answer about flows is as good as what was observed: gaps, loss and unknown ends are said here.',
})
export class CompletenessType implements Omit<Completeness, 'sources'> {
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
    description:
      'First observation of the window, to the hour where its flow began before it; null where there is none',
  })
  readonly firstSeenAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Last observation of the window, to the hour where its flow went on after it; null where there is none',
  })
  readonly lastSeenAt!: string | null;

  @Field(() => Int, { description: 'Distinct flows of the window' })
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
    description:
      'Deployments that were there as the window ended, and have no flow in it, as `namespace/name`; the first hundred',
  })
  readonly silentDeployments!: readonly string[];

  @Field(() => [SourceLedgerType], {
    description:
      'What came of each source, ordered by name, in the hours that overlap the window; empty for simulations that were made before it was counted',
  })
  readonly sources!: readonly SourceLedgerType[];

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the flows with an end that nobody could name, 0 to 1; null without flows',
  })
  readonly unresolvedShare!: number | null;

  @Field(() => [String], {
    description:
      'CronJobs that never ran in the window, as `namespace/name`: none of their pods is known to have lived in it, and no flow is theirs. The first hundred',
  })
  readonly idleCronJobs!: readonly string[];

  @Field(() => [DateTimeScalar], {
    description:
      'Days, by their start in UTC, that the window begins or ends within and whose counts are by day only (`setRollUp`): one that it begins in is left out, one that it ends in is counted wholly',
  })
  readonly cutDays!: readonly string[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'What the window would show of the time before was forgotten (`setRetention`); null: nothing of it was',
  })
  readonly forgottenUntil!: string | null;
}

export const completenessOf = (completeness: Completeness): CompletenessType => ({
  ...completeness,
  sources: completeness.sources.map(sourceLedgerOf),
});
