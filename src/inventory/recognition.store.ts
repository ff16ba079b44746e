import type { EntityManager } from 'typeorm';
import { statement, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import type { Merger } from './merger.js';

export type RecognitionStore = {
  /**
   * Deployments learned from flows that the inventory now knows under another kind. Ends that were known by an address or
   * by labels are looked at edge by edge, each at its own time (`flows/recognise/`).
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

/** All of the namespace of `p`, found by its name. */
const BESIDE =
  'lateral (select * from peer where cluster_id = p.cluster_id and namespace = p.namespace offset 0)';

/** By how sure they are. */
const TEXT = `
  with known as (
    select 1 as rank, p.id as from_id, t.to_id from unnest($2::uuid[], $3::uuid[]) t (from_id, to_id)
    join peer p on p.cluster_id = ${CLUSTER} and p.id = t.from_id
    where p.inferred and p.alias_of is null and not p.id = any($4::uuid[])
    union all
    select 2, p.id, min(d.id::text)::uuid
    from peer p join ${BESIDE} d on d.name = p.name
      and d.kind = 'DEPLOYMENT' and not d.inferred and d.alias_of is null and d.ended_at is null
    where p.cluster_id = ${CLUSTER} and p.kind = 'DEPLOYMENT' and p.inferred and p.alias_of is null
      and not p.id = any($4::uuid[])
    group by p.id having count(*) = 1
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
