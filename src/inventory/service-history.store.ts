import type { EntityManager } from 'typeorm';
import { jsonb, neverNullHere, nullable, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { dateTimeText } from '../query/date-time.js';
import type { DeclaredServicePort, Endpoints } from './address.js';
import { HASHES, type Labels } from './labels.js';
import type { DeclaredPort } from './peer.js';
import type {
  EndpointsRevision,
  HostPod,
  LabelRevision,
  NodeDoor,
  ServiceRevision,
} from './service-history.js';

/** What Services and those behind them ever were: each from the earliest revision on. */
export type ServiceHistoryStore = {
  services(clusterId: number): Promise<readonly ServiceRevision[]>;
  endpoints(clusterId: number): Promise<readonly EndpointsRevision[]>;
  /** Of the deployments of these namespaces, and of their label sets where these tell more. */
  labels(clusterId: number, namespaces: readonly string[]): Promise<readonly LabelRevision[]>;
  hostPods(clusterId: number): Promise<readonly HostPod[]>;
};

const INTERVAL = { validFrom: text, validTo: nullable(text) } as const;

const STATEMENTS = {
  services: statement<ServiceRevision>('serviceHistory.services', {
    ...INTERVAL,
    namespace: text,
    name: text,
    clusterIps: jsonb<readonly string[]>(),
    ports: jsonb<readonly DeclaredServicePort[]>(),
    selector: nullable(jsonb<Labels>()),
    externalName: nullable(text),
    hostnames: nullable(jsonb<readonly string[]>()),
  }),
  endpoints: statement<EndpointsRevision>('serviceHistory.endpoints', {
    ...INTERVAL,
    namespace: text,
    name: text,
    endpoints: jsonb<readonly Endpoints[]>(),
  }),
  labels: statement<LabelRevision>('serviceHistory.labels', {
    ...INTERVAL,
    peerId: uuid,
    namespace: text,
    name: text,
    labels: jsonb<Labels>(),
    ports: nullable(jsonb<readonly DeclaredPort[]>()),
  }),
  hostPods: statement<HostPod>('serviceHistory.hostPods', {
    ...INTERVAL,
    node: neverNullHere(text),
    peerId: uuid,
    ports: jsonb<readonly NodeDoor[]>(),
  }),
} as const;

const INTERVAL_OF = (alias: string): string =>
  `${dateTimeText(`${alias}.valid_from`)} as "validFrom", ${dateTimeText(`${alias}.valid_to`)} as "validTo"`;

/** Before everything that can be observed: nothing but flows has told of the deployment. */
const ALWAYS = `'0001-01-01T00:00:00.000000Z'`;

export const serviceHistoryStore = (manager: EntityManager): ServiceHistoryStore => ({
  services: clusterId =>
    STATEMENTS.services.rows(
      manager,
      `select s.namespace, s.name, r.cluster_ips as "clusterIps", r.ports, r.selector,
        case r.type when 'ExternalName' then r.external_name end as "externalName", r.hostnames, ${INTERVAL_OF('r')}
      from service_revision r join service s on s.cluster_id = r.cluster_id and s.id = r.service_id
      where r.cluster_id = ${CLUSTER} order by s.namespace, s.name, r.valid_from`,
      [clusterId],
    ),
  endpoints: clusterId =>
    STATEMENTS.endpoints.rows(
      manager,
      `select r.namespace, r.name, r.endpoints, ${INTERVAL_OF('r')}
      from endpoints_revision r where r.cluster_id = ${CLUSTER} order by r.namespace, r.name, r.valid_from`,
      [clusterId],
    ),
  labels: (clusterId, namespaces) =>
    STATEMENTS.labels.rows(
      manager,
      `select p.id as "peerId", p.namespace, p.name, coalesce(r.labels, p.labels) as labels,
        coalesce(r.ports, p.ports) as ports, coalesce(${dateTimeText('r.valid_from')}, ${ALWAYS}) as "validFrom",
        ${dateTimeText('least(r.valid_to, p.ended_at)')} as "validTo"
      from peer p left join deployment_revision r on r.cluster_id = p.cluster_id and r.deployment_id = p.id
      where p.cluster_id = ${CLUSTER} and p.namespace = any($2::text[]) and p.kind = 'DEPLOYMENT' and p.alias_of is null
        and coalesce(r.labels, p.labels) is not null
      union all
      select p.id, p.namespace, p.name, l.labels, l.ports, ${dateTimeText('d.valid_from')},
        ${dateTimeText('least(d.valid_to, p.ended_at)')}
      from deployment_label_set d
      join label_set l on l.cluster_id = d.cluster_id and l.id = d.label_set_id
      join peer p on p.cluster_id = d.cluster_id and p.id = d.deployment_id
      where d.cluster_id = ${CLUSTER} and p.namespace = any($2::text[]) and p.alias_of is null
        and not coalesce(p.labels @> (l.labels - $3::text[]), false)
      order by 2, 3, 1, 6`,
      [clusterId, namespaces, HASHES],
    ),
  hostPods: clusterId =>
    STATEMENTS.hostPods.rows(
      manager,
      `select pod.node, pod.deployment_id as "peerId", case when pod.host_network then p.ports else pod.host_ports end as ports,
        coalesce(${dateTimeText('pod.started_at')}, ${ALWAYS}) as "validFrom",
        ${dateTimeText('pod.ended_at')} as "validTo"
      from pod join peer p on p.cluster_id = pod.cluster_id and p.id = pod.deployment_id
      where pod.cluster_id = ${CLUSTER} and pod.node is not null
        and jsonb_array_length(case when pod.host_network then p.ports else pod.host_ports end) > 0
      order by pod.node, pod.namespace, pod.name`,
      [clusterId],
    ),
});
