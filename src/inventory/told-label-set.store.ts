import type { EntityManager } from 'typeorm';
import { statement, uuid } from '../database/row.js';
import { CLUSTER, unnest } from '../database/statement.js';
import { labelSetId } from './label-set.js';
import type { Labels } from './labels.js';
import { versionStore } from './versions.store.js';

/** What flows told that pods of a deployment carry. */
export type ToldLabels = {
  readonly deploymentId: string;
  readonly labels: Labels;
  /** ISO text: when it was seen first, and the hour in which it was seen last. */
  readonly firstSeenAt: string;
  readonly lastHour: string;
};

export type ToldLabelSetStore = {
  /**
   * Keeps the label sets that flows tell of deployments that no snapshot has shown. A set goes on as long as it was seen
   * within a day of what was seen last of its deployment, in whichever order records come; the labels of the deployment
   * are those that all of these share. Holds the cluster's row until the transaction ends.
   * @returns ids of the deployments whose sets are others now, for which it makes new versions
   */
  tellLabelSets(clusterId: number, told: readonly ToldLabels[]): Promise<readonly string[]>;
};

const SETTLED = statement<{ readonly id: string }>('peers.settleToldSets', { id: uuid });

const NOT_PORTS = { ports: [], hostNetwork: false } as const;

const WRITE = (told: string): string => `/* peers.tellLabelSets */
  with told as (
    select t.* from ${told} join peer p on p.cluster_id = ${CLUSTER} and p.id = t.deployment_id
    where p.inferred and p.alias_of is null and not exists (select from deployment_revision r
      where r.cluster_id = p.cluster_id and r.deployment_id = p.id)
  ), sets as (
    insert into label_set (cluster_id, id, labels, ports, host_network)
    select distinct $1::int, t.label_set_id, t.labels, '[]'::jsonb, false from told t order by 2 on conflict do nothing
  ), known as (
    update deployment_label_set d set valid_from = least(d.valid_from, t.first_seen),
      told_until = greatest(d.told_until, t.last_hour)
    from told t where d.cluster_id = ${CLUSTER} and d.deployment_id = t.deployment_id and d.label_set_id = t.label_set_id
      and d.told_until is not null
    returning d.deployment_id, d.label_set_id
  )
  insert into deployment_label_set (cluster_id, deployment_id, label_set_id, valid_from, valid_to, told_until)
  select $1::int, t.deployment_id, t.label_set_id, t.first_seen, t.last_hour, t.last_hour from told t
  where (t.deployment_id, t.label_set_id) not in (select * from known)`;

/** One that is new is not open yet: opening it tells that it is. */
const SETTLE = `
  with due as (
    select d.deployment_id, d.label_set_id, d.valid_from, case when d.told_until
      < max(d.told_until) over (partition by d.deployment_id) - interval '24 hours' then d.told_until + interval '1 hour' end as until
    from deployment_label_set d where d.cluster_id = ${CLUSTER} and d.deployment_id = any($2::uuid[]) and d.told_until is not null
  ), settled as (
    update deployment_label_set d set valid_to = x.until from due x
    where d.cluster_id = ${CLUSTER} and d.deployment_id = x.deployment_id and d.label_set_id = x.label_set_id
      and d.valid_from = x.valid_from and d.valid_to is distinct from x.until
    returning d.deployment_id
  ), shared as (
    select o.deployment_id, coalesce(jsonb_object_agg(o.key, o.value) filter (where o.sets = o.among), '{}') as labels
    from (
      select s.deployment_id, e.key, e.value, count(*) as sets, s.among from (
        select x.deployment_id, l.labels, count(*) over (partition by x.deployment_id) as among
        from due x join label_set l on l.cluster_id = ${CLUSTER} and l.id = x.label_set_id where x.until is null
      ) s left join lateral jsonb_each(s.labels) e on true
      group by s.deployment_id, e.key, e.value, s.among
    ) o group by o.deployment_id
  ), labelled as (
    update peer p set labels = s.labels from shared s
    where p.cluster_id = ${CLUSTER} and p.id = s.deployment_id and p.labels is distinct from s.labels
    returning p.id
  )
  select deployment_id as id from settled union select id from labelled`;

export const toldLabelSetStore = (manager: EntityManager): ToldLabelSetStore => ({
  tellLabelSets: async (clusterId, told) => {
    const rows = told.map(one => ({
      ...one,
      labelSetId: labelSetId({ ...NOT_PORTS, labels: one.labels }),
    }));
    const { from, values } = unnest(
      rows,
      't',
      {
        deployment_id: ['uuid', row => row.deploymentId],
        label_set_id: ['uuid', row => row.labelSetId],
        labels: ['jsonb', row => JSON.stringify(row.labels)],
        first_seen: ['timestamptz', row => row.firstSeenAt],
        last_hour: ['timestamptz', row => row.lastHour],
      },
      2,
    );
    await manager.query(
      '/* peers.lockTold */ select from cluster where id = $1 for no key update',
      [clusterId],
    );
    await manager.query(WRITE(from), [clusterId, ...values]);
    const ids = [...new Set(told.map(({ deploymentId }) => deploymentId))];
    const settled = await SETTLED.rows(manager, SETTLE, [clusterId, ids]);
    if (settled.length === 0) return [];
    await versionStore(manager).factsChanged(clusterId);
    await versionStore(manager).verdictsDue(clusterId);
    return settled.map(({ id }) => id);
  },
});
