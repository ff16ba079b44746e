import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  alter table notifier add column lease_until timestamptz, add column not_before timestamptz, add column max_per_hour int,
    add column digest boolean not null default false, add column old_secret text, add column old_secret_until timestamptz,
    add column tested_at timestamptz;
  update notifier set digest = true, max_per_hour = 20 where kind in ('SLACK', 'TEAMS', 'EMAIL', 'JIRA');
  alter table notifier alter column digest drop default;

  alter table notification drop column lease_until, add column message_id uuid, add column ref text;
  update notification set message_id = id where attempts > 0;
  drop index notification_due;
  create index notification_due on notification (notifier_id, created_at) where state in ('PENDING', 'DEAD');
  create index notification_sent on notification (notifier_id, sent_at) where sent_at is not null;
  create index notification_message on notification (message_id) where message_id is not null;
  create index notification_alert on notification (cluster_id, alert_id);
`;

/**
 * An alert is told when it opens, wakes, comes through for the first time, or becomes one that a notifier asks for; and when
 * it is resolved, to whom it was told before.
 */
const OUTBOX = `
  create or replace function alert_changes() returns trigger language plpgsql as $$
    begin
      new.changed_at := clock_timestamp();
      if tg_op = 'INSERT' then new.event := 1;
      elsif (old.state = 'RESOLVED') <> (new.state = 'RESOLVED') or old.state = 'SNOOZED' and new.state = 'OPEN'
        or new.state = 'OPEN' and old.occurrences > 0 and old.passed = 0 and new.passed > 0 then new.event := old.event + 1;
      end if;
      return new;
    end $$;

  create or replace function alert_outbox() returns trigger language plpgsql as $$
    begin
      if new.state = 'RESOLVED' then
        insert into notification (cluster_id, id, notifier_id, alert_id, event, kind, state, next_at, created_at)
        select distinct on (o.notifier_id) new.cluster_id, gen_random_uuid(), o.notifier_id, new.id, new.event, 'RESOLVED', 'PENDING',
          now(), clock_timestamp()
        from notification o join notifier n on n.id = o.notifier_id
        where o.cluster_id = new.cluster_id and o.alert_id = new.id and o.kind = 'OPENED' and o.state <> 'DROPPED'
        on conflict do nothing;
      elsif new.state = 'OPEN' then
        insert into notification (cluster_id, id, notifier_id, alert_id, event, kind, state, next_at, created_at)
        select new.cluster_id, gen_random_uuid(), n.id, new.id, new.event, 'OPENED', 'PENDING', now(), clock_timestamp()
        from notifier n where n.enabled
          and array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], new.severity)
            >= array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], n.min_severity)
          and (n.rules is null or n.rules && new.rules)
          and (n.clusters is null or exists (select from cluster c where c.id = new.cluster_id and c.name = any(n.clusters)))
        on conflict do nothing;
      end if;
      return null;
    end $$;
  drop trigger alert_outbox on alert;
  create trigger alert_outbox after update on alert for each row
    when (old.event <> new.event or (old.severity, old.rules) is distinct from (new.severity, new.rules))
    execute function alert_outbox();
`;

const BACK = `
  create or replace function alert_changes() returns trigger language plpgsql as $$
    begin
      new.changed_at := clock_timestamp();
      if tg_op = 'INSERT' then new.event := 1;
      elsif (old.state = 'RESOLVED') <> (new.state = 'RESOLVED') then new.event := old.event + 1;
      end if;
      return new;
    end $$;
  create or replace function alert_outbox() returns trigger language plpgsql as $$
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
  drop trigger alert_outbox on alert;
  create trigger alert_outbox after update on alert for each row when (old.event <> new.event) execute function alert_outbox();
  drop index notification_alert;
  drop index notification_message;
  drop index notification_sent;
  drop index notification_due;
  create index notification_due on notification (next_at) where state = 'PENDING';
  alter table notification drop column ref, drop column message_id, add column lease_until timestamptz;
  alter table notifier drop column tested_at, drop column old_secret_until, drop column old_secret, drop column digest,
    drop column max_per_hour, drop column not_before, drop column lease_until;
`;

/** Notifiers send one message after another, in digests where there are many, and no alert that grows is missed. */
export class Notified1764000064000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [TABLES, OUTBOX]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
