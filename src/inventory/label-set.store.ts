import type { EntityManager } from 'typeorm';
import { bool, int4, jsonb, statement, uuid } from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import { COUNTED } from '../query/page.js';
import type { Labels } from './labels.js';
import type { DeclaredPort } from './peer.js';
import type { Taken } from './revision.store.js';
import type { SnapshotPod } from './workloads.js';

/** What the label sets of an import's pods become. */
export type LabelSetStore = {
  /** Keeps what pods of a snapshot carry; pods refer to it. */
  showLabelSets(clusterId: number, pods: readonly SnapshotPod[]): Promise<void>;
  /**
   * Opens and closes the sets of deployments by the pods that have not ended. A set begins with the first of its pods,
   * or when a pod that was there before was seen to have become another; it ends with the last of its pods, or when
   * others took their place.
   * @returns how many began or ended
   */
  settleLabelSets(snapshot: Taken): Promise<number>;
  /**
   * What deployments had until some moment (ISO text) and no longer goes, and sets that neither a deployment nor a pod
   * since then has. Wants a transaction that holds back imports (`clusters.lockImports`).
   * @returns how many of the deployments' went
   */
  forgetLabelSets(clusterId: number, before: string): Promise<number>;
};

const FORGOTTEN = statement('snapshots.forgetLabelSets', COUNTED);

const FORGET = `with gone as (
    delete from deployment_label_set where cluster_id = ${CLUSTER} and valid_to < $2::timestamptz returning 1)
  select count(*)::int as count from gone`;

const FORGET_UNUSED = `/* snapshots.forgetUnusedSets */
  delete from label_set l where l.cluster_id = ${CLUSTER}
    and not exists (select from deployment_label_set d where d.cluster_id = ${CLUSTER} and d.label_set_id = l.id)
    and not exists (select from pod p where p.cluster_id = ${CLUSTER} and p.label_set_id = l.id
      and (p.ended_at is null or p.ended_at >= $2::timestamptz))`;

const SETTLED = statement('snapshots.settleLabelSets', COUNTED);

const SETTLE = `
  with live as (
    select deployment_id, label_set_id, coalesce(min(labelled_at), $2::timestamptz) as since from pod
    where cluster_id = ${CLUSTER} and ended_at is null and label_set_id is not null
    group by deployment_id, label_set_id
  ), closed as (
    update deployment_label_set d set valid_to = greatest(d.valid_from, coalesce(
      (select max(p.ended_at) from pod p where p.cluster_id = ${CLUSTER} and p.deployment_id = d.deployment_id
        and p.label_set_id = d.label_set_id),
      (select min(l.since) from live l where l.deployment_id = d.deployment_id and l.since > d.valid_from),
      $2::timestamptz))
    where d.cluster_id = ${CLUSTER} and d.valid_to is null and not exists (select from live l
      where l.deployment_id = d.deployment_id and l.label_set_id = d.label_set_id)
      and (d.told_until is null or exists (select from live l where l.deployment_id = d.deployment_id))
    returning 1
  ), opened as (
    insert into deployment_label_set as stored (cluster_id, deployment_id, label_set_id, valid_from)
    select $1, l.deployment_id, l.label_set_id, l.since from live l
    where not exists (select from deployment_label_set d where d.cluster_id = ${CLUSTER} and d.deployment_id = l.deployment_id
      and d.label_set_id = l.label_set_id and d.valid_to is null)
    order by l.deployment_id, l.label_set_id
    on conflict (cluster_id, deployment_id, label_set_id, valid_from) do update set valid_to = null, told_until = null
    returning 1
  ) select ((select count(*) from closed) + (select count(*) from opened))::int as count`;

export const labelSetStore = (manager: EntityManager): LabelSetStore => ({
  showLabelSets: async (clusterId, pods) => {
    const distinct = new Map(pods.map(pod => [pod.labelSetId, pod]));
    const { from, values } = unnest(
      [...distinct.values()].toSorted((one, other) => (one.labelSetId < other.labelSetId ? -1 : 1)),
      's',
      {
        id: ['uuid', row => row.labelSetId],
        labels: ['jsonb', row => JSON.stringify(row.labels)],
        ports: ['jsonb', row => JSON.stringify(row.ports)],
        host_network: ['boolean', row => row.hostNetwork],
      },
      2,
    );
    await manager.query(
      `/* snapshots.showLabelSets */ insert into label_set (cluster_id, id, labels, ports, host_network)
      select $1, s.id, s.labels, s.ports, s.host_network from ${from} on conflict do nothing`,
      [clusterId, ...values],
    );
  },
  settleLabelSets: async ({ clusterId, at, newest }) =>
    newest ? (await SETTLED.row(manager, SETTLE, [clusterId, at])).count : 0,
  forgetLabelSets: async (clusterId, before) => {
    const { count } = await FORGOTTEN.row(manager, FORGET, [clusterId, before]);
    await manager.query(FORGET_UNUSED, [clusterId, before]);
    return count;
  },
});

/** The columns of a deployment's label set. */
export const LABEL_SET = {
  deploymentId: uuid,
  id: uuid,
  labels: jsonb<Labels>(),
  ports: jsonb<readonly DeclaredPort[]>(),
  hostNetwork: bool,
  pods: int4,
} as const;
