import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What simulated flows were in hours in which the labels of their ends were others than now. */
export class SimulatedSpans1764000041000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table simulated_span (
        cluster_id int not null,
        simulation_id uuid not null,
        flow_id uuid not null,
        from_hour timestamptz not null,
        until_hour timestamptz not null,
        rank int not null,
        outcome smallint not null,
        judged_at timestamptz,
        is_answer boolean not null,
        constraint simulated_span_pkey primary key (cluster_id, simulation_id, flow_id, from_hour),
        constraint simulated_span_simulation_fkey foreign key (cluster_id, simulation_id) references simulation
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table simulated_span');
  }
}
