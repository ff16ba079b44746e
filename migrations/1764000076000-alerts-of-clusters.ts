import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alerts of what is no deployment: a policy, a policy set, a source of flows. */
export class AlertsOfClusters1764000076000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table alert alter column deployment_id drop not null, alter column peer_id drop not null,
        alter column flow_id drop not null, add column namespace text, add column subject_id uuid;
      alter table policy_set add column in_force_at timestamptz;
      create table source_silence (
        cluster_id int not null, source text not null, newest_at timestamptz not null, checked_at timestamptz not null,
        silent_seconds float8 not null, usual_seconds float8 not null, arrivals int not null,
        constraint source_silence_pkey primary key (cluster_id, source),
        constraint source_silence_cluster_fkey foreign key (cluster_id) references cluster (id))`);
  }

  /** Alerts of no deployment go: nothing of before could hold them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from notification n using alert a where a.cluster_id = n.cluster_id and a.id = n.alert_id and a.deployment_id is null;
      delete from alert where deployment_id is null;
      drop table source_silence;
      alter table policy_set drop column in_force_at;
      alter table alert drop column subject_id, drop column namespace, alter column flow_id set not null,
        alter column peer_id set not null, alter column deployment_id set not null`);
  }
}
