import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Policies of APIs that are not read, which act in a cluster nonetheless. */
export class ForeignPolicies1764000041200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table foreign_policy (
        cluster_id int not null constraint foreign_policy_cluster_fkey references cluster,
        kind text not null,
        namespace text not null,
        name text not null,
        api_version text not null,
        seen_at timestamptz not null,
        ended_at timestamptz,
        constraint foreign_policy_pkey primary key (cluster_id, kind, namespace, name)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table foreign_policy');
  }
}
