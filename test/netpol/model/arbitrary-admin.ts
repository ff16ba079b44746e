import fc from 'fast-check';
import { PORT_NAMES } from './arbitrary-inventory.js';
import { BLOCKS, namespaceSelector, podSelector } from './arbitrary-policy.js';
import { NODE_WORDS, oneOf, selectorOf, weighted } from './arbitrary-selector.js';
import type { AdminPeer, AdminPolicy, AdminPort, AdminProtocol, AdminRule } from './objects.js';

type Kind = AdminPolicy['kind'];
type Subject = AdminPolicy['spec']['subject'];

const pods = fc.record({ namespaceSelector, podSelector });

const subject: fc.Arbitrary<Subject> = weighted<Subject>(
  [3, fc.record({ namespaces: namespaceSelector })],
  [2, fc.record({ pods })],
);

const podPeer: fc.Arbitrary<AdminPeer> = weighted<AdminPeer>(
  [3, fc.record({ namespaces: namespaceSelector })],
  [3, fc.record({ pods })],
);

const unknownPeer: fc.Arbitrary<AdminPeer> = oneOf<AdminPeer>({}, { futureField: 'x' });

const placePeer: fc.Arbitrary<AdminPeer> = weighted<AdminPeer>(
  [1, fc.record({ nodes: selectorOf(NODE_WORDS) })],
  [2, fc.subarray([...BLOCKS], { minLength: 1, maxLength: 2 }).map(networks => ({ networks }))],
);

export const DOMAINS = ['*.example.com', 'example.com', 'www.example.com.', 'other.org'] as const;

const domainPeer: fc.Arbitrary<AdminPeer> = fc
  .subarray([...DOMAINS], { minLength: 1, maxLength: 2 })
  .map(domainNames => ({ domainNames }));

const protocol = oneOf<string>('TCP', 'TCP', 'UDP', 'SCTP');

const oldPort: fc.Arbitrary<AdminPort> = weighted<AdminPort>(
  [3, fc.record({ portNumber: fc.record({ protocol, port: oneOf(53, 80, 443, 8080) }) })],
  [
    2,
    fc.record({
      portRange: fc.record({ protocol, start: oneOf(1, 53), end: oneOf(80, 443, 65535) }),
    }),
  ],
  [3, fc.record({ namedPort: oneOf(...PORT_NAMES) })],
);

const transport = weighted(
  [3, oneOf(53, 80, 443, 8080).map(number => ({ destinationPort: { number } }))],
  [2, oneOf(80, 443, 65535).map(end => ({ destinationPort: { range: { start: 53, end } } }))],
  [1, fc.constant({})],
);

const newProtocol: fc.Arbitrary<AdminProtocol> = weighted<AdminProtocol>(
  [3, transport.map(tcp => ({ tcp }))],
  [1, transport.map(udp => ({ udp }))],
  [1, transport.map(sctp => ({ sctp }))],
  [3, fc.record({ destinationNamedPort: oneOf(...PORT_NAMES) })],
);

const portsOf = (kind: Kind) => {
  const some = { minLength: 1, maxLength: 2 };
  return kind === 'ClusterNetworkPolicy'
    ? fc.array(newProtocol, some).map(protocols => ({ protocols }))
    : fc.array(oldPort, some).map(ports => ({ ports }));
};

const peersOf = (kind: Kind, action: string, direction: 'ingress' | 'egress') => {
  const egress = direction === 'egress';
  const domains = egress && kind !== 'BaselineAdminNetworkPolicy' && /Allow|Accept/.test(action);
  return fc.array(
    weighted<AdminPeer>(
      [9, podPeer],
      [egress ? 14 : 0, placePeer],
      [domains ? 5 : 0, domainPeer],
      [1, unknownPeer],
    ),
    { minLength: 1, maxLength: 2 },
  );
};

const ACTIONS: Readonly<Record<Kind, readonly string[]>> = {
  AdminNetworkPolicy: ['Allow', 'Deny', 'Pass'],
  BaselineAdminNetworkPolicy: ['Allow', 'Deny'],
  ClusterNetworkPolicy: ['Accept', 'Deny', 'Pass'],
};

const ruleOf = (kind: Kind, direction: 'ingress' | 'egress'): fc.Arbitrary<AdminRule> =>
  oneOf(...ACTIONS[kind]).chain(action =>
    peersOf(kind, action, direction).chain(peers =>
      weighted<Pick<AdminRule, 'ports' | 'protocols'>>(
        [2, fc.constant({})],
        [3, portsOf(kind)],
      ).map(match => ({
        action,
        ...(direction === 'egress' ? { to: peers } : { from: peers }),
        ...match,
      })),
    ),
  );

const rulesOf = (kind: Kind, direction: 'ingress' | 'egress') =>
  fc.array(ruleOf(kind, direction), { maxLength: 3 });

const VERSIONS: Readonly<Record<Kind, fc.Arbitrary<AdminPolicy['apiVersion']>>> = {
  AdminNetworkPolicy: fc.constant('policy.networking.k8s.io/v1alpha1'),
  BaselineAdminNetworkPolicy: fc.constant('policy.networking.k8s.io/v1alpha1'),
  ClusterNetworkPolicy: oneOf(
    'policy.networking.k8s.io/v1alpha2',
    'policy.networking.k8s.io/v1beta1',
  ),
};

/** Few priorities, so that ties happen; 1000 is where the Baseline tier meets the BANP. */
const PRIORITIES: Readonly<Record<Kind, fc.Arbitrary<{ priority?: number; tier?: string }>>> = {
  AdminNetworkPolicy: fc.record({ priority: oneOf(0, 1, 2, 3) }),
  BaselineAdminNetworkPolicy: fc.constant({}),
  ClusterNetworkPolicy: fc.record({
    tier: oneOf('Admin', 'Baseline'),
    priority: oneOf(0, 1, 2, 1000, 1000),
  }),
};

export const adminPolicy = (kind: Kind, index: number): fc.Arbitrary<AdminPolicy> =>
  fc
    .record({
      apiVersion: VERSIONS[kind],
      order: PRIORITIES[kind],
      subject,
      ingress: rulesOf(kind, 'ingress'),
      egress: rulesOf(kind, 'egress'),
    })
    .map(({ apiVersion, order, ...rest }) => ({
      apiVersion,
      kind,
      metadata: { name: kind === 'BaselineAdminNetworkPolicy' ? 'default' : `admin-${9 - index}` },
      spec: { ...order, ...rest },
    }));
