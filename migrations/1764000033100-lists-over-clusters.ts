import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of all clusters page along an index in their default order, as those of one did. */
export class ListsOverClusters1764000033100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index alert_last_occurred, job_created, policy_name;
      create index alert_last_occurred on alert (last_occurred_at, cluster_id, id);
      create index job_created on job (created_at, cluster_id, id);
      create index policy_name on policy (cluster_id, coalesce(namespace, ''), name, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index alert_last_occurred, job_created, policy_name;
      create index alert_last_occurred on alert (cluster_id, last_occurred_at desc, id);
      create index job_created on job (cluster_id, created_at desc, id);
      create index policy_name on policy (cluster_id, namespace, name, id);
    `);
  }
}
