import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The DNS name that a Service of type ExternalName stands for; those that are stored take it from the next snapshot. */
export class ExternalName1764000046000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table service add column external_name text;
      alter table service_revision add column external_name text;
      update service set content_hash = '' where type = 'ExternalName';
      update service_revision set content_hash = '' where type = 'ExternalName' and valid_to is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table service_revision drop column external_name;
      alter table service drop column external_name;
    `);
  }
}
