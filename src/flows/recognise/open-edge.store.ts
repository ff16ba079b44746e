import type { EntityManager } from 'typeorm';
import {
  bool,
  float8,
  int4,
  jsonb,
  nullable,
  oneOf,
  statement,
  text,
  uuid,
} from '../../database/row.js';
import { CLUSTER } from '../../database/statement.js';
import type { Labels } from '../../inventory/labels.js';
import { PeerKind } from '../../inventory/peer.js';
import { flowsOfPeers, ofPeer } from '../flow-peers.js';
import { FlowProtocol } from '../observation.js';
import type { OpenPeer } from './open-end.js';

/** A stored edge, with its times in microseconds. */
export type OpenEdge = {
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number | null;
  readonly servicePort: number | null;
  readonly protocol: FlowProtocol;
  readonly trafficClass: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
};

export type KnownPlaces = {
  /** Addresses of the API server. */
  readonly api: readonly string[];
  /** Ports of nodes at which others answer. */
  readonly doors: readonly number[];
  /** No address of anybody was ever shown. */
  readonly isBlank: boolean;
};

export type AskedEdges = {
  readonly peers: readonly string[];
  readonly nodes: readonly string[];
  readonly doors: readonly number[];
};

/** What the client of an edge was told of the address that it leads to. */
export type ToldName = { readonly flowId: string; readonly name: string };

export type OpenEdgeStore = {
  /**
   * Ends of flows of which the inventory may know more by now: by an address that somebody held, a Service that is
   * known, labels; nodes at whose ports others answer.
   */
  peers(clusterId: number, known: KnownPlaces): Promise<readonly OpenPeer[]>;
  /** Names of load balancers that clients of edges outside were told for the addresses that they called. */
  balancerNames(clusterId: number, edges: readonly string[]): Promise<readonly ToldName[]>;
  /** Whether an edge leads to an address outside that its client was told as the name of a load balancer. */
  isBalancerCalled(clusterId: number): Promise<boolean>;
  /** The edges of these peers, and those to these nodes at these ports. */
  edges(clusterId: number, asked: AskedEdges): Promise<readonly OpenEdge[]>;
};

const PEERS = statement<OpenPeer>('openEdges.peers', {
  id: uuid,
  kind: oneOf(PeerKind),
  name: text,
  namespace: nullable(text),
  labels: nullable(jsonb<Labels>()),
  inferred: bool,
  address: nullable(text),
  dnsName: nullable(text),
  entity: nullable(text),
  reason: nullable(text),
});

const EDGES = statement<OpenEdge>('openEdges.edges', {
  id: uuid,
  sourceId: uuid,
  destinationId: uuid,
  port: nullable(int4),
  servicePort: nullable(int4),
  protocol: oneOf(FlowProtocol),
  trafficClass: text,
  firstSeen: float8,
  lastSeen: float8,
});

const NAMES = statement<ToldName>('openEdges.balancerNames', { flowId: uuid, name: text });
const CALLED = statement<{ readonly is: boolean }>('openEdges.isBalancerCalled', { is: bool });

const IS_HELD = `(p.address = any($2::inet[]) or exists (select from address_book b
      where b.cluster_id = p.cluster_id and b.address = p.address))`;

/** `api.shop.svc.cluster.local`, `api.shop`: a name of the cluster's own DNS begins with a Service and a namespace. */
const NAMED = (first: number): string =>
  `exists (select from service s where s.cluster_id = p.cluster_id
      and s.name = split_part(p.dns_name, '.', ${first}) and s.namespace = split_part(p.dns_name, '.', ${first + 1}))`;

/** What clients were told of load balancers. */
const BALANCER_ANSWERS = `(select a.* from service s cross join lateral jsonb_array_elements_text(s.hostnames) h (name)
      join dns_answer a on a.cluster_id = s.cluster_id and a.name = h.name where s.cluster_id = ${CLUSTER})`;

/** The client of a flow `f` was told it when it called. */
const IS_TOLD = `a.client_id = f.source_id and f.first_seen_at < a.valid_to and f.last_seen_at >= a.valid_from`;

/** The name of a load balancer: AWS tells no addresses of it. */
const IS_BALANCER = `exists (select from service s where s.cluster_id = p.cluster_id
      and s.hostnames @> to_jsonb(lower(p.dns_name)))`;

const SEEN = `select p.id, p.kind, p.name, p.namespace, p.labels, p.inferred, host(p.address) as address,
    p.dns_name as "dnsName", p.entity, p.reason
  from peer p where p.cluster_id = ${CLUSTER} and p.alias_of is null and case p.kind
    when 'UNRESOLVED' then p.reason = 'INVENTORY_MISSING' and not $4 or p.reason = 'LABELS_OF_NO_DEPLOYMENT' or ${IS_HELD}
      or p.name like 'svc:%' and exists (select from service s where s.cluster_id = p.cluster_id
        and 'svc:' || s.namespace || '/' || s.name = p.name)
    when 'EXTERNAL' then ${IS_HELD} or p.dns_name is not null and (${NAMED(1)} or ${NAMED(2)} or ${IS_BALANCER})
      or p.entity is null and p.address in (select address from ${BALANCER_ANSWERS} a)
    when 'NODE' then p.inferred or cardinality($3::int[]) > 0
    else false end
  order by p.id`;

const MICROS = (column: string): string => `(extract(epoch from ${column}) * 1000000)::float8`;

export const openEdgeStore = (manager: EntityManager): OpenEdgeStore => ({
  peers: (clusterId, { api, doors, isBlank }) =>
    PEERS.rows(manager, SEEN, [clusterId, api, doors, isBlank]),
  balancerNames: (clusterId, edges) =>
    NAMES.rows(
      manager,
      `select distinct f.id as "flowId", a.name from ${BALANCER_ANSWERS} a
      join peer p on p.cluster_id = ${CLUSTER} and p.address = a.address and p.kind = 'EXTERNAL'
      join unnest($2::uuid[]) k (id) on true
      cross join lateral (select * from flow where cluster_id = ${CLUSTER} and id = k.id offset 0) f
      where f.destination_id = p.id and ${IS_TOLD} order by 1, 2`,
      [clusterId, edges],
    ),
  isBalancerCalled: async clusterId =>
    (
      await CALLED.row(
        manager,
        `select exists (select from ${BALANCER_ANSWERS} a
        join peer p on p.cluster_id = ${CLUSTER} and p.address = a.address and p.kind = 'EXTERNAL' and p.entity is null
        join flow f on f.cluster_id = ${CLUSTER} and f.destination_id = p.id and ${IS_TOLD}) as is`,
        [clusterId],
      )
    ).is,
  edges: (clusterId, { peers, nodes, doors }) =>
    EDGES.rows(
      manager,
      `select distinct on (f.id) f.id, f.source_id as "sourceId", f.destination_id as "destinationId", f.port,
        f.service_port as "servicePort", f.protocol, f.traffic_class as "trafficClass",
        ${MICROS('f.first_seen_at')} as "firstSeen", ${MICROS('f.last_seen_at')} as "lastSeen"
      from (select * from ${flowsOfPeers('unnest($2::uuid[]) k (id)')}
        union all select n.* from unnest($3::uuid[]) k (id) cross join lateral (select *, ctid as place from flow
          where cluster_id = ${CLUSTER} and ${ofPeer('destination_id', 'k.id')} and port = any($4::int[]) offset 0) n) f
      order by f.id`,
      [clusterId, peers, nodes, doors],
    ),
});
