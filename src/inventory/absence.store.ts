import type { EntityManager } from 'typeorm';
import { type Statement, statement } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { COUNTED } from '../query/page.js';

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
    where b.cluster_id = ${CLUSTER} and b.holder = '${holder}' and b.holder_name = ${name} and b.valid_to is null`;

const closeRevisions = (table: string, owner: string): string => `update ${table} r
    set valid_to = $2::timestamptz from ended e
    where r.cluster_id = ${CLUSTER} and r.${owner} = e.id and r.valid_to is null and r.valid_from < $2::timestamptz`;

const PODS = `
  with ended as (
    update pod set ended_at = $2::timestamptz
    where cluster_id = ${CLUSTER} and ended_at is null and coalesce(started_at < $2::timestamptz, true) and ${absent('pod')}
    returning namespace, name
  ), released as (${release('POD', `e.namespace || '/' || e.name`)})
  select count(*)::int as count from ended`;

const SERVICES = `
  with ended as (
    update service set ended_at = $2::timestamptz
    where cluster_id = ${CLUSTER} and ended_at is null and valid_from < $2::timestamptz and ${absent('service')}
    returning id, namespace, name
  ), released as (${release('SERVICE', `e.namespace || '/' || e.name`)}),
  closed as (${closeRevisions('service_revision', 'service_id')})
  select count(*)::int as count from ended`;

const NODES = `
  with ended as (
    update peer set ended_at = $2::timestamptz
    where cluster_id = ${CLUSTER} and kind = 'NODE' and alias_of is null and ended_at is null
      and first_seen_at < $2::timestamptz and ${absent('peer')}
    returning name
  ), released as (${release('NODE', 'e.name')}), tunnels as (${release('TUNNEL', 'e.name')}),
  gateways as (${release('GATEWAY', 'e.name')})
  select count(*)::int as count from ended`;

const NAMESPACES = `
  with ended as (
    update namespace set ended_at = $2::timestamptz
    where cluster_id = ${CLUSTER} and ended_at is null and ${absent('namespace')}
      and not exists (select from namespace_revision r where r.cluster_id = namespace.cluster_id
        and r.namespace_id = namespace.id and r.valid_from >= $2::timestamptz)
    returning id
  ), closed as (${closeRevisions('namespace_revision', 'namespace_id')})
  select count(*)::int as count from ended`;

const DEPLOYMENTS = `
  with ended as (
    update peer set ended_at = $2::timestamptz
    where cluster_id = ${CLUSTER} and kind = 'DEPLOYMENT' and alias_of is null and ended_at is null
      and workload_kind = any($4::text[]) and first_seen_at < $2::timestamptz and ${absent('peer')}
    returning id
  ), closed as (${closeRevisions('deployment_revision', 'deployment_id')})
  select count(*)::int as count from ended`;

type Counted = { readonly count: number };

const STATEMENTS = {
  pods: statement('snapshots.endPods', COUNTED),
  services: statement('snapshots.endServices', COUNTED),
  nodes: statement('snapshots.endNodes', COUNTED),
  namespaces: statement('snapshots.endNamespaces', COUNTED),
  deployments: statement('snapshots.endDeployments', COUNTED),
} as const;

export const absenceStore = (manager: EntityManager): AbsenceStore => {
  const end =
    (ending: Statement<Counted>, text: string) =>
    async (clusterId: number, at: string, shown: readonly string[]): Promise<number> =>
      (await ending.row(manager, text, [clusterId, at, shown])).count;
  return {
    endPods: end(STATEMENTS.pods, PODS),
    endServices: end(STATEMENTS.services, SERVICES),
    endNodes: end(STATEMENTS.nodes, NODES),
    endNamespaces: end(STATEMENTS.namespaces, NAMESPACES),
    endDeployments: async (clusterId, at, { kinds, shown }) => {
      const values = [clusterId, at, shown, kinds];
      return (await STATEMENTS.deployments.row(manager, DEPLOYMENTS, values)).count;
    },
  };
};
