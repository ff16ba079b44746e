import { DEPLOYMENT, FLOW, NODE, OTHER } from './rows/keys.js';

/*
 * A cluster of a real cluster's shape for the samples of `rows/`, whose own rows are among these: `lab` with 1,000 deployments in fifty
 * namespaces, 5,000 pods, 10,000 flows and 5,000 alerts. Every choice hangs on the number of the row.
 */

const DEPLOYMENTS = 1_000;
const FLOWS = 10_000;
const LISTED = 2_000;

const each = (count: number): string => `generate_series(0, ${count - 1}) i`;
const ALL = each(DEPLOYMENTS);

const time = (of: string): string =>
  `'2026-11-22 10:00Z'::timestamptz - (hashint4(${of}) & 32767) * interval '1 minute'`;

/** The first two are those of the samples. */
const deployment = (of: string): string =>
  `case ${of} when 0 then '${DEPLOYMENT}' when 1 then '${OTHER}' else md5('d' || ${of}) end::uuid`;

const namespace = (of: string): string =>
  `case ${of} / 20 when 0 then 'shop' else 'ns-' || ${of} / 20 end`;

const name = (of: string): string => `case ${of} when 0 then 'web' else 'app-' || ${of} end`;

const INVENTORY = [
  `insert into cluster (id, name, created_at, newest_observation_at, last_ingest_at)
    values (1, 'lab', '2026-01-01Z', '2026-11-22 10:00Z', '2026-11-22 10:00Z')`,
  `insert into namespace (cluster_id, id, name, labels, inferred)
    select 1, case i when 0 then '${DEPLOYMENT}' else md5('n' || i) end::uuid, ${namespace('(i * 20)')}, '{}', false from ${each(DEPLOYMENTS / 20)}`,
  `insert into peer (cluster_id, id, kind, natural_key, name, namespace, workload_kind, labels, ports, host_network, inferred)
    select 1, ${deployment('i')}, 'DEPLOYMENT', ${namespace('i')} || '/Deployment/' || ${name('i')}, ${name('i')}, ${namespace('i')}, 'Deployment',
      jsonb_build_object('app', ${name('i')}), '[]', false, i % 10 = 5 from ${ALL}`,
  `insert into peer (cluster_id, id, kind, natural_key, name, inferred, address)
    select 1, md5('e' || i)::uuid, 'EXTERNAL', host(a), host(a), false, a
    from ${each(5_000)} cross join lateral (select '34.0.0.0'::inet + i as a) x`,
  `insert into peer (cluster_id, id, kind, natural_key, name, inferred, address, reason, labels)
    select 1, case when i = 0 and kind = 'NODE' then '${NODE}' else md5(kind || i) end::uuid, kind, kind || i, kind || '-' || i, kind <> 'NODE',
      '10.9.0.0'::inet + i, 'unknown-address', case kind when 'NODE' then null else '{"app":"x"}'::jsonb end
    from ${each(50)} cross join unnest(array['NODE', 'UNRESOLVED']) kind`,
  `insert into label_set (cluster_id, id, labels, ports, host_network)
    select 1, md5('l' || i)::uuid, jsonb_build_object('app', ${name('i')}), '[]', false from ${ALL}`,
  `insert into deployment_label_set (cluster_id, deployment_id, label_set_id, valid_from)
    select 1, ${deployment('i')}, md5('l' || i)::uuid, ${time('i')} from ${ALL}`,
  `insert into pod (cluster_id, id, namespace, name, deployment_id, node, host_network, started_at, label_set_id)
    select 1, md5('p' || i || '-' || j)::uuid, ${namespace('i')}, ${name('i')} || '-x' || j, ${deployment('i')}, 'node-' || i % 50, false, ${time('i')},
      md5('l' || i)::uuid from ${ALL} cross join generate_series(1, 5) j`,
  `insert into address_book (cluster_id, address, holder, holder_name, valid_from, peer_id)
    select 1, '10.0.0.0'::inet + (i * 5 + j), 'POD', ${namespace('i')} || '/' || ${name('i')} || '-x' || j, ${time('i')}, ${deployment('i')}
    from ${ALL} cross join generate_series(1, 5) j`,
  `insert into deployment_revision (cluster_id, deployment_id, valid_from, labels, ports, host_network, content_hash, source, observed_at)
    select 1, ${deployment('i')}, ${time('i')}, '{}', '[]', false, '', 'SNAPSHOT', ${time('i')} from ${ALL}`,
  `insert into service (cluster_id, id, namespace, name, type, cluster_ips, external_ips, ports, selector, content_hash, valid_from)
    select 1, ${deployment('i')}, ${namespace('i')}, ${name('i')}, 'ClusterIP', '[]', '[]', '[]', jsonb_build_object('app', ${name('i')}), '',
      ${time('i')} from ${ALL}`,
  `insert into service_revision (cluster_id, service_id, valid_from, type, cluster_ips, external_ips, ports, selector, content_hash, source, observed_at)
    select 1, id, valid_from, type, cluster_ips, external_ips, ports, selector, '', 'SNAPSHOT', valid_from from service`,
  `insert into endpoints_revision (cluster_id, service_id, valid_from, namespace, name, endpoints, content_hash, source, observed_at)
    select 1, id, valid_from, namespace, name, '[]', '', 'SNAPSHOT', valid_from from service`,
  `insert into external_block (cluster_id, id, cidr, name)
    select 1, gen_random_uuid(), set_masklen(('34.0.0.0'::inet + i * 16)::cidr, 28), 'b' || i from ${each(500)}`,
];

/** A hundred flows and more of the first deployment. */
const TRAFFIC = [
  `insert into flow (cluster_id, id, source_id, destination_id, port, protocol, traffic_class, first_seen_at, last_seen_at, observed_verdict,
      outcomes, events, policy_verdict, governed, basis)
    select 1, case i when 0 then '${FLOW}' else md5('f' || i) end::uuid, ${deployment('s')}, destination, 80 + i % 7, 'TCP', 'app', ${time('i')} - interval '1 day',
      ${time('i')}, 'ALLOWED', case when i % 50 = 0 then 6 else 2 end, i, case when i % 50 = 0 then 'DENIED' else 'ALLOWED' end, true, 'policy'
    from ${each(FLOWS)} cross join lateral (select case when i % 10 = 0 and i < 1000 then 0 else hashint4(i) & 511 end as s,
      case i % 2 when 0 then ${deployment('i % 999 + 1')} else md5('e' || i % 4999)::uuid end as destination) x`,
  `insert into flow_hour (cluster_id, flow_id, slot, events) select 1, id, slot_from(last_seen_at), events from flow`,
  `insert into ingest_chunk (cluster_id, key, content_hash, recorded_at, format, accepted, skipped, rejected, lost)
    select 1, 'k' || i, '', ${time('i')}, 'hubble', 1, '{}', '{}', 0 from ${each(LISTED)}`,
  `insert into ingest_ledger (cluster_id, source, hour, accepted, duplicates, lost, skipped, rejected)
    select 1, 'node-' || i % 50, '2026-11-22'::timestamptz - i / 50 * interval '1 hour', 1, 0, 0, '{}', '{}' from ${each(LISTED)}`,
  `insert into listener (cluster_id, peer_id, port, protocol)
    select 1, ${deployment('i')}, j, 'TCP' from ${ALL} cross join generate_series(1, 5) j`,
  `insert into record_id_set (cluster_id, id, first_seen_at, last_seen_at, size, ids)
    select 1, md5('r' || i)::uuid, ${time('i')}, ${time('i')}, 1, '' from ${each(DEPLOYMENTS)}`,
  `insert into baseline (cluster_id, deployment_id, state, version, generated_at)
    select 1, ${deployment('i')}, case i % 3 when 0 then 'LOCKED' else 'LEARNING' end, 1, ${time('i')} from ${ALL}`,
  `insert into baseline_entry (cluster_id, deployment_id, id, direction, peer_id, port, protocol, first_seen_at, last_seen_at, events, days)
    select 1, ${deployment('i')}, md5('b' || i || ' ' || j)::uuid, 'EGRESS', ${deployment('((i * 7 + j * 13) % 1000)')}, 80, 'TCP', ${time('i')}, ${time('i')},
      1, 1 from ${ALL} cross join generate_series(1, 10) j`,
  `insert into baseline_revision (cluster_id, deployment_id, version, valid_from, state, entries, content_hash, source)
    select 1, ${deployment('i')}, 1, ${time('i')}, 'LEARNING', '[]', '', 'x' from ${ALL}`,
];

const FOUND = [
  `insert into policy (cluster_id, id, source, kind, namespace, name, document, yaml, content_hash, valid_from)
    select 1, md5('q' || i)::uuid, 'LIVE', 'NetworkPolicy', ${namespace('(i % 1000)')}, 'p-' || i, '{}', repeat('x', 400), '', ${time('i')}
    from ${each(2_000)}`,
  `insert into policy_revision (cluster_id, policy_id, valid_from, document, yaml, content_hash, source)
    select 1, id, valid_from, document, yaml, '', 'LIVE' from policy`,
  `insert into alert (cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message, occurrences,
      first_occurred_at, last_occurred_at, rules, passed, lead_id)
    select 1, md5('a' || i)::uuid, 'DENIED', 'Anomalous Activity', (array['HIGH', 'LOW', 'MEDIUM', 'CRITICAL'])[1 + i % 4],
      case i % 3 when 0 then 'RESOLVED' else 'ACTIVE' end, f.source_id, f.destination_id, f.id, 'm', i % 100, f.first_seen_at, f.last_seen_at,
      '{DENIED}', i % 2, case i % 5 when 4 then md5('a' || i - 1)::uuid end
    from ${each(FLOWS)} join flow f on f.id = md5('f' || i)::uuid where i % 2 = 0`,
  `insert into alert_match (cluster_id, alert_id, flow_id, rules, events, passed, first_occurred_at, last_occurred_at)
    select 1, id, flow_id, '{DENIED}', 1, 0, first_occurred_at, last_occurred_at from alert`,
  `insert into alert_comment (cluster_id, id, alert_id, created_at, author, text)
    select 1, md5(id || 'c')::uuid, id, last_occurred_at, 'a', 't' from alert`,
  `insert into alert_action (cluster_id, id, alert_id, kind, state, requested_at)
    select 1, md5(id || 'x')::uuid, id, 'KILL_POD', 'REQUESTED', last_occurred_at from alert`,
  `insert into job (cluster_id, id, kind, status, done, request, created_at, attempts, caller, finished_at)
    select 1, md5('j' || i)::uuid, 'simulate', 'DONE', 0, '{}', ${time('i')}, 1, 'x', ${time('i')} from ${each(LISTED)}`,
  `insert into simulation (cluster_id, id, status, created_at, request) select 1, id, 'DONE', created_at, '{}' from job`,
  `insert into simulated_chunk (cluster_id, simulation_id, rank, last_flow_id, flow_ids, outcomes)
    select 1, s.id, 0, f.id, array[f.id], array[0]::smallint[]
    from (select id from simulation limit 100) s cross join (select id from flow limit 100) f`,
  `insert into simulated_span (cluster_id, simulation_id, flow_id, from_hour, until_hour, rank, outcome, is_answer)
    select cluster_id, simulation_id, last_flow_id, '2026-11-22', '2026-11-23', 0, 0, true from simulated_chunk`,
  `insert into connectivity_change (cluster_id, simulation_id, position, source, destination)
    select 1, s.id, j, 'a' || j, 'b' from (select id from simulation limit 100) s cross join generate_series(1, 100) j`,
  `insert into policy_set (cluster_id, id, name, version, origin, created_at, request)
    select 1, md5('s' || i)::uuid, 'set-' || i / 4, i, 'FLOWS', ${time('i')}, '{}' from ${each(LISTED)}`,
  `insert into policy_set_item (cluster_id, policy_set_id, position, kind, namespace, name, yaml, rules)
    select 1, md5('s' || i)::uuid, j, 'NetworkPolicy', 'ns-1', 'p' || j, '', '[]' from ${each(500)} cross join generate_series(1, 20) j`,
  `insert into access_token (id, hash, prefix, name, kind, roles, created_at, created_by, expires_at)
    select md5('t' || i)::uuid, i, '', 'n', 'PERSONAL', '{}', ${time('i')}, '', now() from ${each(LISTED)}`,
];

/** Statements that fill an empty, migrated database; nothing is analysed. */
export const FILLED: readonly string[] = [...INVENTORY, ...TRAFFIC, ...FOUND];
