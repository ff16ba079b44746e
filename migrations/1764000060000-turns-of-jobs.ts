import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who a job is for, its turn among those of others, and the trace in which it was asked for. */
export class TurnsOfJobs1764000060000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table job
        add column principal text not null default '',
        add column turn smallint not null default 0,
        add column trace text;
      update job set principal = 'name ' || caller where finished_at is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table job drop column principal, drop column turn, drop column trace',
    );
  }
}
