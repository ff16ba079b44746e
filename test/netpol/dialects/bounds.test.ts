import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import {
  compareSets,
  compile,
  type PolicyDialect,
  parsePolicies,
  type RuleOrigin,
  renderAs,
} from '../../../src/netpol/index.js';
import { facts, namespace, pod } from '../evaluation/build.js';

type Word = { readonly peer: string; readonly origin: RuleOrigin };

const policy = (name: string, spec: object): string =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'shop' },
    spec,
  });

const specs = (dialect: PolicyDialect, text: string, words: readonly Word[] = []) =>
  parseAllDocuments(renderAs(dialect, text, words).yaml).map(one => one.toJS().spec);

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const block = (cidr: string) => ({ ipBlock: { cidr } });
const WEB = { matchLabels: { app: 'web' } };

const MANY = policy('many', {
  podSelector: WEB,
  policyTypes: ['Egress'],
  egress: [
    {
      to: numbers(300).map(at => block(`192.0.${at >> 8}.${at & 255}/32`)),
      ports: numbers(90).map(port => ({ protocol: 'TCP', port: port * 2 })),
    },
  ],
});

test('no list is longer than the APIs of Cilium and Calico take, and nothing is lost by it', () => {
  const [cilium] = specs('CILIUM', MANY);
  const { toPorts, toCIDRSet } = cilium.egress[0];
  assert.deepEqual(
    toPorts.map(({ ports }: { ports: readonly object[] }) => ports.length),
    [40, 40, 10],
  );
  assert.equal(toCIDRSet.length, 300);
  const [calico] = specs('CALICO', MANY);
  const sizes = calico.egress.map(
    ({ destination }: { destination: { nets: readonly string[]; ports: readonly number[] } }) => [
      destination.nets.length,
      destination.ports.length,
    ],
  );
  assert.deepEqual(sizes, [
    [256, 50],
    [256, 40],
    [44, 50],
    [44, 40],
  ]);
});

const TO_ADDRESSES = (cidrs: readonly string[]) =>
  policy('out', {
    podSelector: WEB,
    policyTypes: ['Egress'],
    egress: [{ to: cidrs.map(block), ports: [{ protocol: 'TCP', port: 443 }] }],
  });

test('for Cilium each host of a merged rule has its name, and a block that is named like a host has none', () => {
  const peersOf = (cidrs: readonly string[], peer: string) => {
    const [{ toPorts, ...peers }] = specs('CILIUM', TO_ADDRESSES(cidrs), [
      { peer, origin: 'OBSERVED' },
    ])[0].egress;
    assert.equal(toPorts.length, 1);
    return peers;
  };
  const two = ['203.0.113.1/32', '203.0.113.9/32'];
  assert.deepEqual(peersOf(two, 'EXTERNAL:a.example.com, EXTERNAL:b.example.com'), {
    toFQDNs: [{ matchName: 'a.example.com' }, { matchName: 'b.example.com' }],
  });
  const addresses = { toCIDRSet: two.map(cidr => ({ cidr })) };
  assert.deepEqual(peersOf(two, 'EXTERNAL:a.example.com, EXTERNAL:203.0.113.9'), addresses);
  assert.deepEqual(peersOf(['203.0.113.0/24'], 'EXTERNAL:partner.net'), {
    toCIDRSet: [{ cidr: '203.0.113.0/24' }],
  });
});

test('for Cilium the node-local cache of DNS is the host', () => {
  const dns = policy('dns', {
    podSelector: WEB,
    policyTypes: ['Egress'],
    egress: [{ to: [block('169.254.20.10/32')], ports: [{ protocol: 'UDP', port: 53 }] }],
  });
  const words = [{ peer: 'DNS', origin: 'DNS' }] as const;
  const { egress } = specs('CILIUM', dns, words)[0];
  assert.deepEqual(egress.at(-1).toEntities, ['host']);
  assert.match(renderAs('CILIUM', dns, words).cannot.join(), /redirect policy/);
});

test('for Cilium nodes are entities wherever a rule holds their addresses, beside other peers too', () => {
  const from = (peers: readonly object[], peer: string) =>
    specs(
      'CILIUM',
      policy('web', { podSelector: WEB, policyTypes: ['Ingress'], ingress: [{ from: peers }] }),
      [{ peer, origin: 'ENTRANCE' }],
    )[0].ingress;
  const nodes = ['192.168.0.1/32', '192.168.0.2/32'].map(block);
  const entities = { fromEntities: ['host', 'remote-node'] };
  assert.deepEqual(from(nodes, 'Ingress shop/site on cluster nodes'), [entities]);
  assert.deepEqual(
    from([...nodes, block('203.0.113.0/24')], 'NodePort Service shop/web and cluster nodes'),
    [
      {
        fromCIDRSet: ['192.168.0.1/32', '192.168.0.2/32', '203.0.113.0/24'].map(cidr => ({ cidr })),
      },
      entities,
    ],
  );
});

test('as ClusterNetworkPolicies the rules of a zone and of its workloads add up as they do as NetworkPolicies', () => {
  const set = [
    policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    policy('zone', {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: 'TCP', port: 9100 }] }],
      egress: [{ to: [{ podSelector: {} }], ports: [{ protocol: 'TCP', port: 9100 }] }],
    }),
    policy('web', {
      podSelector: WEB,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'in' } } }] }],
      egress: [{ to: [{ podSelector: { matchLabels: { app: 'api' } } }], ports: [{ port: 80 }] }],
    }),
    policy('api', {
      podSelector: { matchLabels: { app: 'api' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: WEB }], ports: [{ port: 80 }] }],
    }),
  ];
  const known = facts({
    namespaces: [namespace('shop'), namespace('door')],
    pods: ['shop/web', 'shop/api', 'shop/db', 'door/in'].map(key => pod(key)),
  });
  const compiledOf = (texts: readonly string[]) => {
    const { policies, problems } = parsePolicies(texts.map(text => ({ file: null, text })));
    // Accepting and denying policies have a priority each, and those of one priority never contradict each other.
    assert.deepEqual(problems, []);
    return { compiled: compile(known, policies), names: policies.map(({ name }) => name) };
  };
  const rendered = compiledOf(set.map(text => renderAs('CLUSTER_NETWORK_POLICY', text, []).yaml));
  assert.deepEqual(rendered.names, [
    'shop.default-deny',
    'shop.zone',
    'shop.zone.rest',
    'shop.web',
    'shop.api',
  ]);
  const { pairs } = compareSets(compiledOf(set).compiled, rendered.compiled);
  const betweenPods = pairs.filter(({ source, destination }) =>
    [source, destination].every(({ kind }) => kind === 'workload'),
  );
  assert.deepEqual(betweenPods, []);
  const open = compareSets(compile(known, []), rendered.compiled);
  assert.ok(open.pairs.length > 5, 'the set closes something');
});
