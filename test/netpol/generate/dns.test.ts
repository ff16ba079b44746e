import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts, PodFact } from '../../../src/netpol/index.js';
import { pod } from '../evaluation/build.js';
import { generated, specOf } from './observed.js';

const api = pod('shop/api');

/** The DNS rule that a policy gets beside these facts, and whether it was assumed. */
function dnsOf(parts: Partial<Facts>): { readonly rule: unknown; readonly assumed: boolean } {
  const made = generated(
    { ...parts, pods: [api, ...(parts.pods ?? [])] },
    ['203.0.113.1 -> shop/api TCP 1'],
    { subjects: ['shop/api'] },
  );
  const egress = specOf(made)?.egress ?? [];
  assert.equal(egress.length, 1);
  assert.equal(made.policies[0]?.rules[1]?.evidence, null);
  return { rule: egress[0], assumed: made.problems.some(({ code }) => code === 'DNS_UNKNOWN') };
}

const both = (...ports: readonly number[]) =>
  ports.flatMap(port => ['TCP', 'UDP'].map(protocol => ({ port, protocol })));

const podsIn = (namespace: string, labels: Record<string, string>) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  podSelector: { matchLabels: labels },
});

const service = (namespace: string, name: string, selector: Record<string, string> | null) => ({
  namespace,
  name,
  clusterIps: [],
  externalIps: [],
  selector,
  ports: [],
  type: 'ClusterIP' as const,
});

test('without DNS pods in the inventory the usual ones are assumed', () => {
  assert.deepEqual(dnsOf({}), {
    rule: { to: [podsIn('kube-system', { 'k8s-app': 'kube-dns' })], ports: both(53) },
    assumed: true,
  });
});

const server = (
  key: string,
  labels: Record<string, string>,
  ...ports: readonly number[]
): PodFact =>
  pod(key, { labels, ports: ports.map(port => ({ name: '', protocol: 'UDP' as const, port })) });

for (const [namespace, name] of [
  ['kube-system', 'kube-dns'],
  ['kube-system', 'coredns'],
  ['kube-system', 'rke2-coredns-rke2-coredns'],
  ['openshift-dns', 'dns-default'],
] as const) {
  test(`the pods behind the Service ${namespace}/${name} answer DNS`, () => {
    const labels = { app: 'names' };
    const found = dnsOf({
      pods: [server(`${namespace}/names`, labels, 53), server(`${namespace}/other`, { app: 'x' })],
      services: [service(namespace, name, labels)],
    });
    assert.deepEqual(found, {
      rule: { to: [podsIn(namespace, labels)], ports: both(53) },
      assumed: false,
    });
  });
}

test('a Service of another name or namespace, or without a selector, tells no DNS pods', () => {
  const labels = { app: 'names' };
  const pods = [server('kube-system/names', labels, 53), server('shop/names', labels, 53)];
  const services = [
    service('kube-system', 'metrics', labels),
    service('shop', 'kube-dns', labels),
    service('kube-system', 'kube-dns', null),
    service('kube-system', 'coredns', {}),
    service('kube-system', 'kube-dns', { ...labels, tier: 'dns' }),
    service('openshift-dns', 'dns-default', labels),
  ];
  for (const one of services) assert.equal(dnsOf({ pods, services: [one] }).assumed, true);
});

test('labels tell the DNS pods of kubeadm and of OpenShift, and the name CoreDNS, in their own namespace alone', () => {
  const openshift = { 'dns.operator.openshift.io/daemonset-dns': 'default' };
  const kube = { 'k8s-app': 'kube-dns' };
  assert.deepEqual(dnsOf({ pods: [server('openshift-dns/dns-a', openshift)] }), {
    rule: { to: [podsIn('openshift-dns', openshift)], ports: both(5353) },
    assumed: false,
  });
  assert.equal(dnsOf({ pods: [server('kube-system/dns', kube)] }).assumed, false);
  assert.equal(dnsOf({ pods: [server('kube-system/coredns', { app: 'x' })] }).assumed, false);
  for (const astray of [
    server('shop/dns', kube),
    server('shop/coredns', { app: 'x' }),
    server('shop/dns', openshift),
    server('kube-system/dns', { 'k8s-app': 'proxy' }),
    server('openshift-dns/resolver', { app: 'resolver' }),
  ])
    assert.equal(dnsOf({ pods: [astray] }).assumed, true);
});

test('the port is the one that the DNS pods declare', () => {
  const labels = { 'k8s-app': 'kube-dns' };
  const portsOf = (...ports: readonly number[]) =>
    (dnsOf({ pods: [server('kube-system/dns', labels, ...ports)] }).rule as { ports: unknown })
      .ports;
  assert.deepEqual(portsOf(), both(53));
  assert.deepEqual(portsOf(9153), both(53));
  assert.deepEqual(portsOf(5353, 53), both(5353));
  assert.deepEqual(portsOf(53), both(53));
});

test('DNS pods of two kinds are both peers, and equal ones are one', () => {
  const labels = { 'k8s-app': 'kube-dns' };
  const pods = [
    server('kube-system/dns-a', { ...labels, app: 'a' }, 53),
    server('kube-system/dns-b', { ...labels, app: 'b' }, 5353),
    pod('kube-system/dns-a2', {
      labels: { ...labels, app: 'a' },
      workload: { kind: 'Deployment', name: 'dns-a' },
    }),
  ];
  assert.deepEqual(dnsOf({ pods }).rule, {
    to: [podsIn('kube-system', { app: 'a' }), podsIn('kube-system', { app: 'b' })],
    ports: ['TCP', 'UDP'].flatMap(protocol => [53, 5353].map(port => ({ port, protocol }))),
  });
});

test('DNS pods that no selector can name leave the usual ones assumed', () => {
  const pods = [server('kube-system/dns', {})];
  const services = [service('kube-system', 'kube-dns', { app: 'dns' })];
  assert.equal(dnsOf({ pods, services }).assumed, true);
});

test('whoever gets a rule for any server of DNS gets UDP and TCP alike, the server is open on both, and what was not seen is told', () => {
  const ofNames = { ...service('names', 'unbound', { app: 'unbound' }), endpoints: [] };
  const outside = {
    ...service('names', 'old', null),
    endpoints: [
      {
        addresses: ['192.0.2.53'],
        ports: [{ name: 'domain', port: 1053, protocol: 'UDP' as const }],
      },
    ],
  };
  const portOf = (name: string, targetPort: number) =>
    [{ name, port: 53, protocol: 'UDP', targetPort, nodePort: null }] as const;
  const made = generated(
    {
      pods: [
        api,
        pod('shop/web'),
        pod('infra/bind', { labels: { app: 'bind' } }),
        pod('names/unbound', { labels: { app: 'unbound' } }),
      ],
      services: [
        { ...ofNames, ports: portOf('dns', 8053) },
        { ...outside, ports: portOf('domain', 1053) },
      ],
    },
    [
      'shop/api -> infra/bind UDP 53',
      'shop/api -> names/unbound UDP 8053',
      'shop/api -> names/unbound TCP 9000',
      'shop/api -> 8.8.8.8 TCP 53',
      'shop/api -> 192.0.2.53 UDP 1053',
      'shop/api -> 192.0.2.53 UDP 1054',
      'shop/web -> names/unbound UDP 8053',
      'shop/web -> names/unbound TCP 8053',
      '203.0.113.9 -> names/unbound UDP 8053',
    ],
  );
  const found = made.policies.flatMap(({ name, rules }) =>
    rules
      .filter(({ origin }) => origin === 'OBSERVED')
      .map(({ direction, peer, ports, unseen = [] }) =>
        [name, direction, peer, ports.join(', '), unseen.join(', ')].join(' | '),
      ),
  );
  assert.deepEqual(found.toSorted(), [
    'api | EGRESS | 192.0.2.53 | TCP 1053, UDP 1053, UDP 1054 | TCP 1053',
    'api | EGRESS | 8.8.8.8 | TCP 53, UDP 53 | UDP 53',
    'api | EGRESS | infra/bind | TCP 53, UDP 53 | TCP 53',
    'api | EGRESS | names/unbound | TCP 8053, TCP 9000, UDP 8053 | TCP 8053',
    'bind | INGRESS | shop/api | TCP 53, UDP 53 | TCP 53',
    'unbound | INGRESS | 203.0.113.9 | TCP 8053, UDP 8053 | TCP 8053',
    'unbound | INGRESS | shop/api | TCP 8053, TCP 9000, UDP 8053 | TCP 8053',
    'unbound | INGRESS | shop/web | TCP 8053, UDP 8053 | ',
    'web | EGRESS | names/unbound | TCP 8053, UDP 8053 | ',
  ]);
});

test('the cluster’s DNS is asked where its Service leads, and so does it listen', () => {
  const labels = { 'k8s-app': 'kube-dns' };
  const kubeDns = {
    ...service('kube-system', 'kube-dns', labels),
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP' as const, targetPort: 8053, nodePort: null },
      { name: 'metrics', port: 9153, protocol: 'TCP' as const, targetPort: 9153, nodePort: null },
    ],
  };
  const found = dnsOf({ pods: [server('kube-system/dns', labels)], services: [kubeDns] });
  assert.deepEqual((found.rule as { ports: unknown }).ports, both(8053));
});
