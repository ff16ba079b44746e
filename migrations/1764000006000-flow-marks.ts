import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `flow_rank(v, id)` rises with (v, id): five leading digits of `v`, and below 100,000, where those are all of it,
 * the first byte of `id`. An index on it has few distinct keys, which Postgres stores once each (9 bytes a row;
 * on (v, id) itself 36 at best), and the rows of one key are few enough to be sorted when they are read.
 * -1 stands for "not known" and comes before 0.
 *
 * `flow_marks` is one number for all that rows are marked with; `src/flows/flow-marks.ts` knows its parts.
 */
const FUNCTIONS = `
  create function flow_rank(v bigint, id uuid) returns int language sql immutable parallel safe
  return case
    when v < 0 then get_byte(uuid_send(id), 0)
    when v < 100000 then (length(v::text) * 100000 + v::int) * 256 + get_byte(uuid_send(id), 0)
    else (length(v::text) * 100000 + left(v::text, 5)::int) * 256 end;

  create function flow_marks(protocol text, observed_verdict text, policy_verdict text, governed boolean,
    in_baseline boolean, off_locked boolean, traffic_class text) returns int language sql immutable parallel safe
  return case protocol when 'TCP' then 0 when 'UDP' then 1 when 'SCTP' then 2 else 3 end
    + 4 * case observed_verdict when 'ALLOWED' then 0 when 'DENIED' then 1 when 'AUDIT' then 2 when 'ERROR' then 3 else 4 end
    + 20 * case policy_verdict when 'ALLOWED' then 0 when 'DENIED' then 1 else 2 end
    + 60 * governed::int + 120 * in_baseline::int + 240 * off_locked::int
    + 480 * case traffic_class when 'metadata' then 1 else 0 end;
`;

/** Rows are written while they have no other index than that of their key. */
const COLUMNS = `
  drop index flow_last_seen, flow_destination;
  alter table flow drop constraint flow_edge_key,
    add column policy_verdict text not null default 'UNDECIDABLE',
    add column governed boolean not null default false,
    add column basis text not null default 'missing-inventory',
    add column in_baseline boolean not null default false,
    add column off_locked boolean not null default false;
  update flow f set policy_verdict = v.verdict, governed = v.governed, basis = v.basis
  from cluster c join flow_verdict v on v.cluster_id = c.id and v.epoch = c.verdict_epoch
  where f.cluster_id = v.cluster_id and f.id = v.flow_id;
  update flow f set in_baseline = b.in_baseline, off_locked = b.off_locked
  from flow_baseline b where f.cluster_id = b.cluster_id and f.id = b.flow_id and (b.in_baseline or b.off_locked);
  drop table flow_verdict, flow_baseline;
`;

const INDEXES = `
  -- serves lists in their default order
  create index flow_last_seen on flow (cluster_id, last_seen_at, id);
  create index flow_first_seen on flow (cluster_id, first_seen_at);
  create index flow_events on flow (cluster_id, flow_rank(events, id));
  create index flow_connections on flow (cluster_id, flow_rank(coalesce(connections, -1), id));
  create index flow_bytes on flow (cluster_id, flow_rank(coalesce(bytes, -1), id));
  create index flow_port on flow (cluster_id, flow_rank(coalesce(port, -1)::bigint, id));
  -- serve the flows of a peer: a hash of its id is a quarter as long as the id
  create index flow_source on flow (cluster_id, uuid_hash(source_id), last_seen_at);
  create index flow_destination on flow (cluster_id, uuid_hash(destination_id), last_seen_at);
  -- serves verdicts, tags and protocols
  create index flow_marks on flow (cluster_id,
    flow_marks(protocol, observed_verdict, policy_verdict, governed, in_baseline, off_locked, traffic_class));
  -- serves the marks of flows, and what names a peer that turned out to be another
  create index baseline_entry_peer on baseline_entry (cluster_id, peer_id, deployment_id);
  -- serve lists of flows in the order of an end's name, and filters by an end
  create index peer_label on peer (cluster_id, (case kind
    when 'DEPLOYMENT' then namespace || '/' || name
    when 'EXTERNAL' then 'EXTERNAL:' || name
    when 'NODE' then 'NODE:' || name
    else 'UNRESOLVED:' || name end), id);
  create index peer_name on peer (cluster_id, name) where kind = 'DEPLOYMENT';
  create index peer_address on peer (cluster_id, coalesce(address, cidr::inet))
    where coalesce(address, cidr::inet) is not null;
`;

const BACK = `
  create table flow_verdict (
    cluster_id int not null,
    flow_id uuid not null,
    epoch bigint not null,
    verdict text not null,
    governed boolean not null,
    basis text not null,
    constraint flow_verdict_pkey primary key (cluster_id, flow_id, epoch),
    constraint flow_verdict_flow_fkey foreign key (cluster_id, flow_id) references flow on delete cascade
  );
  create table flow_baseline (
    cluster_id int not null,
    flow_id uuid not null,
    in_baseline boolean not null,
    off_locked boolean not null,
    constraint flow_baseline_pkey primary key (cluster_id, flow_id),
    constraint flow_baseline_flow_fkey foreign key (cluster_id, flow_id) references flow on delete cascade
  );
  insert into flow_verdict
  select f.cluster_id, f.id, c.verdict_epoch, f.policy_verdict, f.governed, f.basis
  from flow f join cluster c on c.id = f.cluster_id;
  insert into flow_baseline
  select f.cluster_id, f.id, f.in_baseline, f.off_locked from flow f
  where exists (select from baseline b where b.cluster_id = f.cluster_id and b.deployment_id = f.source_id)
    or exists (select from baseline b where b.cluster_id = f.cluster_id and b.deployment_id = f.destination_id);
  drop index flow_last_seen, flow_first_seen, flow_events, flow_connections, flow_bytes, flow_port, flow_source,
    flow_destination, flow_marks, baseline_entry_peer, peer_label, peer_name, peer_address;
  drop function flow_rank, flow_marks;
  alter table flow drop column policy_verdict, drop column governed, drop column basis, drop column in_baseline,
    drop column off_locked,
    add constraint flow_edge_key unique nulls not distinct (cluster_id, source_id, destination_id, port, protocol);
  create index flow_last_seen on flow (cluster_id, last_seen_at desc, id);
  create index flow_destination on flow (cluster_id, destination_id, last_seen_at desc);
`;

/** What policies and baselines say of an edge stands in its row; every order and filter of lists has its index. */
export class FlowMarks1764000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [COLUMNS, FUNCTIONS, INDEXES]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
