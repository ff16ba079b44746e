import type { Peer } from '../../inventory/peer.js';
import type { HeldAddress, PeerStore } from '../../inventory/peer.store.js';
import { METADATA_ADDRESSES } from '../../netpol/index.js';
import type { Observation, ObservedPeer } from '../observation.js';
import { timeText } from '../time.js';
import { podPort, type Resolved, resolvePeer } from './attribute.js';
import type { Book } from './book.js';
import { isClusterAddress } from './cluster-range.js';
import type { ClusterRangeStore } from './cluster-range.store.js';
import type { Attributed } from './fold-edges.js';

export type AttributionStores = {
  readonly peers: Pick<
    PeerStore,
    'ensure' | 'byIds' | 'deploymentsByPods' | 'deploymentsByLabels' | 'addressesHeld'
  >;
  readonly clusterRanges: ClusterRangeStore;
};

type Pod = { readonly namespace: string; readonly pod: string };

const isPod = (peer: ObservedPeer): boolean => peer.namespace !== null && peer.pod !== null;

async function loadBook(
  { peers, clusterRanges }: AttributionStores,
  clusterId: number,
  observed: readonly ObservedPeer[],
  window: { readonly from: string; readonly to: string },
): Promise<Book> {
  const pods = observed.filter(isPod) as unknown as readonly Pod[];
  const namespaces = [...new Set(observed.flatMap(({ namespace }) => namespace ?? []))];
  const addresses = [...new Set(observed.flatMap(({ ip }) => ip ?? []))];
  const owners = await peers.deploymentsByPods(clusterId, pods);
  const deployments = await peers.deploymentsByLabels(clusterId, namespaces);
  const held = await peers.addressesHeld(clusterId, addresses, window.from, window.to);
  const ranges = await clusterRanges.ofCluster(clusterId);
  const ownerOfPod = new Map(owners.map(row => [`${row.namespace}/${row.pod}`, row.peerId]));
  const byNamespace = Map.groupBy(deployments, ({ namespace }) => namespace ?? '');
  const byAddress = Map.groupBy(held, ({ address }: HeldAddress) => address);
  return {
    clusterId,
    ownerOfPod: (namespace, pod) => ownerOfPod.get(`${namespace}/${pod}`),
    deploymentsIn: namespace => byNamespace.get(namespace) ?? [],
    holdings: address => byAddress.get(address) ?? [],
    isClusterAddress: address => isClusterAddress(address, ranges),
  };
}

/** Pods of the batch whose labels the batch tells are known to those of its records that carry labels alone. */
const withBatch = (book: Book, batch: readonly Peer[]): Book => {
  const deployments = batch.filter(({ kind }) => kind === 'DEPLOYMENT');
  const byNamespace = Map.groupBy(deployments, ({ namespace }) => namespace ?? '');
  return {
    ...book,
    deploymentsIn: namespace => {
      const stored = book.deploymentsIn(namespace);
      const ids = new Set(stored.map(({ id }) => id));
      return [...stored, ...(byNamespace.get(namespace) ?? []).filter(({ id }) => !ids.has(id))];
    },
  };
};

type Ends = ReadonlyMap<ObservedPeer, Resolved>;

const resolveAll = (observed: ReadonlyMap<ObservedPeer, string>, book: Book): Ends =>
  new Map([...observed].map(([peer, at]) => [peer, resolvePeer(peer, at, book)]));

/** The earliest time of each peer of the batch. */
function peersOf(observations: readonly Observation[]): ReadonlyMap<ObservedPeer, string> {
  const earliest = new Map<ObservedPeer, number>();
  for (const { source, destination, firstSeen } of observations) {
    for (const peer of [source, destination]) {
      const known = earliest.get(peer);
      if (known === undefined || firstSeen < known) earliest.set(peer, firstSeen);
    }
  }
  return new Map([...earliest].map(([peer, at]) => [peer, timeText(at)]));
}

const distinctPeers = (ends: Ends): readonly Peer[] => {
  const peers = new Map<string, Peer>();
  for (const { peer } of ends.values()) {
    const known = peer === null ? undefined : peers.get(peer.id);
    if (peer !== null && (known === undefined || known.labels === null)) peers.set(peer.id, peer);
  }
  return [...peers.values()];
};

const isMetadata = ({ destination }: Observation): boolean =>
  (destination.ip !== null && METADATA_ADDRESSES.has(destination.ip)) ||
  METADATA_ADDRESSES.has(destination.cidr?.replace(/\/(?:32|128)$/, '') ?? '');

const windowOf = (observations: readonly Observation[]) => {
  const from = observations.reduce((least, { firstSeen }) => Math.min(least, firstSeen), Infinity);
  const to = observations.reduce((most, { lastSeen }) => Math.max(most, lastSeen), 0);
  return { from: timeText(from), to: timeText(to + 1) };
};

/**
 * Takes a batch of observations to known ends: reads the inventory (five statements), stores the peers that
 * are new, follows aliases.
 */
export async function attribute(
  stores: AttributionStores,
  clusterId: number,
  observations: readonly Observation[],
): Promise<readonly Attributed[]> {
  if (observations.length === 0) return [];
  const observed = peersOf(observations);
  const stored = await loadBook(stores, clusterId, [...observed.keys()], windowOf(observations));
  const learned = distinctPeers(resolveAll(observed, stored));
  const ends = resolveAll(observed, withBatch(stored, learned));
  await stores.peers.ensure(clusterId, distinctPeers(ends));
  const ids = [...new Set([...ends.values()].map(({ id }) => id))];
  const found = await stores.peers.byIds(ids.map(id => ({ clusterId, id })));
  const known = new Map(found.map(peer => [peer.askedId, peer]));
  const idOf = (peer: ObservedPeer): string => {
    const asked = ends.get(peer)?.id ?? '';
    return known.get(asked)?.id ?? asked;
  };
  return observations.map(observation => {
    const destination = ends.get(observation.destination);
    const peer = known.get(destination?.id ?? '') ?? null;
    return {
      observation,
      sourceId: idOf(observation.source),
      destinationId: idOf(observation.destination),
      port:
        observation.port ??
        (destination === undefined
          ? null
          : podPort(observation.servicePort, observation.protocol, { ...destination, peer })),
      metadata: isMetadata(observation),
    };
  });
}
