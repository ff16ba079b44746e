import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = `
  create table ingest_ledger (
    cluster_id int not null constraint ingest_ledger_cluster_fkey references cluster,
    source text not null,
    hour timestamptz not null,
    accepted bigint not null,
    duplicates bigint not null,
    lost bigint not null,
    sampling double precision,
    skipped jsonb not null,
    rejected jsonb not null,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    constraint ingest_ledger_pkey primary key (cluster_id, source, hour)
  );
`;

const summed = (column: string): string => `(select coalesce(jsonb_object_agg(x.key, x.count), '{}')
  from (select e.key, sum(e.value::bigint) as count from ingest_chunk k cross join jsonb_each_text(k.${column}) e
    where k.cluster_id = c.cluster_id and k.format = c.source and ${hourOf('k')} = c.hour group by 1) x)`;

const hourOf = (chunk: string): string =>
  `date_trunc('hour', coalesce(${chunk}.first_seen_at, ${chunk}.recorded_at), 'UTC')`;

/** What is known of chunks that are stored. How many duplicates they had is not. */
const COUNTS = `
  insert into ingest_ledger
  select c.cluster_id, c.source, c.hour, c.accepted, 0, c.lost, null, ${summed('skipped')}, ${summed('rejected')}, null, null
  from (select k.cluster_id, k.format as source, ${hourOf('k')} as hour, sum(k.accepted) as accepted, sum(k.lost) as lost
    from ingest_chunk k group by 1, 2, 3) c;
`;

/** In which hours of a chunk something was seen is known from the hours of flows, whichever source showed them. */
const SEEN = `
  insert into ingest_ledger as l
  select k.cluster_id, k.format, h.hour, 0, 0, 0, null, '{}', '{}', min(greatest(h.hour, k.first_seen_at)),
    max(least(h.hour + interval '1 hour' - interval '1 microsecond', k.last_seen_at))
  from ingest_chunk k join (select distinct cluster_id, hour from flow_hour) h
    on h.cluster_id = k.cluster_id and h.hour > k.first_seen_at - interval '1 hour' and h.hour <= k.last_seen_at
  where k.accepted > 0 group by 1, 2, 3
  on conflict on constraint ingest_ledger_pkey do update
    set first_seen_at = excluded.first_seen_at, last_seen_at = excluded.last_seen_at;
`;

/** What came of each source in each hour of observation time. */
export class Ledger1764000024000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [TABLE, COUNTS, SEEN]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ingest_ledger');
  }
}
