import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ports of a node that lead to a pod on it: null where it has none, and until a snapshot shows the pod again. */
export class HostPorts1764000059000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table pod add column host_ports jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table pod drop column host_ports');
  }
}
