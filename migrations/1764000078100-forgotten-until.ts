import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when counts of a cluster were forgotten: kept when the cluster keeps all again. The next night tells it of those that forget. */
export class ForgottenUntil1764000078100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table cluster add column forgotten_until timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table cluster drop column forgotten_until');
  }
}
