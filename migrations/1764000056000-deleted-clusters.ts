import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clusters that are being deleted are marked, and ids of those that were are kept: none is given twice. */
export class DeletedClusters1764000056000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table cluster add column deleted_at timestamptz;
      create table deleted_cluster (
        id int not null constraint deleted_cluster_pkey primary key,
        name text not null,
        key text,
        deleted_at timestamptz not null,
        constraint deleted_cluster_key_key unique (key)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table deleted_cluster;
      alter table cluster drop column deleted_at;
    `);
  }
}
