import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../access/caller.js';
import { neverNullHere, statement, uuid } from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import { COUNTED } from '../query/page.js';
import { type AbsenceStore, absenceStore } from './absence.store.js';
import { type AddressBookStore, addressBookStore } from './address-book.store.js';
import { type ClusterRangeStore, clusterRangeStore } from './cluster-range.store.js';
import { type DeclarationStore, declarationStore } from './declaration.store.js';
import { type LabelSetStore, labelSetStore } from './label-set.store.js';
import { type RecognitionStore, recognitionStore } from './recognition.store.js';
import { type RevisionStore, revisionStore, type Taken } from './revision.store.js';
import { type ServiceRevisionStore, serviceRevisionStore } from './service-revision.store.js';
import type { SnapshotNamespace, SnapshotNode, SnapshotService } from './snapshot.js';
import type { SnapshotDeployment, SnapshotPod } from './workloads.js';

/** A peer that a snapshot names though it turned out to be another one before. */
type Alias = { readonly id: string; readonly aliasOf: string };

/** What an import writes; rows are counted when they are new or changed. */
export type SnapshotStore = RevisionStore &
  ServiceRevisionStore &
  AddressBookStore &
  AbsenceStore &
  RecognitionStore &
  LabelSetStore &
  DeclarationStore &
  Pick<ClusterRangeStore, 'showRanges'> & {
    showNamespaces(
      clusterId: number,
      at: string,
      shown: readonly SnapshotNamespace[],
      implied: readonly SnapshotNamespace[],
    ): Promise<number>;
    showDeployments(
      clusterId: number,
      at: string,
      deployments: readonly SnapshotDeployment[],
    ): Promise<number>;
    /** Tells the planner how large the tables have become. */
    analyze(): Promise<void>;
    aliasesAmong(clusterId: number, ids: readonly string[]): Promise<readonly Alias[]>;
    /** Nodes, pods and Services have no revisions: only the newest snapshot changes those that are stored. */
    showNodes(snapshot: Taken, nodes: readonly SnapshotNode[]): Promise<number>;
    showPods(snapshot: Taken, pods: readonly SnapshotPod[]): Promise<number>;
    showServices(snapshot: Taken, services: readonly SnapshotService[]): Promise<number>;
  };

/** What ended before the snapshot runs again; what ended after it stays ended. */
const revived = (table: string): string =>
  `case when ${table}.ended_at <= $2::timestamptz then null else ${table}.ended_at end`;

const counted = (written: string): string =>
  `with written as (${written} returning 1) select count(*)::int as count from written`;

const STATEMENTS = {
  showNamespaces: statement('snapshots.showNamespaces', COUNTED),
  showDeployments: statement('snapshots.showDeployments', COUNTED),
  showNodes: statement('snapshots.showNodes', COUNTED),
  showPods: statement('snapshots.showPods', COUNTED),
  showServices: statement('snapshots.showServices', COUNTED),
  aliasesAmong: statement<Alias>('snapshots.aliasesAmong', {
    id: uuid,
    aliasOf: neverNullHere(uuid),
  }),
} as const;

const namespaces = (from: string): string =>
  counted(
    `insert into namespace as stored (cluster_id, id, name, labels, inferred)
    select $1, n.id, n.name, n.labels, n.inferred from ${from} order by n.id
    on conflict (cluster_id, id) do update set inferred = stored.inferred and excluded.inferred,
      ended_at = ${revived('stored')}
    where stored.inferred and not excluded.inferred or stored.ended_at <= $2::timestamptz`,
  );

/** A real object ends a former alias: what was taken for another one has come to be. */
const deployments = (from: string): string =>
  counted(
    `insert into peer as stored (cluster_id, id, kind, natural_key, name, namespace, workload_kind, labels, ports,
      host_network, inferred, first_seen_at)
    select $1, d.id, 'DEPLOYMENT', d.natural_key, d.name, d.namespace, d.workload_kind, d.labels, d.ports,
      d.host_network, d.inferred, coalesce(d.since, $2::timestamptz)
    from ${from} order by d.id
    on conflict (cluster_id, id) do update set inferred = stored.inferred and excluded.inferred,
      alias_of = case when excluded.inferred then stored.alias_of end,
      first_seen_at = least(stored.first_seen_at, excluded.first_seen_at),
      ended_at = ${revived('stored')}
    where stored.inferred and not excluded.inferred
      or not excluded.inferred and stored.alias_of is not null
      or stored.first_seen_at > excluded.first_seen_at
      or stored.ended_at <= $2::timestamptz`,
  );

const nodes = (from: string): string =>
  counted(
    `insert into peer as stored (cluster_id, id, kind, natural_key, name, labels, inferred, first_seen_at)
    select $1, n.id, 'NODE', n.name, n.name, n.labels, false, coalesce(n.since, $2::timestamptz)
    from ${from} order by n.id
    on conflict (cluster_id, id) do update set inferred = false, alias_of = null, labels = excluded.labels,
      first_seen_at = least(stored.first_seen_at, excluded.first_seen_at),
      ended_at = null
    where $3 and (stored.inferred or stored.labels is distinct from excluded.labels
      or stored.first_seen_at > excluded.first_seen_at or stored.ended_at is not null)`,
  );

/** The same pod ends once; one of the same name that started at another time is another one. */
const POD_ENDED = `case when stored.started_at is not distinct from excluded.started_at
    and excluded.ended_at is not null then least(stored.ended_at, excluded.ended_at) else excluded.ended_at end`;

/** Labels of a running pod that are others now became so when that was seen. */
const POD_LABELLED = `case when stored.started_at is distinct from excluded.started_at then excluded.labelled_at
    when stored.label_set_id is not distinct from excluded.label_set_id then stored.labelled_at
    when stored.label_set_id is null then excluded.labelled_at else $2::timestamptz end`;

const pods = (from: string): string =>
  counted(
    `insert into pod as stored (cluster_id, id, namespace, name, deployment_id, node, host_network, started_at, ended_at,
      label_set_id, labelled_at, host_ports)
    select $1, p.id, p.namespace, p.name, p.deployment_id, p.node, p.host_network, p.started_at,
      case when p.ended then coalesce(p.finished_at, $2::timestamptz) end, p.label_set_id,
      coalesce(p.started_at, $2::timestamptz), p.host_ports
    from ${from} order by p.id
    on conflict (cluster_id, id) do update set deployment_id = excluded.deployment_id, node = excluded.node,
      host_network = excluded.host_network, started_at = excluded.started_at, ended_at = ${POD_ENDED},
      label_set_id = excluded.label_set_id, labelled_at = ${POD_LABELLED}, host_ports = excluded.host_ports
    where $3 and (stored.deployment_id, stored.node, stored.host_network, stored.started_at, stored.label_set_id,
        stored.host_ports, stored.ended_at)
      is distinct from (excluded.deployment_id, excluded.node, excluded.host_network, excluded.started_at,
        excluded.label_set_id, excluded.host_ports, ${POD_ENDED})`,
  );

const services = (from: string): string =>
  counted(
    `insert into service as stored (cluster_id, id, namespace, name, type, cluster_ips, external_ips, ports, selector,
      external_name, hostnames, content_hash, valid_from)
    select $1, s.id, s.namespace, s.name, s.type, s.cluster_ips, s.external_ips, s.ports, s.selector,
      s.external_name, s.hostnames, s.content_hash, coalesce(s.since, $2::timestamptz)
    from ${from} order by s.id
    on conflict (cluster_id, id) do update set type = excluded.type, cluster_ips = excluded.cluster_ips,
      external_ips = excluded.external_ips, ports = excluded.ports, selector = excluded.selector,
      external_name = excluded.external_name, hostnames = excluded.hostnames, content_hash = excluded.content_hash, ended_at = null
    where $3 and (stored.content_hash <> excluded.content_hash or stored.ended_at is not null)`,
  );

const showNamespaces =
  (manager: EntityManager): SnapshotStore['showNamespaces'] =>
  async (clusterId, at, shown, implied) => {
    const names = new Set(shown.map(({ name }) => name));
    const rows = [
      ...shown.map(row => ({ ...row, inferred: false })),
      ...implied.filter(({ name }) => !names.has(name)).map(row => ({ ...row, inferred: true })),
    ];
    const { from, values } = unnest(
      rows,
      'n',
      {
        id: ['uuid', row => row.id],
        name: ['text', row => row.name],
        labels: ['jsonb', row => JSON.stringify(row.labels)],
        inferred: ['boolean', row => row.inferred],
      },
      3,
    );
    const parameters = [clusterId, at, ...values];
    return (await STATEMENTS.showNamespaces.row(manager, namespaces(from), parameters)).count;
  };

const showDeployments =
  (manager: EntityManager): SnapshotStore['showDeployments'] =>
  async (clusterId, at, rows) => {
    const { from, values } = unnest(
      rows,
      'd',
      {
        id: ['uuid', row => row.id],
        natural_key: ['text', row => row.naturalKey],
        name: ['text', row => row.name],
        namespace: ['text', row => row.namespace],
        workload_kind: ['text', row => row.workloadKind],
        labels: ['jsonb', row => JSON.stringify(row.labels)],
        ports: ['jsonb', row => JSON.stringify(row.ports)],
        host_network: ['boolean', row => row.hostNetwork],
        inferred: ['boolean', row => row.inferred],
        since: ['timestamptz', row => row.since],
      },
      3,
    );
    const parameters = [clusterId, at, ...values];
    return (await STATEMENTS.showDeployments.row(manager, deployments(from), parameters)).count;
  };

const showNodes =
  (manager: EntityManager): SnapshotStore['showNodes'] =>
  async ({ clusterId, at, newest }, rows) => {
    const { from, values } = unnest(
      rows,
      'n',
      {
        id: ['uuid', row => row.id],
        name: ['text', row => row.name],
        labels: ['jsonb', row => JSON.stringify(row.labels)],
        since: ['timestamptz', row => row.since],
      },
      4,
    );
    const parameters = [clusterId, at, newest, ...values];
    return (await STATEMENTS.showNodes.row(manager, nodes(from), parameters)).count;
  };

const showPods =
  (manager: EntityManager): SnapshotStore['showPods'] =>
  async ({ clusterId, at, newest }, rows) => {
    const { from, values } = unnest(
      rows,
      'p',
      {
        id: ['uuid', row => row.id],
        namespace: ['text', row => row.namespace],
        name: ['text', row => row.name],
        deployment_id: ['uuid', row => row.deploymentId],
        node: ['text', row => row.node],
        host_network: ['boolean', row => row.hostNetwork],
        started_at: ['timestamptz', row => row.startedAt],
        ended: ['boolean', row => row.ended],
        finished_at: ['timestamptz', row => row.finishedAt],
        label_set_id: ['uuid', row => row.labelSetId],
        host_ports: [
          'jsonb',
          row => (row.hostPorts.length === 0 ? null : JSON.stringify(row.hostPorts)),
        ],
      },
      4,
    );
    const parameters = [clusterId, at, newest, ...values];
    return (await STATEMENTS.showPods.row(manager, pods(from), parameters)).count;
  };

const showServices =
  (manager: EntityManager): SnapshotStore['showServices'] =>
  async ({ clusterId, at, newest }, rows) => {
    const { from, values } = unnest(
      rows,
      's',
      {
        id: ['uuid', row => row.id],
        namespace: ['text', row => row.namespace],
        name: ['text', row => row.name],
        type: ['text', row => row.type],
        cluster_ips: ['jsonb', row => JSON.stringify(row.clusterIps)],
        external_ips: ['jsonb', row => JSON.stringify(row.externalIps)],
        ports: ['jsonb', row => JSON.stringify(row.ports)],
        selector: ['jsonb', row => row.selector && JSON.stringify(row.selector)],
        external_name: ['text', row => row.externalName ?? null],
        hostnames: ['jsonb', row => row.hostnames && JSON.stringify(row.hostnames)],
        content_hash: ['text', row => row.contentHash],
        since: ['timestamptz', row => row.since],
      },
      4,
    );
    const parameters = [clusterId, at, newest, ...values];
    return (await STATEMENTS.showServices.row(manager, services(from), parameters)).count;
  };

export const snapshotStore = (manager: EntityManager): SnapshotStore => ({
  ...revisionStore(manager),
  ...serviceRevisionStore(manager),
  ...addressBookStore(manager),
  ...absenceStore(manager),
  ...recognitionStore(manager),
  ...labelSetStore(manager),
  ...declarationStore(manager),
  showRanges: clusterRangeStore(manager, LOCAL_CALLER).showRanges,
  showNamespaces: showNamespaces(manager),
  showDeployments: showDeployments(manager),
  analyze: async () => {
    await manager.query(`/* snapshots.analyze */
      analyze namespace, peer, namespace_revision, deployment_revision, pod, label_set, deployment_label_set, address_book, service`);
  },
  aliasesAmong: (clusterId, ids) =>
    STATEMENTS.aliasesAmong.rows(
      manager,
      `select id, alias_of as "aliasOf" from peer
      where cluster_id = ${CLUSTER} and id = any($2::uuid[]) and alias_of is not null`,
      [clusterId, ids],
    ),
  showNodes: showNodes(manager),
  showPods: showPods(manager),
  showServices: showServices(manager),
});
