import { forbids, holds } from '../baselines/held.js';
import { CLUSTER } from '../database/statement.js';
import { METADATA_CLASS } from '../flows/flow-view.js';
import { blockName } from '../inventory/external-blocks/external-block.js';
import { peerLabel } from '../inventory/peer-label.js';

const OUTSIDE = (alias: string, value: string): string =>
  `case when ${alias}.kind = 'EXTERNAL' then ${value} end`;

/** SQL: labels of the namespace of a peer; null: it has none, or they are not known. */
export const namespaceLabels = (peer: string): string =>
  `(select n.labels from namespace n where n.cluster_id = ${peer}.cluster_id and n.name = ${peer}.namespace)`;

const END = (alias: string, baseline: string): string => `json_build_object(
    'id', ${alias}.id, 'label', ${peerLabel(alias)}, 'kind', ${alias}.kind, 'namespace', ${alias}.namespace,
    'name', ${alias}.name, 'labels', ${alias}.labels, 'namespaceLabels', ${namespaceLabels(alias)}, 'dnsName', ${alias}.dns_name,
    'block', ${OUTSIDE(alias, blockName(alias))},
    'baseline', ${baseline}.state, 'learns', coalesce(${baseline}.learns, false),
    'inBaseline', coalesce(${baseline}.held and not ${baseline}.forbidden, false),
    'forbidden', coalesce(${baseline}.forbidden, false),
    'knownPort', coalesce(${baseline}.known_port, false))`;

const HAS_BASELINE = (end: string): string =>
  `exists (select from baseline b where b.cluster_id = ${CLUSTER} and b.deployment_id = f.${end})`;

const BASELINE = (own: string, peer: string, direction: 'INGRESS' | 'EGRESS', alias: string) =>
  `left join lateral (select b.state, b.continuous and b.state = 'LEARNING' as learns,
      ${holds(peer, direction)} as held, ${forbids(peer, direction)} as forbidden, exists (select from baseline_entry k
      where k.cluster_id = b.cluster_id and k.deployment_id = b.deployment_id and k.direction = 'INGRESS' and k.status in ('OBSERVED', 'CONFIRMED')
        and k.port is not distinct from f.port and k.protocol = f.protocol) as known_port
    from baseline b where b.cluster_id = ${CLUSTER} and b.deployment_id = f.${own} offset 0) ${alias} on true`;

const PEER = (end: string, alias: string): string =>
  `left join lateral (select * from peer where cluster_id = ${CLUSTER} and id = f.${end} offset 0) ${alias} on true`;

/**
 * Of the flows `$2` those that may meet a rule: `$3` the dataplane is against, `$4` are known bad peers, `$5` says
 * whether flows that are permitted and not learned count. The few that can be suspect are taken out first, and only
 * these are joined with their ends and baselines: 5,000 flows took 900 ms as one join on tables without statistics.
 * Each lookup stands apart (`offset 0`).
 */
export const suspectsText = `
  with marked as materialized (
    select f.cluster_id, f.id, f.source_id, f.destination_id, f.port, f.protocol, f.in_baseline,
      f.traffic_class = '${METADATA_CLASS}' as metadata,
      f.policy_verdict = 'DENIED' as policy_denied, f.governed and f.policy_verdict = 'ALLOWED' as permitted,
      f.id = any($3::uuid[]) as told,
      (f.source_id = any($4::uuid[]) or f.destination_id = any($4::uuid[])) as bad
    from unnest($2::uuid[]) k (id)
    cross join lateral (select * from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f
    where f.traffic_class = '${METADATA_CLASS}' or f.policy_verdict = 'DENIED' or f.id = any($3::uuid[])
      or (f.off_locked or not f.in_baseline) and (${HAS_BASELINE('source_id')} or ${HAS_BASELINE('destination_id')})
      or $5::boolean and not f.in_baseline and f.governed and f.policy_verdict = 'ALLOWED'
      or f.source_id = any($4::uuid[]) or f.destination_id = any($4::uuid[])
  )
  select f.id, f.port, f.protocol, f.metadata, f.policy_denied as "policyDenied", f.permitted,
    ${END('s', 'bs')} as source, ${END('d', 'bd')} as destination
  from marked f
  ${PEER('source_id', 's')}
  ${PEER('destination_id', 'd')}
  ${BASELINE('source_id', 'destination_id', 'EGRESS', 'bs')}
  ${BASELINE('destination_id', 'source_id', 'INGRESS', 'bd')}
  where f.metadata or f.policy_denied or f.told or f.bad or $5::boolean and f.permitted and not f.in_baseline
    or not bs.held or not bd.held or bs.forbidden or bd.forbidden`;

/** The peers outside of the flows `$2`, each once, with their addresses or blocks. */
export const OUTSIDE_OF = `
  select p.id, p.address from (
    select source_id as id from (select source_id from unnest($2::uuid[]) k (id)
      cross join lateral (select source_id from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f) s
    union
    select destination_id from (select destination_id from unnest($2::uuid[]) k (id)
      cross join lateral (select destination_id from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f) d) e
  join lateral (select id, kind, coalesce(host(address), cidr::text) as address from peer
    where cluster_id = ${CLUSTER} and id = e.id offset 0) p on p.kind = 'EXTERNAL' and p.address is not null`;
