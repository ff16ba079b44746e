import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Idempotency keys of mutations, of all of them in one place; deletions of clusters had one of their own. */
export class MutationKeys1764000062000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table mutation_key (
        id text not null constraint mutation_key_pkey primary key,
        action text not null,
        input_hash text not null,
        answer jsonb,
        created_at timestamptz not null
      );
      create index mutation_key_created on mutation_key (created_at);
      alter table deleted_cluster drop column key;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table deleted_cluster add column key text constraint deleted_cluster_key_key unique;
      drop table mutation_key;
    `);
  }
}
