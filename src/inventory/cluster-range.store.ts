import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { wholly } from '../access/visible.js';
import { bool, int4, oneOf, statement, text, texts } from '../database/row.js';
import { unnest } from '../database/statement.js';
import { asking } from '../query/condition.js';
import { COUNTED } from '../query/page.js';
import { type ClusterRange, type ClusterRanges, RangeSource } from './cluster-range.js';

type RangeOfCluster = ClusterRange & { readonly clusterId: number };

export type ClusterRangeStore = {
  /** Where the cluster's own addresses lie. */
  ofCluster(clusterId: number): Promise<ClusterRanges>;
  /** By address, then source. */
  listOf(clusterIds: readonly number[]): Promise<readonly RangeOfCluster[]>;
  /** Those that an import shows; what was shown before stays. @returns how many are new */
  showRanges(clusterId: number, ranges: readonly ClusterRange[]): Promise<number>;
  /** Takes the place of all that was declared before. */
  declareRanges(clusterId: number, cidrs: readonly string[]): Promise<void>;
};

const STATEMENTS = {
  ofCluster: statement<ClusterRanges>('clusterRanges.ofCluster', {
    cidrs: texts,
    podCidrs: texts,
    isBlank: bool,
  }),
  listOf: statement<RangeOfCluster>('clusterRanges.listOf', {
    clusterId: int4,
    cidr: text,
    source: oneOf(RangeSource),
  }),
  show: statement('clusterRanges.show', COUNTED),
} as const;

export const clusterRangeStore = (manager: EntityManager, caller: Caller): ClusterRangeStore => ({
  ofCluster: clusterId =>
    STATEMENTS.ofCluster.row(
      manager,
      `select array(select distinct r.cidr::text from cluster_range r where r.cluster_id = $1) as cidrs,
        array(select r.cidr::text from cluster_range r where r.cluster_id = $1 and r.source = '${RangeSource.POD_CIDR}') as "podCidrs",
        not exists (select from address_book b where b.cluster_id = $1
          and b.holder in ('POD', 'SERVICE')) as "isBlank"`,
      [clusterId],
    ),
  listOf: clusterIds =>
    STATEMENTS.listOf.ask(
      manager,
      asking(
        [clusterIds],
        [wholly(caller, 'r.cluster_id')],
        whole => `select r.cluster_id as "clusterId", r.cidr::text, r.source from cluster_range r
      where r.cluster_id = any($1::int[]) and ${whole} order by r.cluster_id, r.source <> 'DECLARED', r.cidr, r.source`,
      ),
    ),
  showRanges: async (clusterId, ranges) => {
    if (ranges.length === 0) return 0;
    const { from, values } = unnest(
      ranges,
      'r',
      { cidr: ['cidr', row => row.cidr], source: ['text', row => row.source] },
      2,
    );
    const row = await STATEMENTS.show.row(
      manager,
      `with written as (insert into cluster_range (cluster_id, cidr, source)
        select distinct $1::int, r.cidr, r.source from ${from} on conflict do nothing returning 1)
      select count(*)::int as count from written`,
      [clusterId, ...values],
    );
    return row.count;
  },
  declareRanges: async (clusterId, cidrs) => {
    await manager.query(
      `/* clusterRanges.forget */ delete from cluster_range where cluster_id = $1 and source = '${RangeSource.DECLARED}'`,
      [clusterId],
    );
    await manager.query(
      `/* clusterRanges.declare */ insert into cluster_range (cluster_id, cidr, source)
      select distinct $1::int, c.cidr, '${RangeSource.DECLARED}' from unnest($2::cidr[]) c (cidr)`,
      [clusterId, cidrs],
    );
  },
});
