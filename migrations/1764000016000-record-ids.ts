import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ids are hashes, which cannot be compressed. */
const IDS = `
  create table record_id_set (
    cluster_id int not null constraint record_id_set_cluster_fkey references cluster,
    id uuid not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    size int not null,
    ids bytea not null,
    constraint record_id_set_pkey primary key (cluster_id, id)
  );
  alter table record_id_set alter column ids set storage external;
  create index record_id_set_time on record_id_set (cluster_id, last_seen_at);
`;

/** The same bytes as another format are other records. */
const FORMAT = `
  alter table ingest_chunk drop constraint ingest_chunk_pkey,
    add constraint ingest_chunk_pkey primary key (cluster_id, key, format);
`;

const BACK = `
  drop table record_id_set;
  delete from ingest_chunk c using ingest_chunk o
  where o.cluster_id = c.cluster_id and o.key = c.key and o.format < c.format;
  alter table ingest_chunk drop constraint ingest_chunk_pkey,
    add constraint ingest_chunk_pkey primary key (cluster_id, key);
`;

/** A record counts once however exports overlap; a chunk is known by its format too. */
export class RecordIds1764000016000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [IDS, FORMAT]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
