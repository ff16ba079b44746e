import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ProblemType, problemOf } from '../../graphql/problem.graphql.js';
import { badInput } from '../../query/api-error.js';
import { ReasonCountType, reasonCounts } from '../flow-type.graphql.js';
import { AUTO, FORMATS } from '../formats/formats.js';
import { neutral } from '../formats/neutral.js';
import { FlowRecordInput, recordJson } from './flow-record.graphql.js';
import type { Ingested } from './outcome.js';
import type { TakeUpload, Upload } from './upload.js';

@InputType('IngestFlowsInput', {
  description:
    'Flow records for a cluster: either `records`, or `flows`. Long streams go to `POST /ingest/flows`.',
})
class IngestFlowsInput {
  @Field(() => String, { description: 'Name of the cluster; its first flows create it' })
  readonly cluster!: string;

  @Field(() => String, {
    nullable: true,
    description: `The format of \`records\`: ${FORMATS.map(({ name }) => `\`${name}\``).join(', ')}. Left out, or \`${AUTO}\`: it is found by the records`,
  })
  readonly format?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text of the records, as the source wrote it',
  })
  readonly records?: string | null;

  @Field(() => [FlowRecordInput], {
    nullable: true,
    description: "Records in this server's own format",
  })
  readonly flows?: FlowRecordInput[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Idempotency key: the same key with the same records changes nothing, with others it is an ERROR. Kept for 30 days. Without one the same records are known by their hash',
  })
  readonly key?: string | null;
}

@ObjectType('IngestFlowsPayload', {
  description:
    'Each record is counted once: accepted, skipped, rejected, or a duplicate of what was stored before.',
})
class IngestFlowsPayload {
  @Field(() => Int, { description: 'Records that became flows' })
  readonly accepted!: number;

  @Field(() => Int, { description: 'Valid records that show no connection, such as replies' })
  readonly skipped!: number;

  @Field(() => Int, { description: 'Records that could not be used' })
  readonly rejected!: number;

  @Field(() => Int, {
    description: 'Records that were stored before, by their id or by the chunk that they came in',
  })
  readonly duplicates!: number;

  @Field(() => Int, {
    description:
      'Events that the source says it lost; 2147483647 where it says more (`Ingestion.lost` has them all)',
  })
  readonly lost!: number;

  @Field(() => [ReasonCountType], { description: '`skipped` by reason' })
  readonly skippedReasons!: readonly ReasonCountType[];

  @Field(() => [ReasonCountType], { description: '`rejected` by reason' })
  readonly rejectedReasons!: readonly ReasonCountType[];

  @Field(() => [ProblemType], {
    description:
      'The rejected records by line (the first 1,000), and as an ERROR what kept the rest from being taken in',
  })
  readonly problems!: readonly ProblemType[];
}

const GREATEST_INT = 2 ** 31 - 1;

const payloadOf = (outcome: Ingested): IngestFlowsPayload => ({
  ...outcome,
  lost: Math.min(outcome.lost, GREATEST_INT),
  skippedReasons: reasonCounts(outcome.skippedReasons),
  rejectedReasons: reasonCounts(outcome.rejectedReasons),
  problems: outcome.problems.map(problemOf),
});

function uploadOf({ cluster, format, records, flows, key }: IngestFlowsInput): Upload {
  const named = { cluster, key: key ?? null };
  if (typeof records === 'string' && !flows) return { ...named, format: format || AUTO, records };
  if (flows && typeof records !== 'string') {
    if (!format) return { ...named, format: neutral.name, records: flows.map(recordJson) };
    throw badInput('`format` belongs to `records`; `flows` has its own form');
  }
  throw badInput('exactly one of `records` and `flows` must be given');
}

type Context = {
  readonly useCases: { readonly takeUpload: TakeUpload };
  readonly now: () => Date;
};

@Resolver()
export class IngestResolver {
  @Mutation(() => IngestFlowsPayload, {
    description:
      'Takes flow records in. What is sound is stored, what cannot be used is counted and named. The same records again change nothing.',
  })
  async ingestFlows(
    @Arg('input', () => IngestFlowsInput, { description: 'The records' }) input: IngestFlowsInput,
    @Ctx() { useCases, now }: Context,
  ): Promise<IngestFlowsPayload> {
    return payloadOf(await useCases.takeUpload(uploadOf(input), now()));
  }
}
