import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The alert that others of a deployment belong to is found by its rank: before, each was held against all of them. */
export class LeadsByRank1764000077700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index alert_deployment;
      create index alert_deployment on alert (cluster_id, deployment_id, rank, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index alert_deployment;
      create index alert_deployment on alert (cluster_id, deployment_id)`);
  }
}
