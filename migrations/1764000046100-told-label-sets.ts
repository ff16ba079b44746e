import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Label sets that flows alone tell: the hour in which each was seen last. */
export class ToldLabelSets1764000046100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deployment_label_set add column told_until timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from deployment_label_set where told_until is not null');
    await runner.query('alter table deployment_label_set drop column told_until');
  }
}
