import type { MigrationInterface, QueryRunner } from 'typeorm';

const EDGES = `
  create table flow (
    cluster_id int not null,
    id uuid not null,
    source_id uuid not null,
    destination_id uuid not null,
    port int,
    protocol text not null,
    service_port int,
    traffic_class text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    observed_verdict text not null,
    events bigint not null,
    connections bigint,
    bytes bigint,
    constraint flow_pkey primary key (cluster_id, id),
    constraint flow_edge_key unique nulls not distinct (cluster_id, source_id, destination_id, port, protocol),
    constraint flow_source_fkey foreign key (cluster_id, source_id) references peer,
    constraint flow_destination_fkey foreign key (cluster_id, destination_id) references peer
  );
  -- serves flows.page in its default order
  create index flow_last_seen on flow (cluster_id, last_seen_at desc, id);
  -- serves the flows into a deployment
  create index flow_destination on flow (cluster_id, destination_id, last_seen_at desc);

  create table flow_hour (
    cluster_id int not null,
    flow_id uuid not null,
    hour timestamptz not null,
    verdict text not null,
    events bigint not null,
    connections bigint,
    bytes bigint,
    constraint flow_hour_pkey primary key (cluster_id, flow_id, hour, verdict)
  ) partition by range (hour);
  create table flow_hour_rest partition of flow_hour default;
`;

const INGESTION = `
  create table ingest_chunk (
    cluster_id int not null constraint ingest_chunk_cluster_fkey references cluster,
    key text not null,
    content_hash text not null,
    recorded_at timestamptz not null,
    format text not null,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    accepted int not null,
    skipped jsonb not null,
    rejected jsonb not null,
    lost bigint not null,
    constraint ingest_chunk_pkey primary key (cluster_id, key)
  );
`;

const MARKS = `
  create table flow_verdict (
    cluster_id int not null,
    flow_id uuid not null,
    epoch bigint not null,
    verdict text not null,
    governed boolean not null,
    basis text not null,
    constraint flow_verdict_pkey primary key (cluster_id, flow_id, epoch),
    constraint flow_verdict_flow_fkey foreign key (cluster_id, flow_id) references flow on delete cascade
  );

  create table flow_baseline (
    cluster_id int not null,
    flow_id uuid not null,
    in_baseline boolean not null,
    off_locked boolean not null,
    constraint flow_baseline_pkey primary key (cluster_id, flow_id),
    constraint flow_baseline_flow_fkey foreign key (cluster_id, flow_id) references flow on delete cascade
  );
`;

/** Edges, their counts by hour, what was taken in, and what policies and baselines say of each edge. */
export class Flows1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [EDGES, INGESTION, MARKS]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table flow_baseline, flow_verdict, ingest_chunk, flow_hour, flow');
  }
}
