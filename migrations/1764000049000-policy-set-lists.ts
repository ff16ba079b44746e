import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Policy sets by time, over all clusters. */
export class PolicySetLists1764000049000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create index policy_set_created on policy_set (created_at, cluster_id, id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index policy_set_created');
  }
}
