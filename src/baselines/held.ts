import { blockName } from '../inventory/external-blocks/external-block.js';

/**
 * So many addresses outside of one port's callers, learned as normal, and the port is public: who calls next is no
 * deviation.
 */
export const PUBLIC_FROM = 10;

/** SQL: the words by which an external peer `x` is known beside its address, one row each. */
const KEYS = (direction: string): string => `(
    select 'name:' || x.dns_name as key where x.dns_name is not null
    union all select 'block:' || b.name from (select ${blockName('x')} as name) b where b.name is not null
    union all select 'any' where ${direction} = 'INGRESS')`;

/** SQL: whether the baseline `b` holds the flow `f`, between its deployment and `f.PEER`: by the very peer, or by its name or block. */
export const holds = (peer: string, direction: 'INGRESS' | 'EGRESS'): string => `(
  exists (select from baseline_entry e where e.cluster_id = b.cluster_id
      and e.peer_id = f.${peer} and e.deployment_id = b.deployment_id and e.direction = '${direction}'
      and e.port is not distinct from f.port and e.protocol = f.protocol)
  or exists (select from (select * from peer where cluster_id = b.cluster_id and id = f.${peer} and kind = 'EXTERNAL' offset 0) x
    cross join lateral ${KEYS(`'${direction}'`)} k
    cross join lateral (select from baseline_reach r where r.cluster_id = b.cluster_id and r.deployment_id = b.deployment_id
      and r.direction = '${direction}' and r.protocol = f.protocol and r.port = coalesce(f.port, -1) and r.key = k.key) r))`;

/** Makes anew what the baselines of deployments `$2` of cluster `$1` know beside addresses. */
export const REACH = [
  'delete from baseline_reach where cluster_id = $1 and deployment_id = any($2::uuid[])',
  `insert into baseline_reach (cluster_id, deployment_id, direction, protocol, port, key, addresses)
  select e.cluster_id, e.deployment_id, e.direction, e.protocol, coalesce(e.port, -1), k.key, count(*)
  from baseline_entry e join peer x on x.cluster_id = e.cluster_id and x.id = e.peer_id and x.kind = 'EXTERNAL'
  cross join lateral ${KEYS('e.direction')} k
  where e.cluster_id = $1 and e.deployment_id = any($2::uuid[])
  group by 1, 2, 3, 4, 5, 6 having k.key <> 'any' or count(*) >= ${PUBLIC_FROM}`,
] as const;
