import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { maskedPeersOfLists, withItems } from '../access/masked.js';
import { inClusters, visible, visibleNamespace } from '../access/visible.js';
import { int4, nullable, oneOf, statement, text, uuid } from '../database/row.js';
import { type Condition, condition, joined, sql, value } from '../query/condition.js';
import { clusterNamed, escaped } from '../query/filter.js';

export const SearchKind = {
  DEPLOYMENT: 'DEPLOYMENT',
  NAMESPACE: 'NAMESPACE',
  POLICY: 'POLICY',
  EXTERNAL: 'EXTERNAL',
  NODE: 'NODE',
} as const;
export type SearchKind = (typeof SearchKind)[keyof typeof SearchKind];

/** Something whose name holds what was searched for. */
export type SearchHit = {
  readonly clusterId: number;
  readonly id: string;
  readonly kind: SearchKind;
  readonly namespace: string | null;
  readonly name: string;
};

export type Search = {
  readonly text: string;
  /** Name of a cluster; null: all. */
  readonly cluster: string | null;
  readonly kinds: readonly SearchKind[];
  /** So many of each kind. */
  readonly most: number;
};

export type SearchStore = {
  /** What has not ended; of each kind names that begin with the text first, then the shorter ones. */
  search(asked: Search): Promise<readonly SearchHit[]>;
};

const SEARCH = statement<SearchHit>('search.search', {
  clusterId: int4,
  id: uuid,
  kind: oneOf(SearchKind),
  namespace: nullable(text),
  name: text,
});

type Part = { readonly columns: string; readonly from: string; readonly rows: Condition };

const peers = (kind: 'DEPLOYMENT' | 'EXTERNAL' | 'NODE', caller: Caller): Part => ({
  columns: 'x.namespace',
  from: 'peer',
  rows: sql`x.kind = ${value('text', kind)} and x.alias_of is null and ${inClusters(caller, 'x.cluster_id')}`,
});

const partOf = (kind: SearchKind, caller: Caller): Part => {
  switch (kind) {
    case 'NAMESPACE':
      return { columns: 'null::text', from: 'namespace', rows: visibleNamespace(caller, 'x') };
    case 'POLICY': {
      const columns = { clusterId: 'x.cluster_id', namespace: 'x.namespace' };
      return { columns: 'x.namespace', from: 'policy', rows: visible(caller, columns) };
    }
    default:
      return peers(kind, caller);
  }
};

/** The text stands in the order as well, so that the best of many are found. */
const found = (caller: Caller, { text: asked, cluster, most }: Search, kind: SearchKind) => {
  const { columns, from, rows } = partOf(kind, caller);
  const named =
    cluster === null ? condition('true') : clusterNamed('x.cluster_id', { eq: cluster });
  const begins = sql`x.name ilike ${value('text', `${escaped(asked)}%`)}`;
  return sql`(select x.cluster_id as "clusterId", x.id, ${value('text', kind)} as kind, ${columns} as namespace, x.name
    from ${from} x where x.name ilike ${value('text', `%${escaped(asked)}%`)} and x.ended_at is null
      and ${rows} and ${named}
    order by ${begins} desc, length(x.name), x.name, x.cluster_id, x.id limit ${String(Math.trunc(most))})`;
};

export const searchStore = (manager: EntityManager, caller: Caller): SearchStore => ({
  search: async asked => {
    if (asked.kinds.length === 0) return [];
    const parts = asked.kinds.map(kind => found(caller, asked, kind));
    return SEARCH.ask(manager, withItems(maskedPeersOfLists(caller), joined(parts, ' union all ')));
  },
});
