import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible, visibleWorkload, wholly } from '../access/visible.js';
import { bool, nullable, oneOf, statement, text, uuid } from '../database/row.js';
import { CLUSTER } from '../database/statement.js';
import { asking } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { Holder, type Holding } from './address.js';
import type { Peer } from './peer.js';
import { PEER, peerColumns } from './peer-columns.js';

type PodOwner = {
  readonly namespace: string;
  readonly pod: string;
  readonly peerId: string;
  readonly node: string | null;
};

export type HeldAddress = Holding & {
  /**
   * It also covers what was seen before it: it is the first that is known, and nothing tells when it began
   * (docs/identity-and-time.md, Revisions).
   */
  readonly first: boolean;
  /** The node that a POD runs on, or that a NODE or GATEWAY is; null: not told, or a SERVICE. */
  readonly node: string | null;
};

/** Peers by what records and snapshots name. */
export type PeerLookupStore = {
  /** Who owns these pods, where a snapshot told. */
  deploymentsByPods(
    clusterId: number,
    names: readonly { readonly namespace: string; readonly pod: string }[],
  ): Promise<readonly PodOwner[]>;
  /** The deployments of these namespaces whose labels are known. */
  deploymentsByNamespaces(
    clusterId: number,
    namespaces: readonly string[],
  ): Promise<readonly Peer[]>;
  /** The address book's entries that overlap the half-open window, `heldAt` reads them. */
  addressesHeld(
    clusterId: number,
    addresses: readonly string[],
    from: string,
    to: string,
  ): Promise<readonly HeldAddress[]>;
};

const STATEMENTS = {
  deploymentsByPods: statement<PodOwner>('peers.deploymentsByPods', {
    namespace: text,
    pod: text,
    peerId: uuid,
    node: nullable(text),
  }),
  deploymentsByNamespaces: statement('peers.deploymentsByNamespaces', PEER),
  addressesHeld: statement<HeldAddress>('peers.addressesHeld', {
    address: text,
    peerId: nullable(uuid),
    holder: oneOf(Holder),
    holderName: text,
    validFrom: text,
    validTo: nullable(text),
    first: bool,
    node: nullable(text),
  }),
} as const;

const ADDRESSES_HELD = `with asked as (
    select a.address, min(b.valid_from) as earliest
    from unnest($2::inet[]) a (address)
    join address_book b on b.cluster_id = ${CLUSTER} and b.address = a.address
    group by a.address
  )
  select host(b.address) as address, b.peer_id as "peerId", b.holder, b.holder_name as "holderName",
    ${dateTimeText('b.valid_from')} as "validFrom", ${dateTimeText('b.valid_to')} as "validTo",
    b.valid_from = a.earliest and not b.start_known as first,
    case b.holder when 'POD' then pod.node when 'SERVICE' then null else b.holder_name end as node
  from asked a
  join address_book b on b.cluster_id = ${CLUSTER} and b.address = a.address
  left join pod on b.holder = 'POD' and pod.cluster_id = b.cluster_id
    and pod.namespace = split_part(b.holder_name, '/', 1) and pod.name = split_part(b.holder_name, '/', 2)
  where (b.valid_from < $4::timestamptz or b.valid_from = a.earliest)
    and (b.valid_to is null or b.valid_to > $3::timestamptz)`;

export const peerLookupStore = (manager: EntityManager, caller: Caller): PeerLookupStore => ({
  deploymentsByPods: (clusterId, names) =>
    STATEMENTS.deploymentsByPods.ask(
      manager,
      asking(
        [clusterId, names.map(({ namespace }) => namespace), names.map(({ pod }) => pod)],
        [visible(caller, { clusterId: 'p.cluster_id', namespace: 'p.namespace' })],
        own => `select p.namespace, p.name as pod, p.deployment_id as "peerId", p.node
    from unnest($2::text[], $3::text[]) n (namespace, name)
    cross join lateral (
      select * from pod where cluster_id = ${CLUSTER} and namespace = n.namespace and name = n.name offset 0) p where ${own}`,
      ),
    ),
  deploymentsByNamespaces: (clusterId, namespaces) =>
    STATEMENTS.deploymentsByNamespaces.ask(
      manager,
      asking(
        [clusterId, namespaces],
        [visibleWorkload(caller, 'p')],
        own => `select ${peerColumns('p')} from peer p
    where p.cluster_id = ${CLUSTER} and p.namespace = any($2::text[]) and p.kind = 'DEPLOYMENT'
      and p.labels is not null and p.alias_of is null and ${own}
    order by namespace, name, id`,
      ),
    ),
  addressesHeld: (clusterId, addresses, from, to) =>
    STATEMENTS.addressesHeld.ask(
      manager,
      asking(
        [clusterId, addresses, from, to],
        [wholly(caller, 'b.cluster_id')],
        own => `${ADDRESSES_HELD} and ${own}`,
      ),
    ),
});
