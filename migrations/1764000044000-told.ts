import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whatever changes alerts, jobs or simulations tells every process that listens, when its transaction commits. */
const TELLING = `
  alter table alert add column changed_at timestamptz not null default now();
  create index alert_changed on alert (cluster_id, changed_at);

  create function alert_changes() returns trigger language plpgsql as $$
    begin new.changed_at := clock_timestamp(); return new; end $$;
  create trigger alert_changes before insert or update on alert for each row execute function alert_changes();

  create function tell_alerts() returns trigger language plpgsql as $$
    begin
      perform pg_notify('weirgate_event', 'alert ' || cluster_id || ' ' || ids) from (
        select cluster_id, string_agg(id::text, ',') as ids from (
          select cluster_id, id, (row_number() over (partition by cluster_id order by id)) / 200 as part from changed) x
        group by cluster_id, part) y;
      return null;
    end $$;
  create trigger alert_told_new after insert on alert referencing new table as changed
    for each statement execute function tell_alerts();
  create trigger alert_told after update on alert referencing new table as changed
    for each statement execute function tell_alerts();

  create function tell_row() returns trigger language plpgsql as $$
    begin
      perform pg_notify('weirgate_event', tg_argv[0] || ' ' || new.cluster_id || ' ' || new.id);
      return null;
    end $$;
  create trigger job_told_new after insert on job for each row execute function tell_row('job');
  create trigger job_told after update on job for each row
    when ((old.status, old.done, old.total, old.error) is distinct from (new.status, new.done, new.total, new.error))
    execute function tell_row('job');
  create trigger simulation_told_new after insert on simulation for each row execute function tell_row('simulation');
  create trigger simulation_told after update on simulation for each row
    when (old.status is distinct from new.status) execute function tell_row('simulation');
`;

const BACK = `
  drop trigger simulation_told on simulation;
  drop trigger simulation_told_new on simulation;
  drop trigger job_told on job;
  drop trigger job_told_new on job;
  drop function tell_row;
  drop trigger alert_told on alert;
  drop trigger alert_told_new on alert;
  drop function tell_alerts;
  drop trigger alert_changes on alert;
  drop function alert_changes;
  drop index alert_changed;
  alter table alert drop column changed_at;
`;

export class Told1764000044000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TELLING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
