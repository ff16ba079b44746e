import { CLUSTER } from '../database/statement.js';
import { blockName } from '../inventory/external-blocks/external-block.js';

/**
 * So many addresses outside of one port's callers, learned as normal, and the port is public: who calls next is no
 * deviation.
 */
export const PUBLIC_FROM = 10;

/** Who was learned to call so many nodes calls them all, also those that are added. One node that calls a port is enough: every kubelet asks the pods that it runs. */
const NODES_FROM = 2;

/** From here on systems hand out ports as they come; no service is known by one of them. */
const DYNAMIC_FROM = 32_768;

/** So many of them between two deployments, learned as normal, and they take whatever port is free. */
const DYNAMIC_PORTS = 10;

/** The last word of a name that tells releases of one workload apart. */
const RELEASE_WORD = '-(blue|green|canary|stable|primary|preview|active|baseline|v?[0-9]+)$';

/** SQL: the name of the workload `x` without such a word, with the label that names it. Null: no label does. */
const RELEASE = `x.namespace || '/' || x.workload_kind || '/' || regexp_replace(x.name, '${RELEASE_WORD}', '') || ' '
      || coalesce(x.labels ->> 'app', x.labels ->> 'app.kubernetes.io/name', x.labels ->> 'k8s-app', x.labels ->> 'name')`;

/** SQL: the words by which a peer `x` is known beside its address or its own name, one row each. */
const KEYS = (direction: string): string => `(
    select 'name:' || x.dns_name as key where x.kind = 'EXTERNAL' and x.dns_name is not null
    union all select 'block:' || b.name from (select ${blockName('x')} as name) b where x.kind = 'EXTERNAL' and b.name is not null
    union all select 'any' where x.kind = 'EXTERNAL' and ${direction} = 'INGRESS'
    union all select 'nodes' where x.kind = 'NODE'
    union all select 'release:' || r.name from (select ${RELEASE} as name) r where x.kind = 'DEPLOYMENT' and r.name is not null)`;

/** SQL: whether `e` is about the port and protocol of `f`. A resolver that is asked over UDP answers what is large over TCP. */
const SAME_PORT = `e.port is not distinct from f.port and (e.protocol = f.protocol
      or f.port = 53 and f.protocol in ('TCP', 'UDP') and e.protocol in ('TCP', 'UDP'))`;

/** SQL: whether the entry `e` says that its flows are normal. */
export const NORMAL = `e.status in ('OBSERVED', 'CONFIRMED')`;

const reached = (
  direction: string,
  port: string,
  key: string,
): string => `select from baseline_reach r
      where r.cluster_id = b.cluster_id and r.deployment_id = b.deployment_id and r.direction = '${direction}'
        and r.protocol = f.protocol and r.port = ${port} and r.key = ${key}`;

/** SQL: the peer of an id in the cluster of the baseline `b`, by its key alone (`CLUSTER`). */
const peerBy = (id: string): string =>
  `(select * from peer where cluster_id = b.cluster_id and id = ${id} offset 0)`;

/**
 * SQL: whether the baseline `b` holds the flow `f`, between its deployment and `f.PEER`: by the very peer, by its name or block, as
 * one of the nodes, as another release of a workload, or as one of the ports that the two take as they come.
 */
export const holds = (peer: string, direction: 'INGRESS' | 'EGRESS'): string => `(
  exists (select from baseline_entry e where e.cluster_id = b.cluster_id
      and e.peer_id = f.${peer} and e.deployment_id = b.deployment_id and e.direction = '${direction}' and ${SAME_PORT} and ${NORMAL})
  or exists (select from ${peerBy(`f.${peer}`)} x
    cross join lateral ${KEYS(`'${direction}'`)} k
    cross join lateral (${reached(direction, 'coalesce(f.port, -1)', 'k.key')}) r)
  or f.port >= ${DYNAMIC_FROM} and exists (${reached(direction, `${DYNAMIC_FROM}`, `'ports:' || f.${peer}`)}))`;

/**
 * SQL: whether somebody forbade the flow `f` in the baseline `b`: for the very peer, or for a peer outside of the same name
 * or block. Entries that forbid are few: an index of theirs alone finds them. `offset 0` keeps Postgres from finding the peers of all entries
 * beforehand, of all peers outside, once for each flow: half a minute for 3,000 flows.
 */
export const forbids = (peer: string, direction: 'INGRESS' | 'EGRESS'): string => `exists (
    select from (select * from baseline_entry where cluster_id = b.cluster_id and deployment_id = b.deployment_id
      and status = 'FORBIDDEN' offset 0) e
    where e.direction = '${direction}' and e.port is not distinct from f.port and e.protocol = f.protocol
      and (e.peer_id = f.${peer} or exists (
        select from ${peerBy('e.peer_id')} y cross join ${peerBy(`f.${peer}`)} x
        where x.kind = 'EXTERNAL' and y.kind = 'EXTERNAL'
          and (y.dns_name = x.dns_name or ${blockName('y')} = ${blockName('x')}) offset 0)))`;

const PEER_OF_ENTRY =
  'cross join lateral (select * from peer where cluster_id = e.cluster_id and id = e.peer_id offset 0) x';

/** Makes anew what the baselines of deployments `$2` of cluster `$1` know beside addresses. */
export const REACH = [
  `delete from baseline_reach where cluster_id = ${CLUSTER} and deployment_id = any($2::uuid[])`,
  `insert into baseline_reach (cluster_id, deployment_id, direction, protocol, port, key, addresses)
  select e.cluster_id, e.deployment_id, e.direction, e.protocol, coalesce(e.port, -1), k.key, count(*)
  from baseline_entry e ${PEER_OF_ENTRY}
  cross join lateral ${KEYS('e.direction')} k
  where e.cluster_id = ${CLUSTER} and e.deployment_id = any($2::uuid[]) and ${NORMAL}
  group by 1, 2, 3, 4, 5, 6
  having count(*) >= case when k.key = 'any' then ${PUBLIC_FROM} when k.key = 'nodes' and e.direction = 'EGRESS' then ${NODES_FROM} else 1 end`,
  `insert into baseline_reach (cluster_id, deployment_id, direction, protocol, port, key, addresses)
  select e.cluster_id, e.deployment_id, e.direction, e.protocol, ${DYNAMIC_FROM}, 'ports:' || e.peer_id, count(*)
  from baseline_entry e ${PEER_OF_ENTRY}
  where x.kind = 'DEPLOYMENT' and e.cluster_id = ${CLUSTER} and e.deployment_id = any($2::uuid[]) and e.port >= ${DYNAMIC_FROM} and ${NORMAL}
  group by 1, 2, 3, 4, 6 having count(*) >= ${DYNAMIC_PORTS}`,
] as const;
