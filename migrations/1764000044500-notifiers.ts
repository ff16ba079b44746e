import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  create table notifier (
    id uuid not null,
    name text not null,
    kind text not null,
    config jsonb not null,
    secret text,
    min_severity text not null,
    rules text[],
    clusters text[],
    enabled boolean not null,
    failures int not null default 0,
    last_error text,
    updated_at timestamptz not null,
    updated_by text not null,
    constraint notifier_pkey primary key (id)
  );
  create unique index notifier_name on notifier (lower(name));

  create table notification (
    cluster_id int not null,
    id uuid not null,
    notifier_id uuid not null,
    alert_id uuid not null,
    event int not null,
    kind text not null,
    state text not null,
    attempts int not null default 0,
    next_at timestamptz not null,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null,
    sent_at timestamptz,
    constraint notification_pkey primary key (cluster_id, id),
    constraint notification_event_key unique (cluster_id, notifier_id, alert_id, event),
    constraint notification_alert_fkey foreign key (cluster_id, alert_id) references alert on delete cascade
  );
  create index notification_due on notification (next_at) where state = 'PENDING';
`;

/** The outbox: in the transaction that opens or resolves an alert. What belongs to another alert is dropped when it is due. */
const OUTBOX = `
  alter table alert add column event int not null default 0;

  create or replace function alert_changes() returns trigger language plpgsql as $$
    begin
      new.changed_at := clock_timestamp();
      if tg_op = 'INSERT' then new.event := 1;
      elsif (old.state = 'RESOLVED') <> (new.state = 'RESOLVED') then new.event := old.event + 1;
      end if;
      return new;
    end $$;

  create function alert_outbox() returns trigger language plpgsql as $$
    begin
      insert into notification (cluster_id, id, notifier_id, alert_id, event, kind, state, next_at, created_at)
      select new.cluster_id, gen_random_uuid(), n.id, new.id, new.event,
        case when new.state = 'RESOLVED' then 'RESOLVED' else 'OPENED' end, 'PENDING', now(), clock_timestamp()
      from notifier n where n.enabled
        and array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], new.severity)
          >= array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], n.min_severity)
        and (n.rules is null or n.rules && new.rules)
        and (n.clusters is null or exists (select from cluster c where c.id = new.cluster_id and c.name = any(n.clusters)))
      on conflict do nothing;
      return null;
    end $$;
  create trigger alert_outbox_new after insert on alert for each row execute function alert_outbox();
  create trigger alert_outbox after update on alert for each row when (old.event <> new.event) execute function alert_outbox();

  create function notification_job() returns trigger language plpgsql as $$
    begin
      if to_regnamespace('graphile_worker') is not null and exists (select from added) then
        execute 'select graphile_worker.add_job(''notify'', job_key := ''notify'')';
      end if;
      return null;
    end $$;
  create trigger notification_job after insert on notification referencing new table as added
    for each statement execute function notification_job();
`;

const BACK = `
  drop trigger alert_outbox on alert;
  drop trigger alert_outbox_new on alert;
  drop function alert_outbox;
  drop table notification;
  drop function notification_job;
  drop table notifier;
  create or replace function alert_changes() returns trigger language plpgsql as $$
    begin new.changed_at := clock_timestamp(); return new; end $$;
  alter table alert drop column event;
`;

export class Notifiers1764000044500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [TABLES, OUTBOX]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
