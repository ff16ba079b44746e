import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { INGEST, type Lab, labs } from '../support/lab.js';
import { node, pod, policy } from '../support/manifests.js';
import { recorded } from '../support/recorded.js';
import { edges, SHOP, seen } from './support/whose.js';

const lab = labs();

const DIAGNOSE = `query ($cluster: String!) { cluster(name: $cluster) { diagnose { code message hint } } }`;

const diagnosis = async ({ ask, cluster }: Lab): Promise<Readonly<Record<string, string>>> => {
  const { diagnose } = (await ask(DIAGNOSE, { cluster })).cluster;
  return Object.fromEntries(
    diagnose.map(({ code, message }: { code: string; message: string }) => [code, message]),
  );
};

const SET_RANGES = `mutation ($input: SetClusterRangesInput!) { setClusterRanges(input: $input) {
  cluster { ranges { cidr source } } problems { code severity message } } }`;

test('a node is known by its address and by the first address of its podCIDR', async () => {
  const shop = lab('nodes');
  await shop.take([...SHOP, policy('web', { podSelector: { matchLabels: { app: 'web' } } })]);
  await shop.see(
    seen({ ip: '192.0.2.2' }, { ip: '10.1.0.40' }),
    seen({ ip: '10.1.1.1' }, { ip: '10.1.0.40' }),
    seen({ ip: '10.1.0.1' }, { ip: '10.1.0.40' }),
    seen({ ip: '10.1.0.40' }, { cidr: '192.0.2.2/32' }, 10250),
    seen({ ip: '10.1.0.41' }, { ip: '10.1.0.40' }),
  );
  assert.deepEqual(await edges(shop), [
    'NODE:other -> shop/web TCP 8080',
    'NODE:worker -> shop/web TCP 8080',
    'shop/api -> shop/web TCP 8080',
    'shop/web -> NODE:other TCP 10250',
  ]);
  const verdicts = await shop.verdicts();
  assert.match(verdicts['NODE:worker -> shop/web TCP 8080'] ?? '', /^ALLOWED by spec-exception/);
  assert.match(verdicts['NODE:other -> shop/web TCP 8080'] ?? '', /^DENIED by policy/);
});

/** Of plugins that do not use `spec.podCIDR`. */
const PLUGINS: readonly object[] = [
  {
    ...node('ovn', '192.0.2.3'),
    metadata: {
      name: 'ovn',
      annotations: {
        'k8s.ovn.org/node-subnets': '{"default":["10.128.0.0/23"]}',
        'projectcalico.org/IPv4VXLANTunnelAddr': '10.1.0.200',
      },
    },
  },
  {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNode',
    metadata: { name: 'other' },
    spec: {
      addresses: [{ type: 'CiliumInternalIP', ip: '10.3.0.55' }],
      health: { ipv4: '10.3.0.77' },
      ipam: { podCIDRs: ['10.3.0.0/24'] },
    },
  },
  {
    apiVersion: 'crd.projectcalico.org/v1',
    kind: 'IPPool',
    metadata: { name: 'pods' },
    spec: { cidr: '10.9.0.0/16' },
  },
  {
    apiVersion: 'config.openshift.io/v1',
    kind: 'Network',
    metadata: { name: 'cluster' },
    status: { clusterNetwork: [{ cidr: '10.128.0.0/14' }], serviceNetwork: ['172.30.0.0/16'] },
  },
];

test('addresses out of those of pods are the node that its plugin gave them to; whose nobody is told are nobody known', async () => {
  const shop = lab('plugins');
  await shop.take([...SHOP, ...PLUGINS]);
  const nodes = ['10.1.0.0', '10.1.0.200', '10.3.0.55', '10.3.0.77', '10.128.0.2'];
  const unknown = ['10.1.1.29', '10.3.0.200', '10.9.0.1', '10.130.0.1', '172.30.0.9'];
  await shop.see(...[...nodes, ...unknown].map(ip => seen({ ip }, { ip: '10.1.0.41' })));
  assert.deepEqual(
    await edges(shop),
    [
      'NODE:other -> shop/api TCP 8080',
      'NODE:ovn -> shop/api TCP 8080',
      ...unknown.map(ip => `UNRESOLVED:${ip} -> shop/api TCP 8080`).toSorted(),
      'NODE:worker -> shop/api TCP 8080',
    ].toSorted(),
  );
});

/** An echo request of Cilium's health check, both of whose ends have addresses that nobody is told of. */
const ECHO = JSON.stringify({
  time: '2026-11-22T10:00:00Z',
  verdict: 'FORWARDED',
  IP: { source: '10.1.1.29', destination: '10.1.0.77' },
  l4: { ICMPv4: { type: 8 } },
  source: { identity: 6, labels: ['reserved:remote-node'] },
  destination: { identity: 4, labels: ['reserved:health'] },
  is_reply: false,
  trace_observation_point: 'TO_ENDPOINT',
});

test('what its source calls a node is the one whose pods have the addresses beside its own, whenever that is known', async () => {
  for (const order of ['first', 'later']) {
    const shop = lab(`beside-${order}`);
    if (order === 'first') await shop.take(SHOP);
    await shop.call(INGEST, { format: 'hubble', records: ECHO });
    if (order === 'later') await shop.take(SHOP);
    assert.deepEqual(await edges(shop), ['NODE:other -> NODE:worker ICMP -'], order);
  }
});

test('a port of a node that leads to a pod on it is the pod, at its own port, on that node alone', async () => {
  const shop = lab('host-ports');
  const ports = [
    { containerPort: 8443, hostPort: 443 },
    { containerPort: 9101 },
    { containerPort: 8053, hostPort: 53, protocol: 'UDP' },
  ];
  const ingress = {
    ...pod('ingress-x7k2p', { ip: '10.1.0.60', labels: { app: 'in' }, owner: 'DaemonSet/ingress' }),
    spec: { nodeName: 'worker', containers: [{ name: 'main', ports }] },
  };
  const [world, worker] = [{ ip: '203.0.113.9' }, { ip: '192.0.2.1' }];
  await shop.take([...SHOP, ingress], { observedAt: '2026-11-22T09:00:00Z' });
  await shop.see(
    ...[443, 9101].map(port => seen(world, worker, port)),
    seen(world, { ip: '192.0.2.2' }, 443),
    { ...seen(world, worker, 53), protocol: 'UDP' },
  );
  assert.deepEqual(await edges(shop), [
    'EXTERNAL:203.0.113.9 -> NODE:other TCP 443',
    'EXTERNAL:203.0.113.9 -> NODE:worker TCP 9101',
    'EXTERNAL:203.0.113.9 -> shop/ingress TCP 8443',
    'EXTERNAL:203.0.113.9 -> shop/ingress UDP 8053',
  ]);
});

test('what is inside is known or declared, never guessed from pods nearby; a declaration can be corrected', async () => {
  const shop = lab('ranges');
  await shop.take(SHOP);
  const strangers = () =>
    shop.see(
      seen({ ip: '10.1.0.40' }, { ip: '10.1.0.99' }),
      seen({ ip: '10.1.0.40' }, { ip: '10.1.77.1' }),
      seen({ ip: '10.1.0.40' }, { ip: '10.200.0.1' }),
    );
  await strangers();
  assert.deepEqual(await edges(shop), [
    'shop/web -> EXTERNAL:10.1.77.1 TCP 8080',
    'shop/web -> EXTERNAL:10.200.0.1 TCP 8080',
    'shop/web -> UNRESOLVED:10.1.0.99 TCP 8080',
  ]);
  assert.match(
    (await diagnosis(shop))['PRIVATE_ADDRESSES_OUTSIDE'] ?? '',
    /^2 private addresses are in no range .*`10\.1\.77\.1`, `10\.200\.0\.1`$/,
  );

  const declared = await shop.call(SET_RANGES, { cidrs: ['10.200.0.0/16'] });
  assert.deepEqual(declared, {
    cluster: {
      ranges: [
        { cidr: '10.200.0.0/16', source: 'DECLARED' },
        { cidr: '10.1.0.0/24', source: 'POD_CIDR' },
        { cidr: '10.1.1.0/24', source: 'POD_CIDR' },
      ],
    },
    problems: [],
  });
  await shop.see(seen({ ip: '10.1.0.40' }, { ip: '10.200.0.2' }));
  assert.ok((await edges(shop)).includes('shop/web -> UNRESOLVED:10.200.0.2 TCP 8080'));

  const corrected = await shop.call(SET_RANGES, { cidrs: [] });
  assert.equal(corrected.cluster.ranges.length, 2);
  await shop.see(seen({ ip: '10.1.0.40' }, { ip: '10.200.0.3' }));
  assert.ok((await edges(shop)).includes('shop/web -> EXTERNAL:10.200.0.3 TCP 8080'));
});

test('ranges that cannot be declared are refused as a whole', async () => {
  const shop = lab('no-ranges');
  await shop.take(SHOP);
  const wrong = await shop.call(SET_RANGES, { cidrs: ['10.0.0.0/8', 'ten'] });
  assert.deepEqual(wrong, {
    cluster: null,
    problems: [
      { code: 'BAD_CIDR', severity: 'ERROR', message: '`ten` is not a block of addresses' },
    ],
  });
  const nobody = await shop.call(SET_RANGES, { cluster: 'nobody', cidrs: [] });
  assert.deepEqual(
    nobody.problems.map(({ code }: { code: string }) => code),
    ['NOT_FOUND'],
  );
});

const CASES: Readonly<Record<string, readonly string[]>> = {
  'renamed-cluster': ['shop/web -> shop/db TCP 5432'],
  'kubelet-by-bridge': ['NODE:node-a -> shop/web TCP 8080', 'shop/api -> shop/web TCP 8080'],
  'node-address-as-world': ['NODE:node-a -> gatekeeper/gatekeeper-audit TCP 9090'],
};

for (const [name, expected] of Object.entries(CASES)) {
  const folder = recorded(`cases/flows/${name}`);
  test(`the recorded case ${name}`, { skip: recorded.missing(`cases/flows/${name}`) }, async () => {
    const one = lab(name);
    for (const file of ['inv.json', 'inv2.json'])
      if (existsSync(`${folder}/${file}`))
        await one.take([JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))], {
          observedAt: '2026-11-29T00:00:00Z',
        });
    const records = readFileSync(`${folder}/f.jsonl`, 'utf8');
    await one.call(INGEST, { format: 'hubble', records });
    assert.deepEqual(await edges(one), expected);
  });
}
