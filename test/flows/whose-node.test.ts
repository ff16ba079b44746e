import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labs } from '../support/lab.js';
import { node } from '../support/manifests.js';
import { edges, SHOP, seen } from './support/whose.js';
import { serviceOf } from './support/whose-service.js';

const lab = labs();

const WEB = { ip: '10.1.0.40' };

test('a Service at addresses of nodes has its own ports there, and all else is the node', async () => {
  const shop = lab('service-on-nodes');
  const ports = [{ name: 'http', port: 443, targetPort: 8080 }];
  await shop.take([
    ...SHOP,
    serviceOf(
      'front',
      { app: 'api' },
      { type: 'LoadBalancer', clusterIP: '10.2.0.30', ports },
      { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }] } } },
    ),
    serviceOf(
      'door',
      { app: 'api' },
      {
        clusterIP: '10.2.0.31',
        ports: [{ port: 9000, targetPort: 8080 }],
        externalIPs: ['192.0.2.2'],
      },
    ),
  ]);
  await shop.see(
    seen(WEB, { ip: '192.0.2.1' }, 443),
    seen(WEB, { ip: '192.0.2.2' }, 9000),
    seen(WEB, { ip: '192.0.2.1' }, 10250),
    seen(WEB, { ip: '192.0.2.2' }, 22),
    seen({ ip: '192.0.2.2' }, { ip: '10.1.0.41' }),
    { ...seen(WEB, { ip: '192.0.2.2' }, null), protocol: 'ICMP' },
  );
  assert.deepEqual(await edges(shop), [
    'NODE:other -> shop/api TCP 8080',
    'shop/web -> NODE:other ICMP -',
    'shop/web -> NODE:other TCP 22',
    'shop/web -> NODE:worker TCP 10250',
    'shop/web -> shop/api TCP 443/8080',
  ]);
});

/** A node as a network plugin describes it. */
const described = (name: string, ip: string, podCIDR: string, annotations: object): object => {
  const plain = node(name, ip);
  return { ...plain, metadata: { ...plain.metadata, annotations }, spec: { podCIDR } };
};

const CILIUM_NODE = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNode',
  metadata: { name: 'cilium' },
  spec: {
    addresses: [
      { type: 'InternalIP', ip: '192.0.2.14' },
      { type: 'CiliumInternalIP', ip: '10.9.4.212' },
    ],
    health: { ipv4: '10.9.4.99' },
    ingress: { ipv4: '10.9.4.55' },
    ipam: { podCIDRs: ['10.9.4.0/24'] },
  },
};

const PLUGINS: readonly object[] = [
  ...SHOP,
  described('flannel', '192.0.2.11', '10.9.1.0/24', {
    'flannel.alpha.coreos.com/backend-type': 'vxlan',
    'flannel.alpha.coreos.com/public-ip': '198.51.100.11',
  }),
  described('calico', '192.0.2.12', '10.9.2.0/24', {
    'projectcalico.org/IPv4Address': '172.20.0.12/20',
    'projectcalico.org/IPv4VXLANTunnelAddr': '10.8.2.64',
  }),
  described('ovn', '192.0.2.13', '10.9.3.0/24', {
    'k8s.ovn.org/node-subnets': '{"default":["10.9.3.0/24"]}',
    'k8s.ovn.org/host-cidrs': '["192.0.2.13/24","198.51.100.13/24"]',
    'k8s.ovn.org/node-gateway-router-lrp-ifaddrs': '{"default":{"ipv4":"100.64.0.3/16"}}',
  }),
  node('cilium', '192.0.2.14'),
  CILIUM_NODE,
];

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  flannel: ['192.0.2.11', '10.9.1.0', '10.9.1.1', '198.51.100.11'],
  calico: ['192.0.2.12', '172.20.0.12', '10.8.2.64', '10.9.2.1'],
  ovn: ['192.0.2.13', '198.51.100.13', '10.9.3.2', '100.64.0.3'],
  cilium: ['192.0.2.14', '10.9.4.212', '10.9.4.99', '10.9.4.55', '10.9.4.1'],
};

test('a node is one peer at each address that its network plugin gives it, and questions take each', async () => {
  const shop = lab('addresses-of-nodes');
  await shop.take(PLUGINS);
  await shop.see(
    ...Object.values(ADDRESSES).flatMap(all => all.map(ip => seen({ ip }, { ip: '10.1.0.41' }))),
  );
  assert.deepEqual(
    await edges(shop),
    Object.keys(ADDRESSES)
      .map(name => `NODE:${name} -> shop/api TCP 8080`)
      .toSorted(),
  );
});

/** Addresses in the rules of one direction, from the text of a policy. */
const blocksIn = (yaml: string, direction: 'ingress' | 'egress'): readonly string[] => {
  const other = direction === 'ingress' ? 'egress' : 'ingress';
  const part = yaml.split(`\n  ${direction}:\n`)[1]?.split(`\n  ${other}:\n`)[0] ?? '';
  return [...part.matchAll(/cidr: (.*)\/32/g)].map(([, address]) => address ?? '');
};

test('rules let nodes in at the addresses of their tunnels, and out to their own alone', async () => {
  const shop = lab('tunnels');
  await shop.take(PLUGINS);
  await shop.see(
    seen({ node: 'calico' }, { ip: '10.1.0.41' }),
    seen({ ip: '10.1.0.41' }, { node: 'calico' }, 9100),
  );
  const { yaml } = await shop.call(
    'mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { yaml } }',
    { deployments: ['shop/api'] },
  );
  const ingress = blocksIn(yaml, 'ingress');
  const tunnels = ['10.9.1.0', '10.8.2.64', '10.9.3.2', '100.64.0.3', '10.9.4.212'];
  for (const address of [...tunnels, '192.0.2.12']) assert.ok(ingress.includes(address), address);
  for (const address of ['10.9.1.1', '10.9.4.99']) assert.ok(!ingress.includes(address), address);
  const egress = blocksIn(yaml, 'egress');
  assert.ok(egress.includes('192.0.2.12'));
  for (const address of tunnels) assert.ok(!egress.includes(address), address);
});

test('the API server is let in to a webhook at the tunnels of its nodes as well', async () => {
  const shop = lab('tunnel-of-the-api-server');
  await shop.take([
    ...PLUGINS,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kubernetes', namespace: 'default' },
      spec: { clusterIP: '10.2.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'kubernetes', namespace: 'default' },
      subsets: [{ addresses: [{ ip: '192.0.2.12' }], ports: [{ name: 'https', port: 6443 }] }],
    },
  ]);
  await shop.see(seen({ ip: '10.8.2.64' }, { ip: '10.1.0.41' }, 9443));
  const { policies } = await shop.call(
    `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
      policies { yaml rules { peer ports } } } }`,
    { deployments: ['shop/api'] },
  );
  assert.deepEqual(policies[0].rules, [{ peer: 'NODE:calico', ports: ['TCP 9443'] }]);
  assert.deepEqual(blocksIn(policies[0].yaml, 'ingress'), ['10.8.2.64', '192.0.2.12']);
});

test('a Service without a selector leads where its EndpointSlices say, not where old Endpoints do', async () => {
  const shop = lab('slices-decide');
  await shop.take([
    ...SHOP,
    serviceOf('ledger', null, { clusterIP: '10.2.0.40', ports: [{ port: 5432 }] }),
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'ledger', namespace: 'shop' },
      subsets: [{ addresses: [{ ip: '203.0.113.9' }], ports: [{ port: 5432 }] }],
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'ledger-1',
        namespace: 'shop',
        labels: { 'kubernetes.io/service-name': 'ledger' },
      },
      endpoints: [{ addresses: ['203.0.113.10'] }],
      ports: [{ port: 5432, protocol: 'TCP' }],
    },
  ]);
  await shop.see(seen(WEB, { ip: '10.2.0.40' }, 5432));
  assert.deepEqual(await edges(shop), ['shop/web -> EXTERNAL:203.0.113.10 TCP 5432/5432']);
});
