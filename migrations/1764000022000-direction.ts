import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether somebody told who asked whom: an edge of which nobody did is shown, and no rule is made of it. */
export class Direction1764000022000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table flow add column direction_known boolean not null default true');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table flow drop column direction_known');
  }
}
