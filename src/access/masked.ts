import { type Condition, condition, joined, sql } from '../query/condition.js';
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

const COLUMNS = Object.entries(HIDDEN)
  .map(([column, hidden]) => `case when p.is_seen then p.${column} else ${hidden} end as ${column}`)
  .join(', ');

const END = (own: string, other: string): string =>
  `exists (select from flow f where f.cluster_id = p.cluster_id and uuid_hash(f.${own}) = uuid_hash(p.id)
    and f.${own} = p.id and (f.cluster_id, f.${other}) in (select cluster_id, id from own_peer))`;

/** What has no namespace is seen by who talks to it; nodes are of the whole cluster. */
const IS_SEEN = `((p.cluster_id, p.id) in (select cluster_id, id from own_peer)
  or p.kind in ('EXTERNAL', 'UNRESOLVED') and p.namespace is null
    and (${END('source_id', 'destination_id')} or ${END('destination_id', 'source_id')}))`;

/** A `with` item `own_peer` for a caller who sees some workloads of a cluster only: these. Nothing for who sees whole clusters. */
export const ownPeers = (caller: Caller): readonly Condition[] =>
  seesWhole(caller)
    ? []
    : [
        sql`own_peer as materialized (select p.cluster_id, p.id from peer p where ${visibleWorkload(caller, 'p')})`,
      ];

/**
 * The same, and a second one: `peer` takes the place of
 * the table in all of the statement. In it whoever is outside of the scope has no name, no labels and no address, so that
 * no condition and no order of the statement can tell one from another. Nothing for who sees whole clusters.
 */
export const maskedPeers = (caller: Caller): readonly Condition[] =>
  seesWhole(caller)
    ? []
    : [
        ...ownPeers(caller),
        condition(
          `peer as not materialized (select p.cluster_id, p.id, p.alias_of, ${COLUMNS}
            from (select p.*, ${IS_SEEN} as is_seen from peer p) p)`,
        ),
      ];

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
