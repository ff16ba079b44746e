import type { EntityManager } from 'typeorm';
import { type Statement, statement, uuid } from '../database/row.js';
import { CLUSTER, type Unnested, unnest } from '../database/statement.js';
import { COUNTED } from '../query/page.js';
import type { SnapshotNamespace } from './snapshot.js';
import type { SnapshotDeployment } from './workloads.js';

/** Of which cluster a snapshot is, and when it was taken. */
export type Taken = {
  readonly clusterId: number;
  readonly at: string;
  /** No later one has been imported. */
  readonly newest: boolean;
};

export type RevisionStore = {
  /**
   * Writes what a snapshot taken at `at` shows of deployments that are stored, where it differs from what was known
   * of that time; a snapshot older than what is known fills the past.
   * @returns ids of those that have a new revision
   */
  reviseDeployments(
    snapshot: Taken,
    deployments: readonly SnapshotDeployment[],
  ): Promise<readonly string[]>;
  /** The same for namespaces and their labels. */
  reviseNamespaces(
    snapshot: Taken,
    namespaces: readonly SnapshotNamespace[],
  ): Promise<readonly string[]>;
};

export type Row = { readonly id: string };

export type Revised = {
  readonly past: Statement<{ readonly count: number }>;
  readonly revise: Statement<Row>;
  /** The table of revisions, its owner's column, and the columns of the content. */
  readonly table: string;
  readonly owner: string;
  readonly content: readonly string[];
  /** The table whose rows show the open revision. */
  readonly shownBy: string;
};

const listed = (columns: readonly string[], alias: string): string =>
  columns.map(column => `${alias}.${column}`).join(', ');

/** What the snapshot shows differs from revision `r`. A template that says less than running pods does not. */
const differs = (r: string, { content }: Revised): string =>
  content.includes('labels')
    ? `(${r}.content_hash <> seen.content_hash
    and not (${r}.source = 'POD' and seen.source = 'TEMPLATE' and ${r}.labels @> seen.labels))`
    : `${r}.content_hash <> seen.content_hash`;

/**
 * A revision is taken to have begun with its object, long before it was first seen. An older snapshot that shows
 * something else puts its beginning where it was seen.
 */
const yieldPast = (revised: Revised, seen: string): string => `
  with moved as (
    update ${revised.table} r set valid_from = r.observed_at from ${seen}
    where r.cluster_id = ${CLUSTER} and r.${revised.owner} = seen.id and r.valid_from <= $2::timestamptz
      and r.observed_at > $2::timestamptz and (r.valid_to is null or r.valid_to > r.observed_at)
      and ${differs('r', revised)}
    returning 1
  ) select count(*)::int as count from moved`;

/**
 * `seen` is what the snapshot shows, `$1` the cluster, `$2` its time. `before` is the revision that began last
 * until then, `after` the one that began first since. A new revision begins when its object was created, if that is
 * within what `before` leaves open, or else at the time of the snapshot.
 */
const revise = (revised: Revised, seen: string): string => {
  const { table, owner, content, shownBy } = revised;
  return `
  with placed as (
    select seen.*, before.valid_from as before_from, before.valid_to as before_to, after.valid_from as after_from,
      case when before.valid_to <= $2::timestamptz then before.valid_to else before.valid_from end as settled
    from ${seen}
    left join lateral (select * from ${table} r where r.cluster_id = ${CLUSTER} and r.${owner} = seen.id
      and r.valid_from <= $2::timestamptz order by r.valid_from desc limit 1) before on true
    left join lateral (select * from ${table} r where r.cluster_id = ${CLUSTER} and r.${owner} = seen.id
      and r.valid_from > $2::timestamptz order by r.valid_from limit 1) after on true
    where not coalesce((before.valid_to is null or before.valid_to > $2::timestamptz) and not ${differs('before', revised)}, false)
      and not (before.valid_from is null and coalesce(after.content_hash = seen.content_hash, false))
  ), fresh as (
    select *, case when since <= $2::timestamptz and (settled is null or since > settled)
      then since else $2::timestamptz end as starts
    from placed
  ), closed as (
    update ${table} r set valid_to = f.starts from fresh f
    where r.cluster_id = ${CLUSTER} and r.${owner} = f.id and r.valid_from = f.before_from and f.starts > r.valid_from
      and (r.valid_to is null or r.valid_to > f.starts)
  ), written as (
  insert into ${table} (cluster_id, ${owner}, valid_from, valid_to, ${content.join(', ')}, content_hash, source, observed_at)
  select $1, f.id, f.starts, case when f.before_to > $2::timestamptz then f.before_to else f.after_from end,
    ${listed(content, 'f')}, f.content_hash, f.source, $2::timestamptz
  from fresh f order by f.id
  on conflict (cluster_id, ${owner}, valid_from) do update set valid_to = excluded.valid_to,
    ${content.map(column => `${column} = excluded.${column}`).join(', ')},
    content_hash = excluded.content_hash, source = excluded.source, observed_at = excluded.observed_at
  returning ${owner} as id, valid_to, ${content.join(', ')}
  ), shown as (
    update ${shownBy} p set ${content.map(column => `${column} = w.${column}`).join(', ')} from written w
    where p.cluster_id = ${CLUSTER} and p.id = w.id and w.valid_to is null
      and (${listed(content, 'p')}) is distinct from (${listed(content, 'w')})
  )
  select id from written`;
};

const DEPLOYMENTS: Revised = {
  past: statement('snapshots.reviseDeploymentsPast', COUNTED),
  revise: statement<Row>('snapshots.reviseDeployments', { id: uuid }),
  table: 'deployment_revision',
  owner: 'deployment_id',
  shownBy: 'peer',
  content: ['labels', 'ports', 'host_network'],
};

const NAMESPACES: Revised = {
  past: statement('snapshots.reviseNamespacesPast', COUNTED),
  revise: statement<Row>('snapshots.reviseNamespaces', { id: uuid }),
  table: 'namespace_revision',
  owner: 'namespace_id',
  shownBy: 'namespace',
  content: ['labels'],
};

const ids = (rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id);

/** @returns ids of those that have a new revision */
export async function writeRevisions(
  manager: EntityManager,
  revised: Revised,
  { clusterId, at, newest }: Taken,
  { from, values }: Unnested,
): Promise<readonly string[]> {
  const parameters = [clusterId, at, ...values];
  if (!newest) await revised.past.row(manager, yieldPast(revised, from), parameters);
  return ids(await revised.revise.rows(manager, revise(revised, from), parameters));
}

export const revisionStore = (manager: EntityManager): RevisionStore => ({
  reviseDeployments: async (snapshot, deployments) => {
    const { from, values } = unnest(
      deployments,
      'seen',
      {
        id: ['uuid', row => row.id],
        since: ['timestamptz', row => row.since],
        labels: ['jsonb', row => JSON.stringify(row.labels)],
        ports: ['jsonb', row => JSON.stringify(row.ports)],
        host_network: ['boolean', row => row.hostNetwork],
        content_hash: ['text', row => row.contentHash],
        source: ['text', row => row.source],
      },
      3,
    );
    return writeRevisions(manager, DEPLOYMENTS, snapshot, { from, values });
  },
  reviseNamespaces: async (snapshot, namespaces) => {
    const { from, values } = unnest(
      namespaces,
      'seen',
      {
        id: ['uuid', row => row.id],
        since: ['timestamptz', row => row.since],
        labels: ['jsonb', row => JSON.stringify(row.labels)],
        content_hash: ['text', row => row.contentHash],
        source: ['text', () => 'TEMPLATE'],
      },
      3,
    );
    return writeRevisions(manager, NAMESPACES, snapshot, { from, values });
  },
});
