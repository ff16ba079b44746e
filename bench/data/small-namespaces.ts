import {
  Action,
  EVERYTHING,
  type Facts,
  type Labels,
  type Peer,
  type PodFact,
  type Policy,
  type PortMatch,
  type Rule,
  type Selector,
  SelectorOperator,
  Tier,
} from '../../src/netpol/index.js';

/** A cluster of many small namespaces, as values: the shape of the largest test that Antrea's controller has. */
export type SmallNamespaces = { readonly facts: Facts; readonly policies: readonly Policy[] };

const PODS = 4;
const PLACE = { file: null, line: 1, column: 1 };

const labelled = (labels: Labels): Selector => ({
  requirements: Object.entries(labels).map(([key, value]) => ({
    key,
    operator: SelectorOperator.IN,
    values: [value],
  })),
});

const pods = (namespaces: Selector | null, labels: Labels): Peer => ({
  kind: 'pods',
  namespaces,
  pods: labelled(labels),
});

const tcp = (port: number): PortMatch => ({ kind: 'range', protocol: 'TCP', from: port, to: port });

const allow = (peers: readonly Peer[], ports: readonly PortMatch[]): readonly Rule[] => [
  { action: Action.ALLOW, peers, ports, name: null, index: 0, place: PLACE },
];

type Rules = {
  readonly name: string;
  readonly subject: Selector;
  readonly ingress: readonly Rule[] | null;
  readonly egress?: readonly Rule[];
};

const policyOf = (namespace: string, { name, subject, ingress, egress }: Rules): Policy => ({
  kind: 'NetworkPolicy',
  apiVersion: 'networking.k8s.io/v1',
  tier: Tier.NETWORK_POLICY,
  namespace,
  name,
  priority: 0,
  subject: { namespaces: null, pods: subject },
  ingress,
  egress: egress ?? null,
  place: PLACE,
  document: null,
});

/** A default deny of ingress, and two policies: the first pair of pods talks, and another namespace may come in. */
export function namespacePolicies(place: number, namespaces: number): readonly Policy[] {
  const namespace = `namespace-${place}`;
  const neighbour = labelled({
    'kubernetes.io/metadata.name': `namespace-${(place + 1) % namespaces}`,
  });
  return [
    policyOf(namespace, { name: 'default-deny', subject: EVERYTHING, ingress: [] }),
    policyOf(namespace, {
      name: 'from-own',
      subject: labelled({ app: 'app-1' }),
      ingress: allow([pods(null, { app: 'app-2' })], [tcp(80)]),
      egress: allow([pods(null, { app: 'app-2' })], [tcp(5432)]),
    }),
    policyOf(namespace, {
      name: 'from-neighbour',
      subject: labelled({ app: 'app-2' }),
      ingress: allow([pods(neighbour, { app: 'app-1' })], [tcp(8080)]),
    }),
  ];
}

/** Two pods each of `app-1` and `app-2`. */
const podOf = (namespace: string, pod: number, number: number): PodFact => {
  const app = `app-${1 + Math.floor(pod / 2)}`;
  const address = 0x0a00_0000 + number;
  return {
    key: `${namespace}/${app}-${pod}`,
    namespace,
    name: `${app}-${pod}`,
    labels: { app },
    addresses: [[24, 16, 8, 0].map(shift => (address >>> shift) & 255).join('.')],
    hostNetwork: false,
    ports: [],
    node: `node-${number % 1_000}`,
    workload: { kind: 'Deployment', name: app },
  };
};

export function smallNamespaces(namespaces: number): SmallNamespaces {
  const places = Array.from({ length: namespaces }, (_, place) => place);
  return {
    facts: {
      namespaces: places.map(place => ({ name: `namespace-${place}`, labels: {} })),
      pods: places.flatMap(place =>
        Array.from({ length: PODS }, (_, pod) =>
          podOf(`namespace-${place}`, pod, place * PODS + pod),
        ),
      ),
      nodes: [],
      services: [],
      routes: [],
    },
    policies: places.flatMap(place => namespacePolicies(place, namespaces)),
  };
}
