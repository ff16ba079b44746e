import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The DNS names of a Service's load balancer; Services that are stored take them from the next snapshot. */
export class BalancerHostnames1764000077710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table service add column hostnames jsonb;
      alter table service_revision add column hostnames jsonb;
      update service set content_hash = '' where type = 'LoadBalancer';
      update service_revision set content_hash = '' where type = 'LoadBalancer' and valid_to is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table service_revision drop column hostnames;
      alter table service drop column hostnames;
    `);
  }
}
