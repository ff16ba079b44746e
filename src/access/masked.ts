import { type Condition, condition, joined, sql, value } from '../query/condition.js';
import { type Caller, seesWhole } from './caller.js';
import { visibleWorkload } from './visible.js';

/** What stands for the kind, the name and the reason of a peer outside of the caller's scope. */
export const MASKED_KIND = 'MASKED';
export const MASKED_NAME = 'masked';
export const MASKED_REASON = 'OUTSIDE_SCOPE';

const HIDDEN: Readonly<Record<string, string>> = {
  kind: `'${MASKED_KIND}'`,
  natural_key: `'${MASKED_NAME}'`,
  name: `'${MASKED_NAME}'`,
  namespace: 'null',
  workload_kind: 'null',
  labels: 'null',
  ports: 'null',
  host_network: 'null',
  isolation: 'null',
  inferred: 'false',
  address: 'null',
  cidr: 'null',
  dns_name: 'null',
  entity: 'null',
  reason: `'${MASKED_REASON}'`,
  first_seen_at: 'null',
  ended_at: 'null',
};

/** What only a workload has, so that nobody asks who talks to it. */
const OF_WORKLOADS: ReadonlySet<string> = new Set(['namespace', 'workload_kind']);

const COLUMNS = Object.entries(HIDDEN)
  .map(
    ([column, hidden]) =>
      `case when p.${OF_WORKLOADS.has(column) ? 'is_own' : 'is_seen'} then p.${column} else ${hidden} end as ${column}`,
  )
  .join(', ');

const IS_OWN = '(p.cluster_id, p.id) in (select cluster_id, id from own_peer)';

const FLOWS_AT = (own: string, peer: string): string =>
  `f.cluster_id = ${peer}.cluster_id and uuid_hash(f.${own}) = uuid_hash(${peer}.id) and f.${own} = ${peer}.id`;

const END = (own: string, other: string): string =>
  `exists (select from flow f where ${FLOWS_AT(own, 'p')}
    and (f.cluster_id, f.${other}) in (select cluster_id, id from own_peer))`;

/** Of few peers: each one's flows are looked at until one is the caller's. */
const TALKED_TO = `(${END('source_id', 'destination_id')} or ${END('destination_id', 'source_id')})`;

/** Of many: the flows of the caller's own workloads are read, once. */
const MET = `met_peer as materialized (
  select distinct o.cluster_id, f.id from own_peer o cross join lateral (
    select f.destination_id as id from flow f where ${FLOWS_AT('source_id', 'o')}
    union all
    select f.source_id from flow f where ${FLOWS_AT('destination_id', 'o')} offset 0) f)`;

const IS_MET = '(p.cluster_id, p.id) in (select cluster_id, id from met_peer)';

/** What has no namespace is seen by who talks to it; nodes are of the whole cluster. */
const isSeen = (talkedTo: string): string => `(${IS_OWN}
  or p.kind in ('EXTERNAL', 'UNRESOLVED') and p.namespace is null and ${talkedTo})`;

/** The peers `p` of the caller's namespaces, found by their names: the other peers are not read for it. */
const inOwnNamespaces = ({ namespaces }: Caller): Condition =>
  namespaces === 'ALL'
    ? condition('peer p')
    : sql`cluster c cross join unnest(${value('text[]', [...new Set(namespaces)])}) n (name)
        cross join lateral (select * from peer where cluster_id = c.id and namespace = n.name offset 0) p`;

/** A `with` item `own_peer` for a caller who sees some workloads of a cluster only: these. Nothing for who sees whole clusters. */
export const ownPeers = (caller: Caller): readonly Condition[] =>
  seesWhole(caller)
    ? []
    : [
        sql`own_peer as materialized (select p.cluster_id, p.id from ${inOwnNamespaces(caller)} where ${visibleWorkload(caller, 'p')})`,
      ];

const masked = (talkedTo: string): Condition =>
  condition(
    `peer as not materialized (select p.cluster_id, p.id, p.alias_of, ${COLUMNS}
      from (select p.*, ${IS_OWN} as is_own, ${isSeen(talkedTo)} as is_seen from peer p) p)`,
  );

/**
 * The same, and a second one: `peer` takes the place of
 * the table in all of the statement. In it whoever is outside of the scope has no name, no labels and no address, so that
 * no condition and no order of the statement can tell one from another. Nothing for who sees whole clusters.
 */
export const maskedPeers = (caller: Caller): readonly Condition[] =>
  seesWhole(caller) ? [] : [...ownPeers(caller), masked(TALKED_TO)];

/** The same for a statement that may go through many peers. */
export const maskedPeersOfLists = (caller: Caller): readonly Condition[] =>
  seesWhole(caller) ? [] : [...ownPeers(caller), condition(MET), masked(IS_MET)];

/** A statement that begins with these items, where there are any. */
export const withItems = (items: readonly Condition[], statement: Condition): Condition =>
  items.length === 0 ? statement : sql`with ${joined(items, ', ')} ${statement}`;

/** Of a flow `f` in a statement with `maskedPeers`: an end of it is in the scope. */
export const touchesOwn = (caller: Caller): Condition =>
  condition(
    seesWhole(caller)
      ? 'true'
      : `(((f.cluster_id, f.source_id) in (select cluster_id, id from own_peer))
          or ((f.cluster_id, f.destination_id) in (select cluster_id, id from own_peer)))`,
  );
