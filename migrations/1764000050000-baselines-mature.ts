import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Baselines mature by what was covered; entries are confirmed, forbidden or removed; settings, and who changed what and why. */
export class BaselinesMature1764000050000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table baseline
        add column continuous boolean not null default false,
        add column covered_hours int not null default 0,
        add column quiet_hours int not null default 0,
        add column events bigint not null default 0,
        add column stable_since timestamptz,
        add column last_new_at timestamptz,
        add column reopened_at timestamptz,
        add column relock boolean not null default false;

      alter table baseline_entry
        add column status text not null default 'OBSERVED',
        add column hours int,
        add column pattern text,
        add column status_at timestamptz,
        add column status_by text,
        add column reason text;
      create index baseline_entry_forbidden on baseline_entry (cluster_id, deployment_id) where status = 'FORBIDDEN';

      alter table baseline_revision
        add column who text,
        add column why text;

      create table baseline_setting (
        cluster_id int not null,
        namespace text not null,
        deployment text not null,
        observation_hours int,
        quiet_hours int,
        min_events int,
        learning text,
        lock_when_stable boolean,
        relearn_on text,
        relearn_hours int,
        decay_days int,
        stale_days int,
        updated_at timestamptz not null,
        updated_by text not null,
        constraint baseline_setting_pkey primary key (cluster_id, namespace, deployment),
        constraint baseline_setting_cluster_fkey foreign key (cluster_id) references cluster
      );

      create table baseline_progress (
        cluster_id int not null,
        covered_hours bigint not null,
        advanced_at timestamptz not null,
        constraint baseline_progress_pkey primary key (cluster_id),
        constraint baseline_progress_cluster_fkey foreign key (cluster_id) references cluster
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table baseline_progress, baseline_setting;
      alter table baseline_revision drop column who, drop column why;
      delete from baseline_entry where status in ('FORBIDDEN', 'REMOVED');
      drop index baseline_entry_forbidden;
      alter table baseline_entry drop column status, drop column hours, drop column pattern, drop column status_at,
        drop column status_by, drop column reason;
      update baseline set state = 'LEARNING' where state = 'STABLE';
      alter table baseline drop column continuous, drop column covered_hours, drop column quiet_hours, drop column events,
        drop column stable_since, drop column last_new_at, drop column reopened_at, drop column relock;
    `);
  }
}
