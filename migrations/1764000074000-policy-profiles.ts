import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Profiles that users wrote, as they wrote them. */
export class PolicyProfiles1764000074000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table policy_profile (
        cluster_id int not null constraint policy_profile_cluster_fkey references cluster,
        name text not null,
        version int not null,
        definition jsonb not null,
        updated_at timestamptz not null,
        updated_by text not null,
        constraint policy_profile_pkey primary key (cluster_id, name)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table policy_profile');
  }
}
