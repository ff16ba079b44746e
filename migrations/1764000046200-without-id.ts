import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accepted records that nothing tells from repeats; those that came before it was counted are none. */
export class WithoutId1764000046200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ingest_ledger add column without_id bigint not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ingest_ledger drop column without_id');
  }
}
