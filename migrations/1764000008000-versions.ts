import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Versions of what verdicts rest on, so that a compiled cluster can be kept; and for which directions the policies in
 * force select each deployment, so that lists can ask it in SQL.
 */
export class Versions1764000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table cluster
        add column facts_version bigint not null default 1,
        add column policies_version bigint not null default 1;
      -- null: not judged yet, or not known while nothing has told its labels
      alter table peer add column isolation text;
      -- until the first judgement under this version of the program
      update cluster set pending_epoch = coalesce(pending_epoch, verdict_epoch + 1);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table peer drop column isolation;
      alter table cluster drop column facts_version, drop column policies_version;
    `);
  }
}
