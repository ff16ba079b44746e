import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What both ends counted of the same traffic: events, connections and bytes of the source, then of the destination. One
 * column: with eight the row's header is no longer than before.
 */
export class EndCounts1764000021000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table flow_hour add column ends bigint[]');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table flow_hour drop column ends');
  }
}
