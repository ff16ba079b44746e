import { knownRanges, PRIVATE_RANGES } from '../../inventory/cluster-range.js';
import type { ClusterRangeStore } from '../../inventory/cluster-range.store.js';
import { stableLabels } from '../../inventory/labels.js';
import type { PeerStore } from '../../inventory/peer.store.js';
import type { HeldAddress } from '../../inventory/peer-lookup.store.js';
import type { ServiceHistoryStore } from '../../inventory/service-history.store.js';
import { liesWithin } from '../../netpol/index.js';
import type { ObservedPeer } from '../observation.js';
import {
  askedAddress,
  askedServices,
  asksServices,
  gatewayOf,
  isByLabels,
  mayBeNode,
  namedTarget,
} from './asking.js';
import type { Book } from './book.js';
import type { KeptCluster } from './kept.js';
import { cutsOf, type KeptServices, keptServices } from './kept-services.js';

export type BookStores = {
  readonly peers: Pick<
    PeerStore,
    'deploymentsByPods' | 'deploymentsByNamespaces' | 'addressesHeld'
  >;
  readonly clusterRanges: Pick<ClusterRangeStore, 'ofCluster'>;
  readonly serviceHistory: ServiceHistoryStore;
};

type Pod = { readonly namespace: string; readonly pod: string };

/** What the kept book must be asked, and does not know. */
type Unknown = {
  readonly pods: Map<string, Pod>;
  readonly namespaces: Set<string>;
  readonly addresses: Set<string>;
};

const podKey = ({ namespace, pod }: Pod): string => `${namespace}/${pod}`;

function noteAddresses(
  unknown: Unknown,
  kept: KeptCluster,
  addresses: readonly (string | null)[],
): void {
  for (const address of addresses)
    if (address !== null && !kept.holdings.has(address)) unknown.addresses.add(address);
}

function note(unknown: Unknown, kept: KeptCluster, peer: ObservedPeer): void {
  const { namespace, pod, service } = peer;
  if (namespace !== null && pod !== null) {
    const key = podKey({ namespace, pod });
    if (!kept.owners.has(key)) unknown.pods.set(key, { namespace, pod });
  }
  for (const name of [namespace, service?.namespace ?? null])
    if (name !== null && !kept.deployments.has(name)) unknown.namespaces.add(name);
  noteAddresses(unknown, kept, [askedAddress(peer), gatewayOf(kept, peer)]);
  if (peer.dnsNames.length > 0) noteName(unknown, kept, peer);
}

function noteName(unknown: Unknown, kept: KeptCluster, peer: ObservedPeer): void {
  const target = namedTarget(peer);
  if (target?.kind === 'address') noteAddresses(unknown, kept, [target.address]);
  if (target?.kind !== 'pod') return;
  const { namespace, name: pod } = target;
  const key = podKey({ namespace, pod });
  if (!kept.owners.has(key)) unknown.pods.set(key, { namespace, pod });
  if (!kept.deployments.has(namespace)) unknown.namespaces.add(namespace);
}

async function loadPods(
  { peers }: BookStores,
  kept: KeptCluster,
  pods: Unknown['pods'],
): Promise<void> {
  if (pods.size === 0) return;
  const rows = await peers.deploymentsByPods(kept.clusterId, [...pods.values()]);
  for (const key of pods.keys()) kept.owners.set(key, null);
  for (const row of rows) kept.owners.set(podKey(row), row);
}

/** Asked again where this process has written in between: the answer may be from before. */
async function loadNamespaces(
  { peers }: BookStores,
  kept: KeptCluster,
  namespaces: Unknown['namespaces'],
): Promise<void> {
  if (namespaces.size === 0) return;
  const { changes } = kept;
  const rows = await peers.deploymentsByNamespaces(kept.clusterId, [...namespaces]);
  if (kept.changes !== changes) {
    await loadNamespaces({ peers } as BookStores, kept, namespaces);
    return;
  }
  const found = Map.groupBy(rows, ({ namespace }) => namespace ?? '');
  for (const name of namespaces) kept.deployments.set(name, found.get(name) ?? []);
}

/** Before and after everything that can be observed. */
const EVER = ['0001-01-01T00:00:00Z', '9999-01-01T00:00:00Z'] as const;

async function loadAddresses(
  { peers }: BookStores,
  kept: KeptCluster,
  addresses: Unknown['addresses'],
): Promise<void> {
  if (addresses.size === 0) return;
  const rows = await peers.addressesHeld(kept.clusterId, [...addresses], ...EVER);
  const found = Map.groupBy(rows, ({ address }: HeldAddress) => address);
  for (const address of addresses) {
    const held = found.get(address) ?? [];
    kept.holdings.set(address, held);
    // What also covers the time before it has no beginning.
    const cuts = cutsOf(held.map(one => (one.first ? { ...one, validFrom: '' } : one)));
    if (cuts.length > 0) kept.cuts.set(address, cuts);
  }
}

async function loadServices(
  stores: BookStores,
  kept: KeptCluster,
  observed: readonly ObservedPeer[],
): Promise<void> {
  if (observed.some(asksServices)) kept.services ??= await servicesOf(stores, kept);
}

async function servicesOf(stores: BookStores, kept: KeptCluster): Promise<KeptServices> {
  const { serviceHistory } = stores;
  const services = keptServices({
    services: await serviceHistory.services(kept.clusterId),
    endpoints: await serviceHistory.endpoints(kept.clusterId),
    hostPods: await serviceHistory.hostPods(kept.clusterId),
  });
  const addresses = services.endpointAddresses.filter(address => !kept.holdings.has(address));
  await loadAddresses(stores, kept, new Set(addresses));
  return services;
}

/** Where the Services that these peers may be have their pods, and where peers are told by labels alone. */
function labelledNamespaces(
  kept: KeptCluster,
  observed: readonly ObservedPeer[],
): ReadonlySet<string> {
  const keys = new Set(observed.flatMap(peer => askedServices(kept, peer)));
  const behindNodes = observed.some(peer => mayBeNode(kept, peer))
    ? [...(kept.services?.nodePorts.values() ?? [])].flat()
    : [];
  const namespaces = [...keys, ...behindNodes].map(key => key.slice(0, key.indexOf('/')));
  const ofLabels = observed.filter(isByLabels).map(({ namespace }) => namespace ?? '');
  return new Set([...namespaces, ...ofLabels].filter(namespace => !kept.labelled.has(namespace)));
}

/** Asked again where this process has written in between, as `loadNamespaces`. */
async function loadLabels(
  stores: BookStores,
  kept: KeptCluster,
  namespaces: ReadonlySet<string>,
): Promise<void> {
  if (namespaces.size === 0) return;
  const { changes } = kept;
  const rows = await stores.serviceHistory.labels(kept.clusterId, [...namespaces]);
  if (kept.changes !== changes) {
    await loadLabels(stores, kept, namespaces);
    return;
  }
  const known = rows.map(row => ({ ...row, stable: stableLabels(row.labels, 'Deployment') }));
  const found = Map.groupBy(known, ({ namespace }) => namespace);
  for (const name of namespaces) kept.labelled.set(name, found.get(name) ?? []);
}

/** Asks the store what the book does not know of these peers: nothing, or a statement for each kind of question. */
export async function loadKept(
  stores: BookStores,
  kept: KeptCluster,
  observed: readonly ObservedPeer[],
): Promise<void> {
  kept.ranges ??= knownRanges(await stores.clusterRanges.ofCluster(kept.clusterId));
  const unknown: Unknown = { pods: new Map(), namespaces: new Set(), addresses: new Set() };
  for (const peer of observed) note(unknown, kept, peer);
  await loadPods(stores, kept, unknown.pods);
  await loadNamespaces(stores, kept, unknown.namespaces);
  await loadAddresses(stores, kept, unknown.addresses);
  await loadServices(stores, kept, observed);
  await loadLabels(stores, kept, labelledNamespaces(kept, observed));
}

/** What these namespaces declare: containers' ports, and Services that lead to them. */
export async function loadDeclared(
  stores: BookStores,
  kept: KeptCluster,
  namespaces: ReadonlySet<string>,
): Promise<void> {
  kept.ranges ??= knownRanges(await stores.clusterRanges.ofCluster(kept.clusterId));
  kept.services ??= await servicesOf(stores, kept);
  await loadLabels(stores, kept, new Set([...namespaces].filter(name => !kept.labelled.has(name))));
}

/** A load balancer's address may lead elsewhere when its Service is gone. */
const wasInside = ({ holder, address }: HeldAddress): boolean =>
  holder !== 'SERVICE' || liesWithin(address, PRIVATE_RANGES);

const NO_SERVICES = keptServices({ services: [], endpoints: [], hostPods: [] });

const NO_RANGES = knownRanges({ cidrs: [], podCidrs: [], isBlank: true });

/** The kept answers, for `resolvePeer`. */
export const bookOf = (kept: KeptCluster): Book => ({
  clusterId: kept.clusterId,
  ownerOfPod: (namespace, pod) => kept.owners.get(podKey({ namespace, pod })) ?? null,
  deploymentsIn: namespace => kept.deployments.get(namespace) ?? [],
  holdings: address => kept.holdings.get(address) ?? [],
  isBlank: kept.ranges?.isBlank ?? true,
  gatewayBeside: address => (kept.ranges ?? NO_RANGES).gatewayBeside(address),
  services: kept.services ?? NO_SERVICES,
  labelsIn: namespace => kept.labelled.get(namespace) ?? [],
  isClusterAddress: address => {
    const known = kept.clusterAddresses.get(address);
    if (known !== undefined) return known;
    const is =
      (kept.holdings.get(address) ?? []).some(wasInside) ||
      (kept.ranges ?? NO_RANGES).isInside(address);
    kept.clusterAddresses.set(address, is);
    return is;
  },
});
