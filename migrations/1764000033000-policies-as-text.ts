import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A policy of a set is stored once, as the text that people apply: the same as JSON was never read. */
export class PoliciesAsText1764000033000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table policy_set_item drop column document');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table policy_set_item add column document jsonb not null default '{}';
      alter table policy_set_item alter column document drop default;
    `);
  }
}
