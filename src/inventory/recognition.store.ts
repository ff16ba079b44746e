import type { EntityManager } from 'typeorm';
import { statement, uuid } from '../database/row.js';
import type { Merger } from './merger.js';

export type RecognitionStore = {
  /**
   * Peers learned from flows that the inventory now knows as somebody else: deployments inferred under another kind,
   * and unresolved peers and nodes whose address or labels only one has.
   * @param told what pods' names would have been taken for, and what the snapshot says that they are
   * @param shown deployments of the snapshot, which are what they are
   */
  recognised(
    clusterId: number,
    told: readonly Merger[],
    shown: readonly string[],
  ): Promise<readonly Merger[]>;
};

const RECOGNISED = statement<Merger>('snapshots.recognised', { from: uuid, to: uuid });

/** The holder had the address for as long as the peer was seen, which may be until the newest observation. */
const COVERS = `(not b.start_known or b.valid_from <= coalesce(p.first_seen_at, 'infinity'))
      and (b.valid_to is null or b.valid_to > coalesce(c.newest_observation_at, p.first_seen_at, '-infinity'))`;

/** All of the namespace of `p`, found by its name. */
const BESIDE =
  'lateral (select * from peer where cluster_id = p.cluster_id and namespace = p.namespace offset 0)';

/** By how sure they are. An address that several held in turn tells nobody who it was. */
const TEXT = `
  with of_node as materialized (
    select * from address_book where cluster_id = $1 and holder in ('NODE', 'GATEWAY')
  ), known as (
    select 1 as rank, p.id as from_id, t.to_id from unnest($2::uuid[], $3::uuid[]) t (from_id, to_id)
    join peer p on p.cluster_id = $1 and p.id = t.from_id
    where p.inferred and p.alias_of is null and not p.id = any($4::uuid[])
    union all
    select 2, p.id, min(d.id::text)::uuid
    from peer p join ${BESIDE} d on d.name = p.name
      and d.kind = 'DEPLOYMENT' and not d.inferred and d.alias_of is null and d.ended_at is null
    where p.cluster_id = $1 and p.kind = 'DEPLOYMENT' and p.inferred and p.alias_of is null
      and not p.id = any($4::uuid[])
    group by p.id having count(*) = 1
    union all
    select 3, p.id, min(b.peer_id::text)::uuid
    from peer p cross join lateral (select * from address_book where cluster_id = p.cluster_id and address = p.address
      and holder in ('POD', 'NODE', 'GATEWAY') offset 0) b
    join cluster c on c.id = p.cluster_id
    where p.cluster_id = $1 and p.kind = 'UNRESOLVED' and p.alias_of is null
    group by p.id having count(distinct b.peer_id) = 1 and bool_and(${COVERS})
    union all
    select 4, p.id, min(b.peer_id::text)::uuid
    from peer p join of_node b on host(b.address) = p.name
    join cluster c on c.id = p.cluster_id
    where p.cluster_id = $1 and p.kind = 'NODE' and p.inferred and p.alias_of is null
    group by p.id having count(distinct b.peer_id) = 1 and bool_and(${COVERS})
    union all
    select 5, p.id, coalesce(min(d.id::text) filter (where d.labels = p.labels), min(d.id::text))::uuid
    from peer p join ${BESIDE} d on d.kind = 'DEPLOYMENT' and d.alias_of is null and d.ended_at is null and d.labels @> p.labels
    where p.cluster_id = $1 and p.kind = 'UNRESOLVED' and p.alias_of is null and p.labels <> '{}'
    group by p.id having count(*) filter (where d.labels = p.labels) = 1 or count(*) = 1
  )
  select distinct on (from_id) from_id as "from", to_id as "to" from known
  where from_id <> to_id order by from_id, rank, to_id`;

export const recognitionStore = (manager: EntityManager): RecognitionStore => ({
  recognised: (clusterId, told, shown) =>
    RECOGNISED.rows(manager, TEXT, [
      clusterId,
      told.map(({ from }) => from),
      told.map(({ to }) => to),
      shown,
    ]),
});
