import {
  type Connection,
  type Endpoint,
  type Facts,
  type ObservedFlow,
  type PodFact,
  Protocol,
} from '../../src/netpol/index.js';
import { type Random, randomFrom } from './random.js';

/** A cluster as the product knows it: one fact per deployment, without a node, with the addresses of its pods. */
export type ProductSize = {
  readonly deployments: number;
  /** Distinct flows: no two have the same ends, port and protocol. */
  readonly flows: number;
  readonly seed: number;
};

const PER_NAMESPACE = 20;
const NODES = 60;
const OUTSIDE = 1_500;
const NAMES = 600;
const BLOCKS = 120;
const STRANGERS = 40;

const PORTS = [80, 443, 5432, 6379, 8000, 8080, 8443, 9090, 9092, 9100] as const;

const namespaceOf = (place: number): string => `team-${Math.floor(place / PER_NAMESPACE)}`;

const addressOf = (place: number, replica: number): string =>
  `10.${64 + replica}.${place >> 8}.${place & 255}`;

function podOf(place: number): PodFact {
  const name = `app-${place}`;
  return {
    key: `deployment-${place}`,
    namespace: namespaceOf(place),
    name,
    labels: { app: name, tier: place % 3 === 0 ? 'web' : 'service' },
    addresses: [0, 1].slice(0, place % 3).map(replica => addressOf(place, replica)),
    hostNetwork: place % 97 === 96,
    ports: [{ name: 'http', port: PORTS[place % PORTS.length] ?? 80, protocol: Protocol.TCP }],
    node: null,
    workload: { kind: 'Deployment', name },
  };
}

const DNS: PodFact = {
  key: 'dns',
  namespace: 'kube-system',
  name: 'coredns',
  labels: { 'k8s-app': 'kube-dns' },
  addresses: ['10.63.0.10'],
  hostNetwork: false,
  ports: [
    { name: 'dns', port: 53, protocol: Protocol.UDP },
    { name: 'dns-tcp', port: 53, protocol: Protocol.TCP },
  ],
  node: null,
  workload: { kind: 'Deployment', name: 'coredns' },
};

function factsOf({ deployments }: ProductSize): Facts {
  const pods = Array.from({ length: deployments - 1 }, (_, place) => podOf(place));
  const names = new Set(pods.map(({ namespace }) => namespace));
  return {
    namespaces: [...names, 'kube-system'].map(name => ({ name, labels: { team: name } })),
    pods: [...pods, DNS],
    nodes: Array.from({ length: NODES }, (_, place) => ({
      name: `node-${place}`,
      labels: {},
      addresses: [`10.1.0.${place}`],
    })),
    services: pods.map(({ namespace, name, ports, labels }, place) => ({
      namespace,
      name,
      type: 'ClusterIP',
      clusterIps: [`10.96.${place >> 8}.${place & 255}`],
      externalIps: [],
      ports: ports.map(port => ({ ...port, targetPort: port.port, nodePort: null })),
      selector: { app: labels['app'] ?? '' },
    })),
    routes: [],
  };
}

/** Ends outside the inventory, in the shares in which clusters show them. */
function otherEnd(random: Random): Endpoint {
  const share = random.number(100);
  if (share < 45) {
    const place = random.number(OUTSIDE);
    return { kind: 'address', address: `203.${place % 7}.${place % 110}.${place % 250}` };
  }
  if (share < 70) return { kind: 'domain', name: `api-${random.number(NAMES)}.example.com` };
  if (share < 80) return { kind: 'block', cidr: `198.51.${random.number(BLOCKS)}.0/24` };
  if (share < 90) return { kind: 'node', name: `node-${random.number(NODES)}` };
  return { kind: 'unresolved', reason: `who \`10.9.0.${random.number(STRANGERS)}\` is` };
}

const nameOf = (end: Endpoint): string => ('key' in end ? `shop/${end.key}` : JSON.stringify(end));

const keyed = (pod: PodFact | undefined): Endpoint => ({ kind: 'pod', key: pod?.key ?? '' });

/** Deployments talk to some of the sixty that come after them. */
function anyConnection(random: Random, pods: readonly PodFact[]): Connection {
  const place = random.number(pods.length);
  const pod = keyed(pods[place]);
  const near = (place + 1 + random.number(60)) % pods.length;
  const other = random.chance(0.7) ? keyed(pods[near]) : otherEnd(random);
  const [source, destination] = random.chance(0.3) ? [other, pod] : [pod, other];
  return {
    source,
    destination,
    port: random.chance(0.02) ? null : random.pick(PORTS),
    protocol: random.chance(0.95) ? 'TCP' : 'UDP',
  };
}

function connectionsOf({ flows, seed }: ProductSize, { pods }: Facts): readonly Connection[] {
  const random = randomFrom(seed);
  const found = new Map<string, Connection>();
  while (found.size < flows) {
    const connection = anyConnection(random, pods);
    const { source, destination, port, protocol } = connection;
    found.set(`${nameOf(source)} ${nameOf(destination)} ${port} ${protocol}`, connection);
  }
  return [...found.values()];
}

const observed = (connection: Connection, place: number): ObservedFlow => ({
  ...connection,
  id: `flow-${place}`,
  names: { source: nameOf(connection.source), destination: nameOf(connection.destination) },
  evidence: {
    flows: 1,
    firstSeenAt: '2026-01-01T00:00:00.000Z',
    lastSeenAt: '2026-01-08T00:00:00.000Z',
    days: ['2026-01-01', '2026-01-08'],
    events: 12n,
  },
});

/** The same for the same seed: seven flows in ten between two deployments, the others with ends of every kind. */
export function productCluster(size: ProductSize) {
  const facts = factsOf(size);
  const connections = connectionsOf(size, facts);
  return { facts, connections, flows: () => connections.map(observed) };
}
