import type { MigrationInterface, QueryRunner } from 'typeorm';

/** After how many days hours become days, and until when they are days. */
export class RollUp1764000046300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table cluster add column roll_up_days int, add column rolled_until timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table cluster drop column rolled_until, drop column roll_up_days');
  }
}
