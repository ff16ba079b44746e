import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { int4, nullable, statement, text } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import type { ForeignPolicy } from '../inventory/snapshot.js';
import { type Condition, sql, value } from '../query/condition.js';

export type ForeignPolicyStore = {
  /** Those that act in clusters now and that the caller may see, at most a hundred of each, in the order of clusters, kinds and names. */
  inForce(clusterIds: readonly number[]): Promise<readonly (ForeignPolicy & InCluster)[]>;
  /** Those in namespaces and those of the whole cluster, at most a hundred of each namespace, in the order of kinds and names. */
  ofNamespaces(keys: readonly NamespaceOf[]): Promise<readonly (ForeignPolicy & NamespaceKey)[]>;
  /**
   * Those that a snapshot shows. With `ends` others of the kinds that it shows have ended.
   * @param at DateTime of the snapshot; an older one changes nothing of what a newer one showed
   */
  show(
    clusterId: number,
    shown: readonly ForeignPolicy[],
    at: string,
    ends: boolean,
  ): Promise<void>;
};

type InCluster = { readonly clusterId: number };

/** A namespace by its name. */
export type NamespaceOf = InCluster & { readonly namespace: string };

/** Of which namespace somebody asked. */
type NamespaceKey = InCluster & { readonly asked: string };

const IN_FORCE = statement<ForeignPolicy & InCluster>('foreignPolicies.inForce', {
  clusterId: int4,
  apiVersion: text,
  kind: text,
  namespace: nullable(text),
  name: text,
});

const OF_NAMESPACES = statement<ForeignPolicy & NamespaceKey>('foreignPolicies.ofNamespaces', {
  clusterId: int4,
  asked: text,
  apiVersion: text,
  kind: text,
  namespace: nullable(text),
  name: text,
});

/** More are not named: the first say enough. */
const MOST = 100;

const SHOWN = `unnest($2::text[], $3::text[], $4::text[], $5::text[]) s (kind, namespace, name, api_version)`;

const seenBy = (caller: Caller): Condition =>
  visible(caller, { clusterId: 'f.cluster_id', namespace: `nullif(f.namespace, '')` });

export const foreignPolicyStore = (manager: EntityManager, caller: Caller): ForeignPolicyStore => ({
  ofNamespaces: keys => {
    const clusters = keys.map(({ clusterId }) => clusterId);
    const names = keys.map(({ namespace }) => namespace);
    return OF_NAMESPACES.ask(
      manager,
      sql`select k.id as "clusterId", k.namespace as asked, p.api_version as "apiVersion", p.kind,
        nullif(p.namespace, '') as namespace, p.name
      from unnest(${value('int[]', clusters)}, ${value('text[]', names)}) k (id, namespace)
      cross join lateral (select * from foreign_policy f where f.cluster_id = k.id and f.ended_at is null
        and f.namespace in ('', k.namespace) and ${seenBy(caller)}
        order by kind, f.namespace, name limit ${String(MOST)}) p
      order by k.id, p.kind, p.namespace, p.name`,
    );
  },
  inForce: clusterIds => {
    const seen = seenBy(caller);
    const { sql: asked, values } = sql`
      select k.id as "clusterId", p.api_version as "apiVersion", p.kind, nullif(p.namespace, '') as namespace, p.name
      from unnest(${value('int[]', clusterIds)}) k (id)
      cross join lateral (select * from foreign_policy f where f.cluster_id = k.id and f.ended_at is null and ${seen}
        order by kind, namespace, name limit ${String(MOST)}) p
      order by k.id, p.kind, p.namespace, p.name`;
    return IN_FORCE.rows(manager, asked, values);
  },
  show: async (clusterId, shown, at, ends) => {
    if (shown.length === 0) return;
    const columns = [
      shown.map(({ kind }) => kind),
      shown.map(({ namespace }) => namespace ?? ''),
      shown.map(({ name }) => name),
      shown.map(({ apiVersion }) => apiVersion),
    ];
    await manager.query(
      `/* foreignPolicies.show */ insert into foreign_policy as f (cluster_id, kind, namespace, name, api_version, seen_at)
      select distinct on (s.kind, s.namespace, s.name) $1::int, s.kind, s.namespace, s.name, s.api_version, $6::timestamptz from ${SHOWN}
      order by s.kind, s.namespace, s.name
      on conflict (cluster_id, kind, namespace, name) do update
        set api_version = excluded.api_version, seen_at = excluded.seen_at, ended_at = null
        where f.seen_at <= excluded.seen_at and (f.ended_at is null or f.ended_at <= excluded.seen_at)`,
      [clusterId, ...columns, at],
    );
    if (!ends) return;
    await manager.query(
      `/* foreignPolicies.end */ update foreign_policy f set ended_at = $6::timestamptz
      where f.cluster_id = ${CLUSTER} and f.ended_at is null and f.seen_at <= $6::timestamptz and f.kind = any($2::text[])
        and not exists (select from ${SHOWN} where s.kind = f.kind and s.namespace = f.namespace and s.name = f.name
          and s.api_version is not null)`,
      [clusterId, ...columns, at],
    );
  },
});
