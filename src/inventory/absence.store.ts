import type { EntityManager } from 'typeorm';

/** What ends at `at` because a snapshot of that time does not show it; what began later is not touched. */
export type AbsenceStore = {
  /** Each answers how many ended. `shown`: ids of those that go on. */
  endPods(clusterId: number, at: string, shown: readonly string[]): Promise<number>;
  endServices(clusterId: number, at: string, shown: readonly string[]): Promise<number>;
  endNodes(clusterId: number, at: string, shown: readonly string[]): Promise<number>;
  endNamespaces(clusterId: number, at: string, shown: readonly string[]): Promise<number>;
  /** @param absence `kinds`: only deployments of these kinds */
  endDeployments(
    clusterId: number,
    at: string,
    absence: { readonly kinds: readonly string[]; readonly shown: readonly string[] },
  ): Promise<number>;
};

const absent = (alias: string): string =>
  `not exists (select from unnest($3::uuid[]) s (id) where s.id = ${alias}.id)`;

const release = (holder: string, name: string): string => `update address_book b
    set valid_to = greatest(b.valid_from, $2::timestamptz) from ended e
    where b.cluster_id = $1 and b.holder = '${holder}' and b.holder_name = ${name} and b.valid_to is null`;

const closeRevisions = (table: string, owner: string): string => `update ${table} r
    set valid_to = $2::timestamptz from ended e
    where r.cluster_id = $1 and r.${owner} = e.id and r.valid_to is null and r.valid_from < $2::timestamptz`;

const PODS = `/* snapshots.endPods */
  with ended as (
    update pod set ended_at = $2::timestamptz
    where cluster_id = $1 and ended_at is null and coalesce(started_at < $2::timestamptz, true) and ${absent('pod')}
    returning namespace, name
  ), released as (${release('POD', `e.namespace || '/' || e.name`)})
  select count(*)::int as count from ended`;

const SERVICES = `/* snapshots.endServices */
  with ended as (
    update service set ended_at = $2::timestamptz
    where cluster_id = $1 and ended_at is null and valid_from < $2::timestamptz and ${absent('service')}
    returning namespace, name
  ), released as (${release('SERVICE', `e.namespace || '/' || e.name`)})
  select count(*)::int as count from ended`;

const NODES = `/* snapshots.endNodes */
  with ended as (
    update peer set ended_at = $2::timestamptz
    where cluster_id = $1 and kind = 'NODE' and alias_of is null and ended_at is null
      and first_seen_at < $2::timestamptz and ${absent('peer')}
    returning name
  ), released as (${release('NODE', 'e.name')})
  select count(*)::int as count from ended`;

const NAMESPACES = `/* snapshots.endNamespaces */
  with ended as (
    update namespace set ended_at = $2::timestamptz
    where cluster_id = $1 and ended_at is null and ${absent('namespace')}
      and not exists (select from namespace_revision r where r.cluster_id = namespace.cluster_id
        and r.namespace_id = namespace.id and r.valid_from >= $2::timestamptz)
    returning id
  ), closed as (${closeRevisions('namespace_revision', 'namespace_id')})
  select count(*)::int as count from ended`;

const DEPLOYMENTS = `/* snapshots.endDeployments */
  with ended as (
    update peer set ended_at = $2::timestamptz
    where cluster_id = $1 and kind = 'DEPLOYMENT' and alias_of is null and ended_at is null
      and workload_kind = any($4::text[]) and first_seen_at < $2::timestamptz and ${absent('peer')}
    returning id
  ), closed as (${closeRevisions('deployment_revision', 'deployment_id')})
  select count(*)::int as count from ended`;

type Counted = readonly { readonly count: number }[];
const countOf = ([row]: Counted): number => row?.count ?? 0;

export const absenceStore = (manager: EntityManager): AbsenceStore => {
  const end =
    (statement: string) =>
    async (clusterId: number, at: string, shown: readonly string[]): Promise<number> =>
      countOf(await manager.query(statement, [clusterId, at, shown]));
  return {
    endPods: end(PODS),
    endServices: end(SERVICES),
    endNodes: end(NODES),
    endNamespaces: end(NAMESPACES),
    endDeployments: async (clusterId, at, { kinds, shown }) =>
      countOf(await manager.query(DEPLOYMENTS, [clusterId, at, shown, kinds])),
  };
};
