import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labs } from '../support/lab.js';
import { pod, workload } from '../support/manifests.js';
import { edges, SHOP, seen } from './support/whose.js';
import { NAMES, SERVED, serviceOf } from './support/whose-service.js';

const lab = labs();

test('a pod is one peer, at its own port, however it is named', async () => {
  const shop = lab('names');
  await shop.take(SERVED, { observedAt: '2026-11-20T00:00:00Z' });
  for (const [place, [name, port]] of NAMES.entries()) {
    await shop.see(seen({ ip: '10.1.0.40' }, name, port));
    const found = (await edges(shop)).map(edge => edge.replace('80/', ''));
    assert.deepEqual(found, ['shop/web -> shop/api TCP 8080'], `${place}: ${JSON.stringify(name)}`);
  }
  assert.deepEqual(await edges(shop), ['shop/web -> shop/api TCP 80/8080']);
});

test('the selector of a Service decides, never a deployment that shares its name; several are said', async () => {
  const shop = lab('selectors');
  const blue = { track: 'blue', app: 'pay' };
  const green = { track: 'green', app: 'pay' };
  const deployment = (name: string, labels: Record<string, string>) =>
    workload('Deployment', name, { labels });
  await shop.take([
    ...SHOP,
    deployment('pay', { app: 'other' }),
    deployment('pay-blue', blue),
    deployment('pay-green', green),
    serviceOf('pay', blue, { clusterIP: '10.2.0.20', ports: [{ port: 80, targetPort: 8080 }] }),
    serviceOf('both', { app: 'pay' }, { ports: [{ port: 80, targetPort: 8080 }] }),
    serviceOf('none', { app: 'gone' }),
  ]);
  const named = (service: string) => ({ namespace: 'shop', service });
  await shop.see(
    ...['pay', 'both', 'none', 'unheard'].map(name => seen({ ip: '10.1.0.40' }, named(name), 80)),
    ...[80, 8080, 9999].map(port => seen({ ip: '10.1.0.40' }, { ip: '10.2.0.20' }, port)),
  );
  assert.deepEqual(await edges(shop), [
    'shop/web -> UNRESOLVED:svc:shop/both TCP 80/8080',
    'shop/web -> UNRESOLVED:svc:shop/none TCP 80/-',
    'shop/web -> UNRESOLVED:svc:shop/pay TCP 9999',
    'shop/web -> UNRESOLVED:svc:shop/unheard TCP 80',
    'shop/web -> shop/pay-blue TCP 80/8080',
  ]);
  const { flows } = await shop.ask(
    `query ($filter: FlowFilter!) { flows(filter: $filter) { nodes { destination { ... on UnresolvedPeer { name reason } } } } }`,
    { filter: { cluster: { eq: shop.cluster }, destination: { contains: 'both' } } },
  );
  assert.deepEqual(flows.nodes, [
    {
      destination: {
        name: 'svc:shop/both',
        reason: 'SEVERAL_BACKENDS shop/pay-blue, shop/pay-green',
      },
    },
  ]);
});

test('a Service of type ExternalName is the name that it stands for, or the Service of that name, also when it is known later', async () => {
  const external = (name: string, externalName: string): object =>
    serviceOf(name, null, { type: 'ExternalName', externalName, ports: [] });
  const stands = [
    ...SERVED,
    external('ledger', 'DB.example.net.'),
    external('alias', 'api.shop.svc.cluster.local'),
    external('self', 'self.shop.svc.cluster.local'),
  ];
  const named = ['ledger', 'alias', 'self'].map(service =>
    seen({ ip: '10.1.0.40' }, { namespace: 'shop', service }, service === 'alias' ? 80 : 5432),
  );
  const first = lab('external-names');
  await first.take(stands, { observedAt: '2026-11-20T00:00:00Z' });
  await first.see(...named);
  const later = lab('external-names-later');
  await later.see(...named);
  await later.take(stands, { observedAt: '2026-11-20T00:00:00Z' });
  const expected = [
    'shop/web -> EXTERNAL:db.example.net TCP 5432',
    'shop/web -> EXTERNAL:self.shop.svc.cluster.local TCP 5432',
    'shop/web -> shop/api TCP 80/8080',
  ];
  assert.deepEqual(await edges(first), expected);
  assert.deepEqual(await edges(later), expected);
});

test('reasons are true: an import is advised where it would help, and silence is not what was denied', async () => {
  const shop = lab('reasons');
  await shop.see(seen({ ip: '10.1.0.40' }, { ip: '10.1.0.99' }));
  const hints = async (): Promise<Readonly<Record<string, string | null>>> => {
    const { cluster } = await shop.ask(
      'query ($cluster: String!) { cluster(name: $cluster) { diagnose { code message hint } } }',
      { cluster: shop.cluster },
    );
    type Found = { readonly code: string; readonly message: string; readonly hint: string | null };
    return Object.fromEntries(
      cluster.diagnose
        .filter(({ code }: Found) => code === 'UNRESOLVED_PEERS')
        .map(({ message, hint }: Found) => [/\(`(\w+)`\)/.exec(message)?.[1] ?? '', hint]),
    );
  };
  assert.match((await hints())['INVENTORY_MISSING'] ?? '', /^import the inventory/);
  await shop.take(SHOP);
  await shop.see(seen({ ip: '10.1.0.40' }, { ip: '10.1.0.98' }), {
    ...seen({ ip: '10.1.0.40' }, { ip: '10.1.0.41' }),
    verdict: 'DENIED',
  });
  assert.match((await hints())['ADDRESS_OF_NOBODY_KNOWN'] ?? '', /^nobody who was imported had/);
  const { problems } = await shop.call(
    `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { problems { code message } } }`,
    { deployments: ['shop/api'] },
  );
  assert.deepEqual(
    problems
      .map(({ code }: { code: string }) => code)
      .filter((code: string) => code.startsWith('NO_')),
    ['NO_EVIDENCE'],
  );
});

/** A pod at 10.1.0.50. */
const held = (name: string, started: string, other: object = {}): object =>
  pod(`${name}-6d5f7c8b9d-x7k2p`, {
    ip: '10.1.0.50',
    started,
    labels: { app: name },
    owner: `ReplicaSet/${name}-6d5f7c8b9d`,
    ...other,
  });

test('T30: each record is resolved at its own time: pods that held an address in turn, a Service that was turned to others', async () => {
  const shop = lab('times');
  const turned = (track: string) =>
    serviceOf(
      'pay',
      { track },
      { clusterIP: '10.2.0.20', ports: [{ port: 80, targetPort: 8080 }] },
    );
  const tracks = ['blue', 'green'].map(track =>
    workload('Deployment', `pay-${track}`, { labels: { track } }),
  );
  await shop.take([...SHOP, ...tracks, turned('blue'), held('first', '2026-11-22T10:00:00Z')], {
    observedAt: '2026-11-22T10:30:00Z',
  });
  await shop.take([turned('green'), held('second', '2026-11-22T11:00:00Z')], {
    observedAt: '2026-11-22T11:30:00Z',
  });
  const at = (time: string, destination: object, port = 8080) => ({
    ...seen({ ip: '10.1.0.40' }, destination, port),
    time: `2026-11-22T${time}Z`,
  });
  await shop.see(
    at('11:00:00', { ip: '10.1.0.50' }),
    at('10:59:59', { ip: '10.1.0.50' }),
    at('09:59:59', { ip: '10.1.0.50' }),
    at('11:29:59', { ip: '10.2.0.20' }, 80),
    at('11:30:00', { ip: '10.2.0.20' }, 80),
  );
  assert.deepEqual(await edges(shop), [
    'shop/web -> UNRESOLVED:10.1.0.50 TCP 8080',
    'shop/web -> shop/first TCP 8080',
    'shop/web -> shop/pay-blue TCP 80/8080',
    'shop/web -> shop/pay-green TCP 80/8080',
    'shop/web -> shop/second TCP 8080',
  ]);
});

test('a record of a window is of who had the address within it; of several in turn nobody knows whose it is', async () => {
  const shop = lab('windows');
  await shop.take([...SHOP, held('first', '2026-11-22T10:00:00Z')], {
    observedAt: '2026-11-22T10:30:00Z',
  });
  await shop.take([held('second', '2026-11-22T11:00:00Z')], { observedAt: '2026-11-22T11:30:00Z' });
  const window = (first: string, last: string, port: number): object => ({
    ...seen({ ip: '10.1.0.40' }, { ip: '10.1.0.50' }, port),
    ...{ time: undefined, firstSeen: `2026-11-22T${first}Z`, lastSeen: `2026-11-22T${last}Z` },
  });
  await shop.see(
    window('09:55:00', '10:05:00', 1),
    window('10:55:00', '11:05:00', 2),
    window('10:55:00', '11:00:00', 3),
    window('11:00:00', '11:05:00', 4),
    window('09:00:00', '09:05:00', 5),
  );
  assert.deepEqual(await edges(shop), [
    'shop/web -> UNRESOLVED:10.1.0.50 TCP 2',
    'shop/web -> UNRESOLVED:10.1.0.50 TCP 5',
    'shop/web -> shop/first TCP 1',
    'shop/web -> shop/first TCP 3',
    'shop/web -> shop/second TCP 4',
  ]);
});
