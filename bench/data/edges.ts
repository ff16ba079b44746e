import { outcomeSql, outcomesOf } from '../../src/flows/flow.js';

/**
 * A cluster's edges, made by Postgres itself: deployments in namespaces of twenty, ten times as many external
 * addresses, some nodes and unresolved ends; a few hubs that many talk to, most edges rare; 5 % denied. One hour of
 * counts for each edge. Every choice hangs on the number of the edge and is the same in each run.
 */
export type EdgeSize = { readonly edges: number; readonly deployments: number };

/** From 0 up to 1, for the edge `i` and a choice; no `numeric`, whose powers cost a tenth of a millisecond an edge. */
const chance = (choice: number): string =>
  `((hashint8extended(i, ${choice}) & 2147483647) / 2147483648.0::float8)`;

const PEERS = ({ deployments }: EdgeSize): readonly string[] => [
  `insert into cluster (id, name, created_at, newest_observation_at, last_ingest_at)
    values (1, 'prod', '2026-01-01Z', '2026-03-01Z', '2026-03-01Z')`,
  `insert into namespace (cluster_id, id, name, labels, inferred)
    select 1, encode(substr(sha256(convert_to(e'NAMESPACE\\nns-' || i, 'UTF8')), 1, 16), 'hex')::uuid, 'ns-' || i, '{}', false from generate_series(0, ${Math.ceil(deployments / 20) - 1}) i`,
  `insert into peer (cluster_id, id, kind, natural_key, name, namespace, workload_kind, labels, ports, host_network, inferred)
    select 1, md5('d' || i)::uuid, 'DEPLOYMENT', 'ns-' || i / 20 || '/Deployment/app-' || i, 'app-' || i, 'ns-' || i / 20,
      'Deployment', jsonb_build_object('app', 'app-' || i), '[]', false, false from generate_series(0, ${deployments - 1}) i`,
  `insert into peer (cluster_id, id, kind, natural_key, name, inferred, address)
    select 1, md5('e' || i)::uuid, 'EXTERNAL', host(a), host(a), false, a
    from generate_series(0, ${deployments * 10 - 1}) i cross join lateral (select '34.0.0.0'::inet + i as a) x`,
  `insert into peer (cluster_id, id, kind, natural_key, name, inferred, reason)
    select 1, md5(kind || i)::uuid, kind, kind || i, kind || '-' || i, false, case kind when 'UNRESOLVED' then 'unknown-address' end
    from generate_series(0, 49) i cross join unnest(array['NODE', 'UNRESOLVED']) kind`,
];

/** Candidates; of those that are one edge the first counts. */
const EDGES = ({ edges, deployments }: EdgeSize): string => `
  insert into flow (cluster_id, id, source_id, destination_id, port, protocol, traffic_class, first_seen_at, last_seen_at,
    observed_verdict, outcomes, events, connections, bytes, policy_verdict, governed, basis, in_baseline, off_locked)
  select 1, md5(source || ' ' || destination || ' ' || port)::uuid, md5(source)::uuid, md5(destination)::uuid, port,
    case port when 53 then 'UDP' else 'TCP' end, case port when 53 then 'dns' else 'app' end,
    last - ${chance(5)} * interval '20 days', last,
    observed, ${outcomeSql('observed')} | case when ${chance(17)} < 0.02 then ${outcomesOf('ALLOWED')} else 0 end,
    (exp(10 * ${chance(7)}))::bigint, case when ${chance(8)} < 0.5 then (exp(8 * ${chance(9)}))::bigint end,
    case when ${chance(8)} < 0.5 then (exp(20 * ${chance(10)}))::bigint end,
    case when ${chance(11)} < 0.05 then 'DENIED' when ${chance(11)} < 0.06 then 'UNDECIDABLE' else 'ALLOWED' end,
    ${chance(12)} < 0.5, 'policy', ${chance(13)} < 0.3, ${chance(14)} < 0.001
  from generate_series(1, ${Math.ceil(edges * 1.02)}) i cross join lateral (
    select 'd' || floor(${deployments} * power(${chance(1)}, 1.3)) as source,
      case when ${chance(2)} < 0.03 then 'NODE' || floor(50 * ${chance(3)})
        when ${chance(2)} < 0.05 then 'UNRESOLVED' || floor(50 * ${chance(3)})
        when ${chance(2)} < 0.55 then 'd' || floor(${deployments} * power(${chance(3)}, 2))
        else 'e' || floor(${deployments * 10} * power(${chance(3)}, 1.5)) end as destination,
      case when ${chance(4)} < 0.1 then 20000 + floor(10000 * ${chance(15)})::int
        else (array[443, 80, 8080, 53, 5432, 6379, 9090, 9092, 3000, 8443])[1 + floor(10 * power(${chance(15)}, 1.7))::int] end as port,
      '2026-03-01Z'::timestamptz - power(${chance(16)}, 3) * interval '30 days' as last,
      case when ${chance(6)} < 0.05 then 'DENIED' when ${chance(6)} < 0.052 then 'ERROR' else 'ALLOWED' end as observed) x
  on conflict do nothing`;

const HOURS = `insert into flow_hour (cluster_id, flow_id, slot, events, connections, bytes)
  select cluster_id, id, slot_from(last_seen_at) + case observed_verdict when 'ALLOWED' then 0 when 'DENIED' then 1 else 3 end,
    events, connections, bytes from flow`;

const DAYS = `select format('create table flow_hour_%s partition of flow_hour for values from (%L) to (%L)',
    to_char(day, 'YYYYMMDD'), slot_from(day), slot_from(day + interval '1 day')) as made
  from generate_series('2026-01-30Z'::timestamptz, '2026-03-01Z', '1 day') day`;

type Run = (sql: string) => Promise<unknown>;

const INDEXES = `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made
  from pg_index i where i.indrelid = 'flow'::regclass and not i.indisunique order by 1`;

/** As if no index had been made since the rows came: that tells the planner how many they are. */
const unknownSize = (name: string): string => `select pg_clear_relation_stats('public', '${name}')`;

/** Without the indexes of flows, which are made afterwards, each at once, as a restored dump has it. */
async function withoutIndexes(run: Run, fill: () => Promise<unknown>): Promise<void> {
  const indexes = (await run(INDEXES)) as readonly {
    readonly name: string;
    readonly made: string;
  }[];
  for (const { name } of indexes) await run(`drop index ${name}`);
  await fill();
  for (const { made } of indexes) await run(made);
  for (const name of ['flow', ...indexes.map(index => index.name)]) await run(unknownSize(name));
}

/** Fills an empty, migrated database; a few edges more or fewer may come of it. Nothing is analysed. */
export async function seedEdges(run: Run, size: EdgeSize): Promise<void> {
  const days = (await run(DAYS)) as readonly { readonly made: string }[];
  for (const { made } of days) await run(made);
  for (const sql of PEERS(size)) await run(sql);
  await withoutIndexes(run, () => run(EDGES(size)));
  await run(HOURS);
}
