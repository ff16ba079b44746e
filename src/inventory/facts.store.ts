import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { inClusters } from '../access/visible.js';
import {
  bool,
  jsonb,
  neverNullHere,
  nullable,
  statement,
  text,
  texts,
  uuid,
} from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { asking, type Condition } from '../query/condition.js';
import type { DeclaredServicePort, Endpoints } from './address.js';
import type { Declaration, Declared } from './declaration.js';
import type { LabelSet } from './label-set.js';
import { LABEL_SET } from './label-set.store.js';
import type { Labels } from './labels.js';
import type { DeclaredPort } from './peer.js';

export type DeploymentFact = {
  readonly id: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Null: nothing has told them. */
  readonly labels: Labels | null;
  readonly ports: readonly DeclaredPort[] | null;
  readonly hostNetwork: boolean | null;
  /** They are those of the moment; false: of a later one, since nothing earlier was imported. */
  readonly revised: boolean;
  readonly addresses: readonly string[];
  /** Of pods in the host network, sorted; empty where that of one of them is not known. */
  readonly nodes: readonly string[];
};

type NamespaceRow = { readonly name: string; readonly labels: Labels };

type NodeRow = {
  readonly name: string;
  readonly labels: Labels | null;
  readonly addresses: readonly string[];
  readonly tunnels: readonly string[];
  readonly gateways: readonly string[];
};

type ServiceRow = {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly clusterIps: readonly string[];
  readonly externalIps: readonly string[];
  readonly ports: readonly DeclaredServicePort[];
  readonly selector: Labels | null;
  /** Null: it is no ExternalName. */
  readonly externalName: string | null;
  /** Of a Service without a selector; null: not told. */
  readonly endpoints: readonly Endpoints[] | null;
};

/** What the engine needs of a cluster, as of a moment (ISO text), or of now (null). */
export type FactsStore = {
  deployments(clusterId: number, at: string | null): Promise<readonly DeploymentFact[]>;
  namespaces(clusterId: number, at: string | null): Promise<readonly NamespaceRow[]>;
  /**
   * Of deployments with several, in the order of deployments and sets.
   * @param all also of those that have one
   */
  labelSets(clusterId: number, at: string | null, all: boolean): Promise<readonly LabelSet[]>;
  nodes(clusterId: number, at: string | null): Promise<readonly NodeRow[]>;
  services(clusterId: number, at: string | null): Promise<readonly ServiceRow[]>;
  /** In the order of kinds and names. */
  declarations(clusterId: number, at: string | null): Promise<readonly Declaration[]>;
};

const STATEMENTS = {
  deployments: statement<DeploymentFact>('facts.deployments', {
    id: uuid,
    namespace: neverNullHere(text),
    kind: neverNullHere(text),
    name: text,
    labels: nullable(jsonb<Labels>()),
    ports: nullable(jsonb<readonly DeclaredPort[]>()),
    hostNetwork: nullable(bool),
    revised: bool,
    addresses: texts,
    nodes: texts,
  }),
  namespaces: statement<NamespaceRow>('facts.namespaces', { name: text, labels: jsonb<Labels>() }),
  labelSets: statement<LabelSet>('facts.labelSets', LABEL_SET),
  nodes: statement<NodeRow>('facts.nodes', {
    name: text,
    labels: nullable(jsonb<Labels>()),
    addresses: texts,
    tunnels: texts,
    gateways: texts,
  }),
  services: statement<ServiceRow>('facts.services', {
    namespace: text,
    name: text,
    type: text,
    clusterIps: jsonb<readonly string[]>(),
    externalIps: jsonb<readonly string[]>(),
    ports: jsonb<readonly DeclaredServicePort[]>(),
    selector: nullable(jsonb<Labels>()),
    externalName: nullable(text),
    endpoints: nullable(jsonb<readonly Endpoints[]>()),
  }),
  declarations: statement<Declaration>('facts.declarations', {
    kind: text,
    namespace: text,
    name: text,
    says: jsonb<Declared>(),
  }),
} as const;

const HELD = (holder: string): string => `array(select host(b.address) from address_book b
  where b.cluster_id = p.cluster_id and b.peer_id = p.id and b.holder = '${holder}'
    and case when $2::timestamptz is null then b.valid_to is null
      else b.valid_from <= $2::timestamptz and (b.valid_to is null or b.valid_to > $2::timestamptz) end
  order by b.address)`;

/** Where pods in the host network are: they have the addresses and labels of their nodes. */
const HOST_NODES = `case when coalesce(r.host_network, p.host_network) then
  coalesce((select case when bool_and(pod.node is not null) then array_agg(distinct pod.node order by pod.node) end
    from pod where pod.cluster_id = p.cluster_id and pod.deployment_id = p.id and pod.host_network
      and case when $2::timestamptz is null then pod.ended_at is null
        else coalesce(pod.started_at <= $2::timestamptz, true)
          and (pod.ended_at is null or pod.ended_at > $2::timestamptz) end), '{}') else '{}' end`;

const THERE = (alias: string): string =>
  `(${alias}.ended_at is null or ${alias}.ended_at > $2::timestamptz)`;

/** The revision of the moment; the first known one also covers what was before (docs/identity-and-time.md, Revisions). */
const REVISION = (
  table: string,
  key: string,
  row: string,
  alias = 'r',
): string => `left join lateral (
    select r.* from ${table} r
    where $2::timestamptz is not null and r.cluster_id = ${row}.cluster_id and r.${key} = ${row}.id
    order by (r.valid_from <= $2::timestamptz) desc,
      case when r.valid_from <= $2::timestamptz then r.valid_from end desc, r.valid_from
    limit 1) ${alias} on true`;

/**
 * The moment that is asked about, but not before the first that is known of a deployment's sets. Between two that flows
 * told, with nothing imported yet, it is the end of the one before: not every source tells labels, and silence takes none
 * away.
 */
const SETS_AT = `(select case when bool_or(e.valid_from <= $2 and (e.valid_to is null or e.valid_to > $2)) then $2
      else coalesce(max(e.valid_to) filter (where e.valid_to <= $2 and e.told_until is not null
          and not exists (select from deployment_revision r where r.cluster_id = ${CLUSTER}
            and r.deployment_id = d.deployment_id and r.valid_from <= $2)) - interval '1 microsecond',
        greatest($2, min(e.valid_from))) end
    from deployment_label_set e where e.cluster_id = ${CLUSTER} and e.deployment_id = d.deployment_id)`;

/** The sets at `$2`, or now (null); with `$3` also those of deployments that have one. */
const LABEL_SETS = (seen: string): string => `
  with sets as (
    select d.deployment_id, d.label_set_id, count(*) over (partition by d.deployment_id) as among
    from deployment_label_set d where d.cluster_id = ${CLUSTER} and ${seen}
      and case when $2::timestamptz is null then d.valid_to is null
        else d.valid_from <= ${SETS_AT} and (d.valid_to is null or d.valid_to > ${SETS_AT}) end
  )
  select s.deployment_id as "deploymentId", s.label_set_id as id, l.labels, l.ports, l.host_network as "hostNetwork",
    (select count(*)::int from pod where pod.cluster_id = ${CLUSTER} and pod.deployment_id = s.deployment_id
      and pod.label_set_id = s.label_set_id
      and case when $2::timestamptz is null then pod.ended_at is null
        else coalesce(pod.started_at <= $2::timestamptz, true)
          and (pod.ended_at is null or pod.ended_at > $2::timestamptz) end) as pods
  from sets s join label_set l on l.cluster_id = ${CLUSTER} and l.id = s.label_set_id
  where $3 or s.among > 1
  order by s.deployment_id, s.label_set_id`;

/** As with revisions, the first that an object said also holds for the time before. */
const DECLARATIONS = (
  seen: string,
): string => `select d.kind, d.namespace, d.name, d.says from declaration d
  where d.cluster_id = ${CLUSTER} and ${seen} and case when $2::timestamptz is null then d.valid_to is null
    else (d.valid_to is null or d.valid_to > $2::timestamptz) and (d.valid_from <= $2::timestamptz
      or not exists (select from declaration e where e.cluster_id = d.cluster_id and e.kind = d.kind
        and e.namespace = d.namespace and e.name = d.name and e.valid_from < d.valid_from)) end
  order by d.kind, d.namespace, d.name`;

export const factsStore = (manager: EntityManager, caller: Caller): FactsStore => {
  // Policies of every namespace bear on a flow: who may ask about a cluster asks about the whole of it.
  const about = (
    alias: string,
    values: readonly unknown[],
    text: (seen: string) => string,
  ): Condition => asking(values, [inClusters(caller, `${alias}.cluster_id`)], seen => text(seen));
  return {
    deployments: (clusterId, at) =>
      STATEMENTS.deployments.ask(
        manager,
        about(
          'p',
          [clusterId, at],
          seen => `select p.id, p.namespace, p.workload_kind as kind, p.name, coalesce(r.labels, p.labels) as labels,
          coalesce(r.ports, p.ports) as ports, coalesce(r.host_network, p.host_network) as "hostNetwork",
          $2::timestamptz is null or coalesce(r.valid_from <= $2, false) as revised,
          ${HELD('POD')} as addresses, ${HOST_NODES} as nodes
        from peer p ${REVISION('deployment_revision', 'deployment_id', 'p')}
        where p.cluster_id = ${CLUSTER} and p.kind = 'DEPLOYMENT' and p.alias_of is null and ${THERE('p')} and ${seen}
        order by p.namespace, p.name, p.workload_kind`,
        ),
      ),
    namespaces: (clusterId, at) =>
      STATEMENTS.namespaces.ask(
        manager,
        about(
          'n',
          [clusterId, at],
          seen => `select n.name, coalesce(r.labels, n.labels) as labels
        from namespace n ${REVISION('namespace_revision', 'namespace_id', 'n')}
        where n.cluster_id = ${CLUSTER} and ${THERE('n')} and ${seen} order by n.name`,
        ),
      ),
    labelSets: (clusterId, at, all) =>
      STATEMENTS.labelSets.ask(manager, about('d', [clusterId, at, all], LABEL_SETS)),
    nodes: (clusterId, at) =>
      STATEMENTS.nodes.ask(
        manager,
        about(
          'p',
          [clusterId, at],
          seen => `select p.name, p.labels, ${HELD('NODE')} as addresses, ${HELD('TUNNEL')} as tunnels,
          ${HELD('GATEWAY')} as gateways from peer p
        where p.cluster_id = ${CLUSTER} and p.kind = 'NODE' and p.alias_of is null and ${THERE('p')} and ${seen}
        order by p.name`,
        ),
      ),
    services: (clusterId, at) =>
      STATEMENTS.services.ask(
        manager,
        about(
          's',
          [clusterId, at],
          seen => `select s.namespace, s.name, coalesce(r.type, s.type) as type, coalesce(r.cluster_ips, s.cluster_ips) as "clusterIps",
          coalesce(r.external_ips, s.external_ips) as "externalIps", coalesce(r.ports, s.ports) as ports,
          case when r.service_id is null then s.selector else r.selector end as selector,
          case coalesce(r.type, s.type) when 'ExternalName' then coalesce(r.external_name, s.external_name) end as "externalName",
          coalesce(e.endpoints, s.endpoints) as endpoints
        from service s ${REVISION('service_revision', 'service_id', 's')}
          ${REVISION('endpoints_revision', 'service_id', 's', 'e')}
        where s.cluster_id = ${CLUSTER} and ${THERE('s')} and ${seen} order by s.namespace, s.name`,
        ),
      ),
    declarations: (clusterId, at) =>
      STATEMENTS.declarations.ask(manager, about('d', [clusterId, at], DECLARATIONS)),
  };
};
