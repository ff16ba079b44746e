import {
  Action,
  type Connection,
  type Endpoint,
  EVERYTHING,
  type Facts,
  type Labels,
  type NamespaceFact,
  type Peer,
  type PodFact,
  type Policy,
  type PortMatch,
  type Rule,
  type Selector,
  SelectorOperator,
  type ServiceFact,
  Tier,
} from '../../../src/netpol/index.js';

const PLACE = { file: null, line: 1, column: 1 };

/** `{ app: 'web' }` as matchLabels. */
export const labelled = (labels: Labels): Selector => ({
  requirements: Object.entries(labels).map(([key, value]) => ({
    key,
    operator: SelectorOperator.IN,
    values: [value],
  })),
});

export const named = (name: string): Selector => labelled({ 'kubernetes.io/metadata.name': name });

export const anyPod: Peer = { kind: 'pods', namespaces: EVERYTHING, pods: EVERYTHING };

export const podsLabelled = (labels: Labels): Peer => ({
  kind: 'pods',
  namespaces: null,
  pods: labelled(labels),
});

export const namespaceNamed = (name: string): Peer => ({
  kind: 'pods',
  namespaces: named(name),
  pods: EVERYTHING,
});

export const block = (cidr: string, ...except: string[]): Peer => ({
  kind: 'ip-block',
  cidr,
  except,
});

export const networks = (...cidrs: string[]): Peer => ({ kind: 'networks', cidrs });

export const tcp = (from: number, to = from): PortMatch => ({
  kind: 'range',
  protocol: 'TCP',
  from,
  to,
});
export const udp = (from: number, to = from): PortMatch => ({
  kind: 'range',
  protocol: 'UDP',
  from,
  to,
});
export const portNamed = (name: string, protocol: 'TCP' | 'UDP' | null = 'TCP'): PortMatch => ({
  kind: 'named',
  protocol,
  name,
});

type RuleParts = {
  readonly peers?: readonly Peer[] | null;
  readonly ports?: readonly PortMatch[] | null;
  readonly action?: Action;
};

export const rule = (parts: RuleParts = {}, index = 0): Rule => ({
  action: parts.action ?? Action.ALLOW,
  peers: parts.peers ?? null,
  ports: parts.ports ?? null,
  name: null,
  index,
  place: PLACE,
});

type PolicyParts = {
  readonly name?: string;
  readonly namespace?: string;
  readonly pods?: Selector;
  readonly ingress?: readonly RuleParts[] | null;
  readonly egress?: readonly RuleParts[] | null;
};

const rules = (parts: readonly RuleParts[] | null | undefined) =>
  parts?.map((part, index) => rule(part, index)) ?? null;

/** A NetworkPolicy in the namespace `shop` that selects all its pods, unless said otherwise. */
export const networkPolicy = (parts: PolicyParts): Policy => ({
  kind: 'NetworkPolicy',
  apiVersion: 'networking.k8s.io/v1',
  tier: Tier.NETWORK_POLICY,
  namespace: parts.namespace ?? 'shop',
  name: parts.name ?? 'policy',
  priority: 0,
  subject: { namespaces: null, pods: parts.pods ?? EVERYTHING },
  ingress: rules(parts.ingress),
  egress: rules(parts.egress),
  place: PLACE,
  document: null,
});

type AdminParts = PolicyParts & {
  readonly priority?: number;
  readonly namespaces?: Selector;
  readonly tier?: Tier;
};

/** A policy of the admin tier over all pods, unless said otherwise. */
export const adminPolicy = (parts: AdminParts): Policy => ({
  ...networkPolicy(parts),
  kind: 'ClusterNetworkPolicy',
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  tier: parts.tier ?? Tier.ADMIN,
  namespace: null,
  priority: parts.priority ?? 10,
  subject: { namespaces: parts.namespaces ?? EVERYTHING, pods: parts.pods ?? EVERYTHING },
});

export const baselinePolicy = (parts: AdminParts): Policy =>
  adminPolicy({ ...parts, tier: Tier.BASELINE });

type PodParts = Partial<Omit<PodFact, 'key' | 'name' | 'namespace'>>;

/** `shop/web` with the label `app: web`, unless said otherwise. */
export const pod = (key: string, parts: PodParts = {}): PodFact => {
  const [namespace = '', name = ''] = key.split('/');
  return {
    key,
    namespace,
    name,
    labels: { app: name },
    addresses: [],
    hostNetwork: false,
    ports: [],
    node: null,
    workload: { kind: 'Deployment', name },
    ...parts,
  };
};

export const namespace = (name: string, labels: Labels = {}): NamespaceFact => ({ name, labels });

/** A Service of `shop/api`'s pods, from port 80 to what they call `http`. */
export const service = (parts: Partial<ServiceFact> = {}): ServiceFact => ({
  namespace: 'shop',
  name: 'api',
  type: 'ClusterIP',
  clusterIps: ['10.96.0.1'],
  externalIps: [],
  ports: [{ name: null, port: 80, protocol: 'TCP', targetPort: 'http', nodePort: null }],
  selector: { app: 'api' },
  ...parts,
});

export const facts = (parts: Partial<Facts>): Facts => ({
  namespaces: [],
  pods: [],
  nodes: [],
  services: [],
  routes: [],
  ...parts,
});

/** `shop/web` is a pod, `10.0.0.1` an address, `10.0.0.0/8` a block, `node:a` a node. */
export function end(text: string): Endpoint {
  if (/^[\d.]+$|^[\da-f]*:[\da-f:]*$/i.test(text)) return { kind: 'address', address: text };
  if (/\/\d+$/.test(text)) return { kind: 'block', cidr: text };
  if (text.startsWith('node:')) return { kind: 'node', name: text.slice(5) };
  if (text === 'ingress-controller') return { kind: 'ingress-controller' };
  if (text === '?') return { kind: 'unresolved', reason: 'a name for `?`' };
  const [kind, name] = text.split('=');
  if (kind === 'service') {
    const [where = '', what = ''] = (name ?? '').split('/');
    return { kind: 'service', namespace: where, name: what };
  }
  return kind === 'domain' ? { kind: 'domain', name: name ?? '' } : { kind: 'pod', key: text };
}

/** `shop/web -> shop/api TCP 80`; without a number the port is not known. */
export function connection(text: string): Connection {
  const [source = '', , destination = '', protocol = 'TCP', port] = text.split(' ');
  return {
    source: end(source),
    destination: end(destination),
    protocol,
    port: port === undefined ? null : Number(port),
  };
}
