import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who sends for a notifier: a session, which ends with its process. */
export class LeaseHolders1764000077610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notifier add column lease_holder text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notifier drop column lease_holder');
  }
}
