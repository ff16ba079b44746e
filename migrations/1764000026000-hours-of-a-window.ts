import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds the hours of a window, and in them those of one verdict. A day has few distinct keys, which Postgres stores once
 * each: 7 bytes an hour of an edge. It is an expression, so that the planner never takes it where the hours of one flow are
 * looked up: without statistics it did, and read all hours of the window for each flow.
 */
export class HoursOfAWindow1764000026000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index flow_hour_hour on flow_hour (cluster_id, (hour at time zone 'UTC'), verdict)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index flow_hour_hour');
  }
}
