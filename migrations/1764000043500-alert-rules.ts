import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules as data: those that were made, and changes of those that are shipped. What they ask to be done. */
export class AlertRules1764000043500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table alert_rule (
        id uuid not null,
        name text not null,
        description text not null,
        criterion text not null,
        severity text not null,
        categories jsonb not null,
        parameters jsonb not null,
        scope jsonb not null,
        exclusions jsonb not null,
        enabled boolean not null,
        enforcement text not null,
        version int not null,
        updated_at timestamptz not null,
        updated_by text not null,
        constraint alert_rule_pkey primary key (id)
      );
      create unique index alert_rule_name on alert_rule (lower(name));

      create table alert_action (
        cluster_id int not null,
        id uuid not null,
        alert_id uuid not null,
        kind text not null,
        state text not null,
        requested_at timestamptz not null,
        decided_at timestamptz,
        decided_by text,
        constraint alert_action_pkey primary key (cluster_id, id),
        constraint alert_action_alert_fkey foreign key (cluster_id, alert_id) references alert on delete cascade
      );
      create index alert_action_alert on alert_action (cluster_id, alert_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table alert_action; drop table alert_rule');
  }
}
