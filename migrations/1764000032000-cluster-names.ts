import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names of clusters that the records of a chunk carried, where these do not agree. */
export class ClusterNames1764000032000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ingest_chunk add column cluster_names jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ingest_chunk drop column cluster_names');
  }
}
