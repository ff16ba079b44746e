import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What external peers a baseline knows by name, by block, or because anybody calls. */
const REACH = `
  create table baseline_reach (
    cluster_id int not null,
    deployment_id uuid not null,
    direction text not null,
    protocol text not null,
    port int not null,
    key text not null,
    addresses int not null,
    constraint baseline_reach_pkey primary key (cluster_id, deployment_id, direction, protocol, port, key),
    constraint baseline_reach_baseline_fkey foreign key (cluster_id, deployment_id) references baseline on delete cascade
  );
  insert into baseline_reach
    with outside as (
      select e.*, x.dns_name, (select b.name from external_block b
        where b.cluster_id in (0, x.cluster_id) and b.cidr >>= coalesce(x.address, x.cidr::inet)
        order by masklen(b.cidr) desc, b.cluster_id desc limit 1) as block
      from baseline_entry e join peer x on x.cluster_id = e.cluster_id and x.id = e.peer_id and x.kind = 'EXTERNAL')
    select o.cluster_id, o.deployment_id, o.direction, o.protocol, coalesce(o.port, -1), k.key, count(*)
    from outside o cross join lateral (select 'name:' || o.dns_name union all select 'block:' || o.block
      union all select 'any' where o.direction = 'INGRESS') k (key)
    where k.key is not null group by 1, 2, 3, 4, 5, 6 having k.key <> 'any' or count(*) >= 10;
`;

/** One alert per deployment and group of peers. What was stored stays, as alerts of one peer each. */
const INCIDENTS = `
  alter table alert
    add column rank smallint not null default 0,
    add column rules text[] not null default '{}',
    add column rule_ids uuid[] not null default '{}',
    add column group_kind text not null default 'PEER',
    add column group_name text not null default '',
    add column passed bigint not null default 0,
    add column why text not null default '',
    add column snoozed_until timestamptz,
    add column resolved_by text,
    add column lead_id uuid;
  update alert a set rules = array[a.rule], passed = case a.rule when 'DENIED' then 0 else a.occurrences end,
    rank = case a.rule when 'METADATA' then 20 when 'OFF_BASELINE' then 50 when 'NEW_EXTERNAL' then 60 when 'DENIED' then 70
      else 80 end,
    group_name = coalesce((select p.name from peer p where p.cluster_id = a.cluster_id and p.id = a.peer_id), '');
  -- serves alerts.relink, alerts.ofDeployments
  create index alert_deployment on alert (cluster_id, deployment_id);
  create index alert_lead on alert (cluster_id, lead_id) where lead_id is not null;

  create table alert_match (
    cluster_id int not null,
    alert_id uuid not null,
    flow_id uuid not null,
    rules text[] not null,
    events bigint not null,
    passed bigint not null,
    first_occurred_at timestamptz not null,
    last_occurred_at timestamptz not null,
    constraint alert_match_pkey primary key (cluster_id, alert_id, flow_id),
    constraint alert_match_alert_fkey foreign key (cluster_id, alert_id) references alert on delete cascade
  );
  create index alert_match_flow on alert_match (cluster_id, flow_id);
  insert into alert_match
    select cluster_id, id, flow_id, rules, occurrences, passed, first_occurred_at, last_occurred_at from alert;
`;

const COMMENTS = `
  create table alert_comment (
    cluster_id int not null,
    id uuid not null,
    alert_id uuid not null,
    created_at timestamptz not null,
    author text not null,
    text text not null,
    constraint alert_comment_pkey primary key (cluster_id, id),
    constraint alert_comment_alert_fkey foreign key (cluster_id, alert_id) references alert on delete cascade
  );
  create index alert_comment_alert on alert_comment (cluster_id, alert_id);
`;

const BACK = `
  drop table alert_comment;
  drop table alert_match;
  drop index alert_lead;
  drop index alert_deployment;
  alter table alert drop column rank, drop column rules, drop column rule_ids, drop column group_kind, drop column group_name,
    drop column passed, drop column why, drop column snoozed_until, drop column resolved_by, drop column lead_id;
  drop table baseline_reach;
`;

export class Incidents1764000043000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [REACH, INCIDENTS, COMMENTS]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
