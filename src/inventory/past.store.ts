import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { inClusters } from '../access/visible.js';
import { bool, jsonb, neverNullHere, nullable, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { asking } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import type { LabelSetContent } from './label-set.js';
import type { Labels } from './labels.js';
import type { DeclaredPort } from './peer.js';

/** A deployment that was something else at some time. */
export type PastDeployment = {
  readonly id: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** DateTime; null: it is still there. */
  readonly endedAt: string | null;
};

/** What was known of a deployment from a moment (DateTime) until its next revision. */
export type PastRevision = LabelSetContent & {
  readonly deploymentId: string;
  readonly validFrom: string;
};

/** A label set of a deployment within an interval; `validTo` null: still. */
export type PastLabelSet = LabelSetContent & {
  readonly deploymentId: string;
  /** By flows; no pod with it was imported. */
  readonly told: boolean;
  readonly id: string;
  readonly validFrom: string;
  readonly validTo: string | null;
};

export type PastNamespace = {
  readonly name: string;
  readonly validFrom: string;
  readonly labels: Labels;
};

/** An end that is no deployment, and a moment (DateTime) at which what is known of it changed. */
export type PastEnd = { readonly peerId: string; readonly moment: string };

/** What differed from now in what is known of the ends of flows. `since` null: from the beginning. */
export type PastStore = {
  /** Those that ended, were labelled anew or lie in a namespace that was, after `since`; in the order of ids. */
  deployments(clusterId: number, since: string | null): Promise<readonly PastDeployment[]>;
  /** In the order of deployments and time. */
  revisions(clusterId: number, deployments: readonly string[]): Promise<readonly PastRevision[]>;
  /** In the order of deployments, time and sets. */
  labelSets(clusterId: number, deployments: readonly string[]): Promise<readonly PastLabelSet[]>;
  /** Of namespaces that were labelled anew; in the order of names and time. */
  namespaces(clusterId: number): Promise<readonly PastNamespace[]>;
  /**
   * Nodes whose addresses or node ports changed after `since`, and addresses outside that a pod, a node or a Service held;
   * in the order of peers and time.
   */
  ends(clusterId: number, since: string | null): Promise<readonly PastEnd[]>;
};

const CONTENT = {
  labels: jsonb<Labels>(),
  ports: jsonb<readonly DeclaredPort[]>(),
  hostNetwork: bool,
} as const;

const STATEMENTS = {
  deployments: statement<PastDeployment>('past.deployments', {
    id: uuid,
    namespace: neverNullHere(text),
    kind: neverNullHere(text),
    name: text,
    endedAt: nullable(text),
  }),
  revisions: statement<PastRevision>('past.revisions', {
    deploymentId: uuid,
    validFrom: text,
    ...CONTENT,
  }),
  labelSets: statement<PastLabelSet>('past.labelSets', {
    deploymentId: uuid,
    id: uuid,
    told: bool,
    validFrom: text,
    validTo: nullable(text),
    ...CONTENT,
  }),
  namespaces: statement<PastNamespace>('past.namespaces', {
    name: text,
    validFrom: text,
    labels: jsonb<Labels>(),
  }),
  ends: statement<PastEnd>('past.ends', { peerId: uuid, moment: text }),
} as const;

const AFTER = `coalesce($2::timestamptz, '-infinity')`;

/** The first revision also covers what was before it: it changes nothing, unless flows told labels before it. */
const AGAIN = (table: string, key: string): string => `
    select ${key} from ${table} where cluster_id = ${CLUSTER} group by ${key}
    having count(*) > 1 and max(valid_from) > ${AFTER}`;

const DEPLOYMENTS = (seen: string): string => `
  with relabelled as (${AGAIN('deployment_revision', 'deployment_id')}
    union select deployment_id from deployment_label_set d where d.cluster_id = ${CLUSTER}
      group by deployment_id having count(*) > 1 and greatest(max(valid_from), max(valid_to)) > ${AFTER}
    union select d.deployment_id from deployment_label_set d where d.cluster_id = ${CLUSTER} and d.told_until is not null
      and exists (select from deployment_revision r where r.cluster_id = ${CLUSTER} and r.deployment_id = d.deployment_id
        and r.valid_from > ${AFTER})
  ), around as (
    select n.name from namespace n join (${AGAIN('namespace_revision', 'namespace_id')}) r on r.namespace_id = n.id
    where n.cluster_id = ${CLUSTER})
  select p.id, p.namespace, p.workload_kind as kind, p.name, ${dateTimeText('p.ended_at')} as "endedAt"
  from peer p where p.cluster_id = ${CLUSTER} and p.kind = 'DEPLOYMENT' and p.alias_of is null and ${seen}
    and (p.ended_at > ${AFTER} or p.id in (select deployment_id from relabelled) or p.namespace in (select name from around))
  order by p.id`;

/** What a Service answered for, its own addresses and node ports; its first revision also covers what was before. */
const SERVED = `
    select nullif(r.valid_from, min(r.valid_from) over (partition by s.id)) as valid_from, r.valid_to,
      r.cluster_ips || r.external_ips as ips,
      jsonb_path_exists(r.ports, '$[*].nodePort ? (@ != null)') as "onNodes"
    from service s join service_revision r on r.cluster_id = s.cluster_id and r.service_id = s.id
    where s.cluster_id = ${CLUSTER}`;

const ENDS = (seen: string): string => `
  with served as (${SERVED}), held as (
    select b.address, b.peer_id, b.holder, b.valid_from, b.valid_to,
      min(b.valid_from) over (partition by b.peer_id) as first
    from address_book b where b.cluster_id = ${CLUSTER}
  ), moments as (
    select p.id, m.moment from peer p
      join held b on b.peer_id = p.id and b.holder in ('NODE', 'TUNNEL', 'GATEWAY')
      cross join lateral (values (nullif(b.valid_from, b.first)), (b.valid_to)) m (moment)
      where p.cluster_id = ${CLUSTER} and p.kind = 'NODE'
    union select p.id, p.ended_at from peer p where p.cluster_id = ${CLUSTER} and p.kind = 'NODE'
    union select p.id, m.moment from peer p
      join served s on s."onNodes" cross join lateral (values (s.valid_from), (s.valid_to)) m (moment)
      where p.cluster_id = ${CLUSTER} and p.kind = 'NODE'
    union select p.id, m.moment from peer p
      join held b on b.address = p.address
      cross join lateral (values (b.valid_from), (b.valid_to)) m (moment)
      where p.cluster_id = ${CLUSTER} and p.kind = 'EXTERNAL' and p.address is not null
    union select p.id, m.moment
      from (select valid_from, valid_to, jsonb_array_elements_text(ips) as ip from served offset 0) s
      join peer p on host(p.address) = s.ip
      cross join lateral (values (s.valid_from), (s.valid_to)) m (moment)
      where p.cluster_id = ${CLUSTER} and p.kind = 'EXTERNAL' and p.address is not null
  )
  select m.id as "peerId", ${dateTimeText('m.moment')} as moment
  from moments m join peer p on p.cluster_id = ${CLUSTER} and p.id = m.id
  where m.moment > ${AFTER} and ${seen} order by m.id, m.moment`;

export const pastStore = (manager: EntityManager, caller: Caller): PastStore => {
  const seen = inClusters(caller, 'p.cluster_id');
  return {
    deployments: (clusterId, since) =>
      STATEMENTS.deployments.ask(manager, asking([clusterId, since], [seen], DEPLOYMENTS)),
    revisions: (clusterId, deployments) =>
      STATEMENTS.revisions.rows(
        manager,
        `select r.deployment_id as "deploymentId", ${dateTimeText('r.valid_from')} as "validFrom", r.labels, r.ports,
          r.host_network as "hostNetwork"
        from deployment_revision r where r.cluster_id = ${CLUSTER} and r.deployment_id = any($2::uuid[])
        order by r.deployment_id, r.valid_from`,
        [clusterId, deployments],
      ),
    labelSets: (clusterId, deployments) =>
      STATEMENTS.labelSets.rows(
        manager,
        `select d.deployment_id as "deploymentId", l.id, d.told_until is not null as told,
          ${dateTimeText('d.valid_from')} as "validFrom", ${dateTimeText('d.valid_to')} as "validTo", l.labels, l.ports, l.host_network as "hostNetwork"
        from deployment_label_set d join label_set l on l.cluster_id = d.cluster_id and l.id = d.label_set_id
        where d.cluster_id = ${CLUSTER} and d.deployment_id = any($2::uuid[])
        order by d.deployment_id, d.valid_from, l.id`,
        [clusterId, deployments],
      ),
    namespaces: clusterId =>
      STATEMENTS.namespaces.rows(
        manager,
        `select n.name, ${dateTimeText('r.valid_from')} as "validFrom", r.labels
        from namespace n join namespace_revision r on r.cluster_id = n.cluster_id and r.namespace_id = n.id
        where n.cluster_id = ${CLUSTER} and exists (select from namespace_revision o
          where o.cluster_id = r.cluster_id and o.namespace_id = r.namespace_id and o.valid_from <> r.valid_from)
        order by n.name, r.valid_from`,
        [clusterId],
      ),
    ends: (clusterId, since) =>
      STATEMENTS.ends.ask(manager, asking([clusterId, since], [seen], ENDS)),
  };
};
