import type { MigrationInterface, QueryRunner } from 'typeorm';

const RANK = `(case class when 'NEWLY_BLOCKED' then 0 when 'NEWLY_ALLOWED' then 1 when 'UNDECIDABLE' then 2
  when 'STILL_BLOCKED' then 3 else 4 end)`;

/**
 * Why a simulated flow is allowed or not is said when it is read, not stored for every flow; what that takes (the
 * candidate's texts) is kept with the simulation. The key follows the order of the list: what needs a look first.
 */
export class SimulatedFlows1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table simulated_flow drop column explanation, add column rank int;
      update simulated_flow set rank = ${RANK};
      alter table simulated_flow alter column rank set not null, drop constraint simulated_flow_pkey,
        add constraint simulated_flow_pkey primary key (cluster_id, simulation_id, rank, flow_id);
      -- serves the deletion and the moving of a flow
      create index simulated_flow_flow on simulated_flow (cluster_id, flow_id);
      alter table simulation add column candidate jsonb;
    `);
  }

  /** Explanations that were not kept cannot be brought back: the flows of simulations go. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from simulated_flow;
      drop index simulated_flow_flow;
      alter table simulation drop column candidate;
      alter table simulated_flow drop constraint simulated_flow_pkey, drop column rank,
        add column explanation jsonb not null,
        add constraint simulated_flow_pkey primary key (cluster_id, simulation_id, flow_id);
    `);
  }
}
