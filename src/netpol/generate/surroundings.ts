import { type Address, isV4, parseAddress } from '../addresses/address.js';
import { isController } from '../controller-like.js';
import type { Facts, NamespaceFact, NodeFact, PodFact } from '../facts.js';
import { METADATA_NAME } from '../labels.js';
import { Direction } from '../policy.js';
import { remembered } from '../remembered.js';
import { declaredPorts } from './declared-ports.js';
import { dnsPods, dnsPortsOf } from './dns-pods.js';
import { asksDns, type Query, servedDns, withBoth } from './dns-ports.js';
import type { PeerDraft, PortDraft } from './draft.js';
import { type Entrance, entrancesOf } from './entrances.js';
import type { AllOptions } from './options.js';
import { scrapersOf } from './scrapers.js';
import { type Scrape, scrapesIn } from './scrapes.js';
import { type Identity, identityOf } from './selector.js';

/** What all policies of one generation are made with. */
export type Surroundings = {
  readonly facts: Facts;
  readonly options: AllOptions;
  readonly pod: (key: string) => PodFact | undefined;
  readonly namespace: (name: string) => NamespaceFact | undefined;
  readonly identity: (pod: PodFact) => Identity;
  /** `podPeer` and `addressPeer`, one object for each peer: many rules have the same. */
  readonly podPeer: (subject: PodFact, peer: PodFact) => PeerDraft | null;
  readonly addressPeer: (address: string) => PeerDraft;
  /** The pods that answer DNS. */
  readonly dns: readonly PodFact[];
  /** Where one of these listens. */
  readonly dnsPorts: (pod: PodFact) => readonly number[];
  readonly asksDns: (flow: Query) => boolean;
  /** The pods of ingress controllers. */
  readonly controllers: readonly PodFact[];
  /** Ports that a container or Service names (`portKey`). */
  readonly declared: (pod: PodFact) => ReadonlySet<string>;
  /** Addresses at which the API server answers. */
  readonly apiServer: readonly string[];
  readonly addressesOfNode: (name: string) => readonly string[];
  /** Where nodes are reached, and where they speak from, as blocks in numeric order; empty: not known. */
  readonly nodes: Readonly<Record<Direction, readonly PeerDraft[]>>;
  /** Where the API server speaks from: where it answers, and the tunnels of its nodes. */
  readonly apiServerSpeaks: readonly string[];
  readonly entrances: (pod: PodFact) => readonly Entrance[];
  /** Backends of routes, one for each workload, with the ports that routes lead to. */
  readonly routed: () => readonly Routed[];
  /** The pods that scrape, one for each workload. */
  readonly scrapers: readonly PodFact[];
  readonly scrapes: (pod: PodFact) => readonly Scrape[];
  /** The pods that are to be scraped, one for each workload. */
  readonly scraped: readonly PodFact[];
  /** Everybody outside, of each family of addresses that the cluster has. */
  readonly everybody: readonly PeerDraft[];
};

/** OpenShift marks the namespaces of ingress controllers so, for policies to select. */
const INGRESS_LABEL = 'network.openshift.io/policy-group';

export const namespacePeer = (name: string): PeerDraft => ({
  kind: 'namespace',
  namespaceLabels: { [METADATA_NAME]: name },
});

/** The pods of a workload as a peer; null where no label tells them apart. */
function podPeer(
  subject: Pick<PodFact, 'namespace'>,
  peer: PodFact,
  around: Pick<Surroundings, 'namespace' | 'identity'>,
): PeerDraft | null {
  const group = around.namespace(peer.namespace)?.labels[INGRESS_LABEL];
  if (group === 'ingress')
    return { kind: 'namespace', namespaceLabels: { [INGRESS_LABEL]: 'ingress' } };
  const { matchLabels } = around.identity(peer);
  if (Object.keys(matchLabels).length === 0) return null;
  const same = subject.namespace === peer.namespace;
  return {
    kind: 'pods',
    namespaceLabels: same ? null : { [METADATA_NAME]: peer.namespace },
    podLabels: matchLabels,
  };
}

export const blockPeer = (cidr: string): PeerDraft => ({ kind: 'block', cidr });

export const addressPeer = (address: string): PeerDraft =>
  blockPeer(`${address}/${address.includes(':') ? 128 : 32}`);

const numberOf = (text: string): Address => parseAddress(text.split('/')[0] ?? '') ?? 0;

/** IPv4 before IPv6, each by number. */
export function compareAddresses(one: string, other: string): number {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (isV4(first) !== isV4(second)) return isV4(first) ? -1 : 1;
  if (first === second) return one < other ? -1 : 1;
  return first < second ? -1 : 1;
}

const sortedOnce = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)].toSorted(compareAddresses);

const nodePeers = (addresses: readonly string[], { nodeBlocks }: AllOptions) =>
  nodeBlocks.length > 0
    ? sortedOnce(nodeBlocks).map(blockPeer)
    : sortedOnce(addresses).map(addressPeer);

/** A node speaks to pods of other nodes by the address of its tunnel, where the network has one. */
const speakingOf = ({ addresses, tunnels = [] }: NodeFact): readonly string[] => [
  ...addresses,
  ...tunnels,
];

function apiServerSpeaks({ apiServer = [], nodes }: Facts): readonly string[] {
  const own = nodes.filter(({ addresses }) =>
    addresses.some(address => apiServer.includes(address)),
  );
  return sortedOnce([...apiServer, ...own.flatMap(({ tunnels = [] }) => tunnels)]);
}

function everybodyOf({ pods, nodes, services }: Facts): readonly PeerDraft[] {
  const all = [...pods, ...nodes].flatMap(({ addresses }) => addresses);
  const clusterIps = services.flatMap(service => [...service.clusterIps, ...service.externalIps]);
  const isV6 = (text: string): boolean => text.includes(':');
  return [...all, ...clusterIps].some(isV6)
    ? [blockPeer('0.0.0.0/0'), blockPeer('::/0')]
    : [blockPeer('0.0.0.0/0')];
}

type Routed = { readonly pod: PodFact; readonly ports: readonly PortDraft[] };

const routedAmong = (
  pods: readonly PodFact[],
  entrances: Surroundings['entrances'],
): readonly Routed[] =>
  pods
    .map(pod => ({
      pod,
      ports: entrances(pod)
        .filter(({ from }) => from === 'controller')
        .flatMap(({ ports }) => ports),
    }))
    .filter(({ ports }) => ports.length > 0);

export function surroundingsOf(facts: Facts, options: AllOptions): Surroundings {
  const pods = new Map(facts.pods.map(pod => [pod.key, pod]));
  const namespaces = new Map(facts.namespaces.map(namespace => [namespace.name, namespace]));
  const nodes = new Map(facts.nodes.map(node => [node.name, node]));
  const byNamespace = Map.groupBy(facts.pods, pod => pod.namespace);
  const identity = remembered((pod: PodFact) =>
    identityOf(pod, byNamespace.get(pod.namespace) ?? []),
  );
  const known = { namespace: (name: string) => namespaces.get(name), identity };
  const speakers = facts.pods.filter(({ memberOf }) => memberOf === undefined);
  const scrapes = scrapesIn(facts);
  const served = servedDns(facts);
  const entrancesOn = entrancesOf(facts);
  const entrances = remembered((pod: PodFact) =>
    entrancesOn(pod).map(each => ({ ...each, ports: withBoth(each.ports, served(pod)) })),
  );
  const routed = remembered((_once: null) => routedAmong(speakers, entrances));
  const within = remembered((subject: string) =>
    remembered((peer: PodFact) => podPeer({ namespace: subject }, peer, known)),
  );
  return {
    facts,
    options,
    pod: key => pods.get(key),
    ...known,
    podPeer: (subject, peer) => within(subject.namespace)(peer),
    addressPeer: remembered(addressPeer),
    dns: dnsPods(facts),
    dnsPorts: dnsPortsOf(facts),
    asksDns: asksDns(facts),
    declared: declaredPorts(facts),
    controllers: facts.pods.filter(isController),
    apiServer: [...(facts.apiServer ?? [])].toSorted(compareAddresses),
    addressesOfNode: name => nodes.get(name)?.addresses ?? [],
    nodes: {
      [Direction.EGRESS]: nodePeers(
        facts.nodes.flatMap(({ addresses }) => addresses),
        options,
      ),
      [Direction.INGRESS]: nodePeers(facts.nodes.flatMap(speakingOf), options),
    },
    apiServerSpeaks: apiServerSpeaks(facts),
    entrances,
    routed: () => routed(null),
    scrapers: scrapersOf(speakers),
    scrapes,
    scraped: speakers.filter(pod => scrapes(pod).length > 0),
    everybody: everybodyOf(facts),
  };
}

/** A pod as peers of rules for the subject: on the host's network those of the nodes. None where nothing can name it. */
export function peersOfPod(
  subject: PodFact,
  pod: PodFact,
  around: Surroundings,
  direction: Direction,
): readonly PeerDraft[] {
  if (pod.hostNetwork) return around.nodes[direction];
  const peer = around.podPeer(subject, pod);
  return peer === null ? [] : [peer];
}
