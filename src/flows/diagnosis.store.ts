import type { EntityManager } from 'typeorm';
import { type Caller, seesWhole } from '../access/caller.js';
import { maskedPeersOfLists, touchesOwn } from '../access/masked.js';
import { inClusters } from '../access/visible.js';
import { bool, float8, int4, jsonb, nullable, statement, text, texts } from '../database/row.js';
import { PRIVATE_RANGES } from '../inventory/cluster-range.js';
import { asking, type Condition, joined } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import type { IntakeFacts } from './diagnose.js';
import { ofPeer } from './flow-peers.js';
import { PLATFORM_ADDRESSES } from './formats/platform.js';

export type DiagnosisStore = {
  /**
   * What is known of a cluster's intake and of its flows; null when there is no such cluster. Who sees some workloads only
   * is told of these: records that were lost, skipped or rejected are of the whole cluster, and left out.
   */
  factsOf(clusterId: number): Promise<IntakeFacts | null>;
};

const FACTS_OF = statement<IntakeFacts>('diagnosis.factsOf', {
  name: text,
  lastImportAt: nullable(text),
  lastIngestAt: nullable(text),
  newestObservationAt: nullable(text),
  verdictsPending: bool,
  chunks: int4,
  accepted: float8,
  lost: float8,
  skipped: jsonb<IntakeFacts['skipped']>(),
  rejected: jsonb<IntakeFacts['rejected']>(),
  deployments: int4,
  silentDeployments: int4,
  silentNames: texts,
  hasFlows: bool,
  hasDns: bool,
  clusterNames: jsonb<IntakeFacts['clusterNames']>(),
  privateOutside: jsonb<IntakeFacts['privateOutside']>(),
  unresolved: jsonb<IntakeFacts['unresolved']>(),
});

/** What was taken in long ago explains nothing of today. */
const RECENT = (whole: boolean): string =>
  `${whole} and k.cluster_id = c.id and k.recorded_at > c.last_ingest_at - interval '7 days'`;

const summed = (
  column: string,
  whole: boolean,
): string => `(select coalesce(jsonb_object_agg(x.reason, x.n), '{}')
  from (select e.key as reason, sum(e.value::bigint) as n
    from ingest_chunk k cross join jsonb_each_text(k.${column}) e where ${RECENT(whole)} group by 1) x)`;

const namesOf = (
  kind: string,
  whole: boolean,
): string => `(select coalesce(jsonb_agg(x.name order by x.name), '[]') from (
    select distinct e.name from ingest_chunk k cross join jsonb_array_elements_text(k.cluster_names -> '${kind}') e (name)
    where ${RECENT(whole)} order by 1 limit 10) x)`;

/** `peer` and `flow` are what the caller sees of them. */
const DEPLOYMENTS = `peer p where p.cluster_id = c.id and p.kind = 'DEPLOYMENT' and p.alias_of is null and p.ended_at is null`;

/** Looked up for each one: `offset 0` keeps the planner from reading all flows for them. */
const hasNone = (end: string): string =>
  `not exists (select from flow f where f.cluster_id = c.id and ${ofPeer(end, 'p.id')} offset 0)`;

const SILENT = `silent as materialized (select p.namespace || '/' || p.name as name
  from cluster c cross join ${DEPLOYMENTS} and c.id = $1 and ${hasNone('source_id')} and ${hasNone('destination_id')})`;

const UNRESOLVED = `(select coalesce(jsonb_agg(x order by x.flows desc, x.reason), '[]')
  from (select split_part(p.reason, ' ', 1) as reason, sum(f.flows)::int as flows, min(p.name) as example
    from peer p cross join lateral (select
      (select count(*) from flow f where f.cluster_id = p.cluster_id and ${ofPeer('source_id', 'p.id')})
      + (select count(*) from flow f where f.cluster_id = p.cluster_id and ${ofPeer('destination_id', 'p.id')}
        and f.source_id <> p.id) as flows) f
    where p.cluster_id = c.id and p.kind = 'UNRESOLVED' and p.alias_of is null and f.flows > 0 group by 1) x)`;

const PRIVATE = `array[${PRIVATE_RANGES.map(range => `'${range}'`).join(', ')}]::inet[]`;

const PLATFORM = `array[${[...PLATFORM_ADDRESSES].map(address => `'${address}'`).join(', ')}]::inet[]`;

/** Without services of the cloud, and what the source has a name for, as the API server. */
const PRIVATE_OUTSIDE = `(select jsonb_build_object('ends', count(*),
    'examples', coalesce(to_jsonb((array_agg(host(p.address) order by p.address))[1:3]), '[]'))
  from peer p where p.cluster_id = c.id and p.kind = 'EXTERNAL' and p.alias_of is null and p.address <<= any(${PRIVATE})
    and p.entity is null and p.address <> all(${PLATFORM})
    and not (${hasNone('source_id')} and ${hasNone('destination_id')}))`;

type Seen = { readonly items: string; readonly cluster: string; readonly whole: boolean };

const facts = ({ items, cluster, whole }: Seen): string => `
  with ${items}${SILENT}
  select c.name, ${dateTimeText('c.last_import_at')} as "lastImportAt", ${dateTimeText('c.last_ingest_at')} as "lastIngestAt",
    ${dateTimeText('c.newest_observation_at')} as "newestObservationAt", c.pending_epoch is not null as "verdictsPending",
    t.chunks, t.accepted, t.lost, ${summed('skipped', whole)} as skipped, ${summed('rejected', whole)} as rejected,
    (select count(*)::int from ${DEPLOYMENTS}) as deployments,
    (select count(*)::int from silent) as "silentDeployments",
    array(select name from silent order by 1 limit 10) as "silentNames",
    exists (select from flow f where f.cluster_id = c.id) as "hasFlows",
    exists (select from flow f where f.cluster_id = c.id and f.traffic_class = 'dns') as "hasDns",
    jsonb_build_object('own', ${namesOf('own', whole)}, 'undecided', ${namesOf('undecided', whole)}) as "clusterNames",
    ${PRIVATE_OUTSIDE} as "privateOutside", ${UNRESOLVED} as unresolved
  from cluster c cross join lateral (
    select count(*)::int as chunks, coalesce(sum(k.accepted), 0)::float8 as accepted, coalesce(sum(k.lost), 0)::float8 as lost
    from ingest_chunk k where ${RECENT(whole)}) t
  where c.id = $1 and ${cluster}`;

function askedBy(caller: Caller, clusterId: number): Condition {
  const whole = seesWhole(caller);
  const masked = joined(maskedPeersOfLists(caller), ', ');
  return asking([clusterId], [masked, inClusters(caller, 'c.id')], (peers, cluster) => {
    const flows = `flow as not materialized (select f.* from flow f where ${touchesOwn(caller).sql}), `;
    return facts({ items: whole ? '' : `${peers}, ${flows}`, cluster, whole });
  });
}

export const diagnosisStore = (manager: EntityManager, caller: Caller): DiagnosisStore => ({
  factsOf: async clusterId => {
    const [row = null] = await FACTS_OF.ask(manager, askedBy(caller, clusterId));
    return row;
  },
});
