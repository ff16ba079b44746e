import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules are named within their clusters and namespaces: those of one team take no name from another. */
export class NamesOfRules1764000076100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index alert_rule_name;
      create unique index alert_rule_name on alert_rule (lower(name), (scope -> 'clusters'), (scope -> 'namespaces'))`);
  }

  /** Of rules that share a name all but one have their ids behind it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update alert_rule r set name = r.name || ' ' || r.id where exists (
        select from alert_rule o where lower(o.name) = lower(r.name) and o.id < r.id);
      drop index alert_rule_name;
      create unique index alert_rule_name on alert_rule (lower(name))`);
  }
}
