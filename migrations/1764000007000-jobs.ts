import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that takes long, and the processes that do it. */
export class Jobs1764000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table job (
        cluster_id int not null constraint job_cluster_fkey references cluster,
        id uuid not null,
        kind text not null,
        status text not null,
        done int not null,
        total int,
        error text,
        request jsonb not null,
        result jsonb,
        created_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        heartbeat_at timestamptz,
        attempts int not null,
        caller text not null,
        worker text,
        constraint job_pkey primary key (cluster_id, id)
      );
      -- serves jobs.page in its default order
      create index job_created on job (cluster_id, created_at desc, id);
      -- serves the sweep, which looks only at what has not ended
      create index job_unfinished on job (cluster_id, id) where finished_at is null;
      create table job_worker (
        id text not null constraint job_worker_pkey primary key,
        heartbeat_at timestamptz not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table job_worker; drop table job');
  }
}
