import fc from 'fast-check';
import {
  Action,
  type ContainerPort,
  EVERYTHING,
  type Facts,
  type Modes,
  type Peer,
  type PodFact,
  type Policy,
  type PortMatch,
  type Requirement,
  type Selector,
  SelectorOperator,
  type ServiceFact,
  Tier,
} from '../../../src/netpol/index.js';
import { adminPolicy, facts, networkPolicy, pod } from './build.js';

/** Small worlds: few names, so that selectors, blocks and ports meet often. */
const NAMESPACES = ['a', 'b', 'c'] as const;
const KEYS = ['app', 'tier'] as const;
const VALUES = ['x', 'y', ''] as const;
const NODES = ['n1', 'n2'] as const;
const NAMES = ['http', 'dns'] as const;
const PORTS = [53, 80, 81, 443, 8080] as const;
const CIDRS = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.0.0.0/30',
  '10.0.0.4/31',
  '10.0.0.5/32',
  '192.168.0.0/24',
  '128.0.0.0/1',
  'fd00::/8',
  '::/0',
] as const;

const requirement: fc.Arbitrary<Requirement> = fc
  .record({
    key: fc.constantFrom(...KEYS),
    operator: fc.constantFrom(...Object.values(SelectorOperator)),
    values: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
  })
  .map(({ key, operator, values }) => ({
    key,
    operator,
    values:
      operator === SelectorOperator.IN || operator === SelectorOperator.NOT_IN
        ? [...values].sort()
        : [],
  }));

const selector: fc.Arbitrary<Selector> = fc
  .oneof(
    { weight: 2, arbitrary: fc.constant(EVERYTHING) },
    { weight: 3, arbitrary: fc.array(requirement, { minLength: 1, maxLength: 2 }) },
  )
  .map(choice => ('requirements' in choice ? choice : { requirements: choice }));

const namespaceSelector: fc.Arbitrary<Selector> = fc.oneof(
  selector,
  fc.constantFrom(...NAMESPACES).map(name => ({
    requirements: [
      { key: 'kubernetes.io/metadata.name', operator: SelectorOperator.IN, values: [name] },
    ],
  })),
);

const cidr = fc.constantFrom(...CIDRS);

const podsPeer: fc.Arbitrary<Peer> = fc.record({
  kind: fc.constant('pods' as const),
  namespaces: fc.oneof(fc.constant(null), namespaceSelector),
  pods: selector,
});

const blockPeer: fc.Arbitrary<Peer> = fc
  .record({ cidr, except: fc.array(cidr, { maxLength: 1 }) })
  .map(parts => ({ kind: 'ip-block', ...parts }));

const adminPeer: fc.Arbitrary<Peer> = fc.oneof(
  { weight: 4, arbitrary: podsPeer },
  {
    weight: 2,
    arbitrary: fc
      .array(cidr, { minLength: 1, maxLength: 2 })
      .map(cidrs => ({ kind: 'networks' as const, cidrs })),
  },
  { weight: 1, arbitrary: selector.map(nodes => ({ kind: 'nodes' as const, nodes })) },
  {
    weight: 1,
    arbitrary: fc.constant({ kind: 'domain-names' as const, names: ['*.example.com'] }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'unknown' as const }) },
);

const portMatch = (anyProtocol: boolean): fc.Arbitrary<PortMatch> =>
  fc.oneof(
    fc
      .record({
        protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
        from: fc.constantFrom(...PORTS, 1),
        length: fc.constantFrom(0, 1, 65_535),
      })
      .map(({ protocol, from, length }) => ({
        kind: 'range' as const,
        protocol,
        from,
        to: Math.min(65_535, from + length),
      })),
    fc.record({
      kind: fc.constant('named' as const),
      name: fc.constantFrom(...NAMES),
      protocol: anyProtocol ? fc.constant(null) : fc.constantFrom('TCP' as const, 'UDP' as const),
    }),
  );

const ruleParts = (peer: fc.Arbitrary<Peer>, admin: boolean) =>
  fc.record({
    peers: fc.option(fc.array(peer, { minLength: 1, maxLength: 2 }), { freq: 5 }),
    ports: fc.option(fc.array(portMatch(admin), { minLength: 1, maxLength: 2 }), { freq: 2 }),
    action: admin ? fc.constantFrom(...Object.values(Action)) : fc.constant(Action.ALLOW),
  });

const sections = (peer: fc.Arbitrary<Peer>, admin: boolean) => ({
  name: fc.string({ minLength: 3, maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') }),
  pods: selector,
  ingress: fc.option(fc.array(ruleParts(peer, admin), { maxLength: 3 }), { freq: 3 }),
  egress: fc.option(fc.array(ruleParts(peer, admin), { maxLength: 3 }), { freq: 3 }),
});

const ordinaryPolicy: fc.Arbitrary<Policy> = fc
  .record({
    ...sections(
      fc.oneof({ weight: 3, arbitrary: podsPeer }, { weight: 1, arbitrary: blockPeer }),
      false,
    ),
    namespace: fc.constantFrom(...NAMESPACES),
  })
  .map(networkPolicy);

/** Peers of the admin tiers always say which namespaces they mean. */
const clusterPeer = adminPeer.map(
  (peer): Peer =>
    peer.kind === 'pods' ? { ...peer, namespaces: peer.namespaces ?? EVERYTHING } : peer,
);

const clusterPolicy: fc.Arbitrary<Policy> = fc
  .record({
    ...sections(clusterPeer, true),
    namespaces: namespaceSelector,
    priority: fc.constantFrom(1, 2, 3),
    tier: fc.constantFrom(Tier.ADMIN, Tier.BASELINE),
  })
  .map(adminPolicy);

export const policies: fc.Arbitrary<readonly Policy[]> = fc
  .tuple(fc.array(ordinaryPolicy, { maxLength: 4 }), fc.array(clusterPolicy, { maxLength: 3 }))
  .map(([ordinary, cluster]) => [...ordinary, ...cluster]);

const labels = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
  maxKeys: 2,
});

const containerPort: fc.Arbitrary<ContainerPort> = fc.record({
  name: fc.option(fc.constantFrom(...NAMES), { freq: 4 }),
  port: fc.constantFrom(...PORTS),
  protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
});

const podParts = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  labels,
  addresses: fc.uniqueArray(
    fc.constantFrom('10.0.0.1', '10.0.0.5', '10.0.0.9', '11.0.0.1', 'fd00::1'),
    { maxLength: 2 },
  ),
  hostNetwork: fc.boolean().chain(first => (first ? fc.boolean() : fc.constant(false))),
  ports: fc.array(containerPort, { maxLength: 2 }),
  node: fc.option(fc.constantFrom(...NODES, 'unlisted')),
});

/** An ordinary pod's address is its own; a hostNetwork pod has its node's. */
function podsOf(parts: readonly Omit<PodFact, 'key' | 'name' | 'workload'>[]): PodFact[] {
  const taken = new Set<string>();
  return parts.map(({ namespace, ...rest }, position) => {
    const addresses = rest.hostNetwork ? [] : rest.addresses.filter(one => !taken.has(one));
    for (const address of addresses) taken.add(address);
    return pod(`${namespace}/p${position}`, { ...rest, addresses });
  });
}

const service: fc.Arbitrary<ServiceFact> = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom('svc', 'web'),
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
  clusterIps: fc.constantFrom<string[][]>(['10.96.0.1'], ['10.96.0.2'], ['None'], []),
  externalIps: fc.constantFrom<string[][]>([], ['203.0.113.9']),
  ports: fc.array(
    fc.record({
      name: fc.constant(null),
      port: fc.constantFrom(80, 443),
      protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
      targetPort: fc.constantFrom<(number | string)[]>(8080, 'http', 53),
      nodePort: fc.option(fc.constantFrom(30_080, 30_081)),
    }),
    { maxLength: 2 },
  ),
  selector: fc.option(labels, { freq: 5 }),
});

export const worlds: fc.Arbitrary<Facts> = fc
  .record({
    pods: fc.array(podParts, { minLength: 2, maxLength: 7 }).map(podsOf),
    namespaces: fc.tuple(labels, labels).map(([one, two]) => [
      { name: 'a', labels: one },
      { name: 'b', labels: two },
    ]),
    nodes: fc.tuple(labels, labels).map(([one, two]) => [
      { name: 'n1', labels: one, addresses: ['192.168.0.1'] },
      { name: 'n2', labels: two, addresses: ['192.168.1.1', 'fd00::ffff'] },
    ]),
    services: fc.array(service, { maxLength: 2 }),
  })
  .map(facts);

export const modes: fc.Arbitrary<Modes> = fc.record({
  hostNetwork: fc.constantFrom('nodes' as const, 'pods' as const),
  ipBlockPods: fc.constantFrom('never' as const, 'by-address' as const),
});

/** Addresses and blocks on both sides of every bound, and every other kind of end. */
export const OUTSIDE_ENDS = [
  '0.0.0.0',
  '9.255.255.255',
  '10.0.0.2',
  '10.0.0.5',
  '10.96.0.1',
  '128.0.0.0',
  '192.168.0.1',
  '192.168.0.7',
  '203.0.113.9',
  '255.255.255.255',
  'fd00::2',
  '2001:db8::1',
  '10.0.0.0/29',
  '12.0.0.0/8',
  'node:n1',
  'node:unlisted',
  'node:nowhere',
  'ingress-controller',
  'domain=www.example.com',
  'domain=example.com',
  'service=a/svc',
  'service=b/web',
  '?',
] as const;

/** Each port next to which some rule may change its mind. */
export const ASKED_PORTS = [1, 52, 53, 54, 80, 81, 82, 443, 8080, 30_080, 65_535, null] as const;
