import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One alert a (rule, deployment, peer). */
export class Alerts1764000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table alert (
        cluster_id int not null constraint alert_cluster_fkey references cluster,
        id uuid not null,
        rule text not null,
        category text not null,
        severity text not null,
        state text not null,
        deployment_id uuid not null,
        peer_id uuid not null,
        flow_id uuid not null,
        message text not null,
        occurrences bigint not null,
        first_occurred_at timestamptz not null,
        last_occurred_at timestamptz not null,
        resolved_at timestamptz,
        resolution text,
        constraint alert_pkey primary key (cluster_id, id),
        constraint alert_deployment_fkey foreign key (cluster_id, deployment_id) references peer,
        constraint alert_peer_fkey foreign key (cluster_id, peer_id) references peer
      );
      -- serves alerts.page in its default order
      create index alert_last_occurred on alert (cluster_id, last_occurred_at desc, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table alert');
  }
}
