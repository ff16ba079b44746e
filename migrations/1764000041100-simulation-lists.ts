import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who asked for a simulation, what it says of each policy and assertion, and which deployments it concerns. */
export class SimulationLists1764000041100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table simulation
        add column caller text,
        add column policies jsonb,
        add column assertions jsonb,
        add column concerned uuid[];
      update simulation s set caller = j.caller from job j where j.cluster_id = s.cluster_id and j.id = s.id;
      -- serves simulations.page, newest first
      create index simulation_created on simulation (created_at, cluster_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index simulation_created;
      alter table simulation drop column concerned, drop column assertions, drop column policies, drop column caller;
    `);
  }
}
