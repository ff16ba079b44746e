import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The policies that the dataplane named when it last named any for an edge, and when that was. */
export class ObservedPolicies1764000023000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table flow add column observed_policies jsonb, add column policies_named_at timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table flow drop column observed_policies, drop column policies_named_at',
    );
  }
}
