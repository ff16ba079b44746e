import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INGEST, type Lab, labs } from '../support/lab.js';
import { service } from '../support/manifests.js';

const lab = labs();

type Port = { readonly containerPort: number; readonly protocol?: string };

const deployment = (name: string, ...ports: readonly Port[]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', ports }] },
    },
  },
});

const endpoint = (name: string) => ({
  namespace: 'shop',
  pod_name: `${name}-5c7d9-x2x8p`,
  workloads: [{ kind: 'Deployment', name }],
});

type Packet = readonly [
  from: string,
  sourcePort: number,
  to: string,
  port: number,
  l4?: 'TCP' | 'UDP',
];

/** A packet of which nobody tells whether it is a reply. */
const recordOf = ([from, sourcePort, to, port, l4 = 'TCP']: Packet, minute: number) => ({
  flow: {
    time: `2026-11-22T10:${String(minute).padStart(2, '0')}:00Z`,
    verdict: 'FORWARDED',
    l4: { [l4]: { source_port: sourcePort, destination_port: port } },
    source: endpoint(from),
    destination: endpoint(to),
    event_type: { type: 4 },
  },
});

const SHOWN = `query ($cluster: String!) { flows(first: 50, filter: { cluster: { eq: $cluster } }) { nodes {
  source { ... on Deployment { name } } destination { ... on Deployment { name } }
  protocol port directionKnown directionBasis events } } }`;

async function seen({ ask, call, cluster }: Lab, ...packets: readonly Packet[]) {
  const records = packets.map((packet, at) => JSON.stringify(recordOf(packet, at))).join('\n');
  const { problems } = await call(INGEST, { format: 'hubble', records });
  assert.deepEqual(problems, []);
  const { flows } = await ask(SHOWN, { cluster });
  return flows.nodes
    .map(
      // biome-ignore lint/suspicious/noExplicitAny: as the query asks
      (one: any) =>
        `${one.source.name} -> ${one.destination.name} ${one.protocol} ${one.port} ×${one.events} ${one.directionBasis}${one.directionKnown ? '' : '?'}`,
    )
    .toSorted();
}

test('a port that one end declares tells who asked whom, in both ways and over port numbers', async () => {
  const grpc = lab('grpc');
  await grpc.take([deployment('web'), deployment('grpc', { containerPort: 50_051 })]);
  assert.deepEqual(
    await seen(grpc, ['web', 41_000, 'grpc', 50_051], ['grpc', 50_051, 'web', 41_000]),
    ['web -> grpc TCP 50051 ×1 DECLARED'],
  );
  const odd = lab('odd');
  await odd.take([deployment('web'), deployment('odd', { containerPort: 45_000 })]);
  assert.deepEqual(
    await seen(odd, ['odd', 45_000, 'web', 20_000], ['web', 20_000, 'odd', 45_000]),
    ['web -> odd TCP 45000 ×1 DECLARED'],
    'although 20000 looks more like a server',
  );
});

test('UDP 51820 is the server of an ephemeral port, and another protocol declares nothing', async () => {
  const udp = lab('udp');
  await udp.take([
    deployment('client', { containerPort: 40_500 }),
    deployment('tunnel', { containerPort: 51_820, protocol: 'UDP' }),
  ]);
  assert.deepEqual(
    await seen(
      udp,
      ['tunnel', 51_820, 'client', 40_500, 'UDP'],
      ['client', 40_500, 'tunnel', 51_820, 'UDP'],
    ),
    ['client -> tunnel UDP 51820 ×1 DECLARED'],
  );
});

test("a Service's target port is declared, though no container names it", async () => {
  const served = lab('served');
  const door = service('api', { app: 'api' }, '10.2.0.1');
  await served.take([
    deployment('web'),
    deployment('api'),
    { ...door, spec: { ...door.spec, ports: [{ port: 80, targetPort: 44_000 }] } },
  ]);
  assert.deepEqual(await seen(served, ['api', 44_000, 'web', 43_000]), []);
  assert.deepEqual(await seen(served, ['web', 43_000, 'api', 44_000]), [
    'web -> api TCP 44000 ×1 DECLARED',
  ]);
});

test('what nobody declares and nothing tells is kept and marked, and makes no rule', async () => {
  const open = lab('open');
  await open.take([deployment('web'), deployment('api')]);
  assert.deepEqual(await seen(open, ['web', 43_000, 'api', 44_000]), [
    'web -> api TCP 44000 ×1 ASSUMED?',
  ]);
});

const ALERTS = `query ($cluster: String!) { alerts(filter: { cluster: { eq: $cluster } }) { nodes {
  rule state resolution resolvedBy } } }`;

test('an alert of a flow that turns out to be a reply is resolved with that reason', async () => {
  const shop = lab('alert of a reply');
  const denied = {
    flow: {
      ...recordOf(['api', 43_000, 'web', 44_000], 0).flow,
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
    },
  };
  const alerts = async () => (await shop.ask(ALERTS, { cluster: shop.cluster })).alerts.nodes;
  await shop.call(INGEST, { format: 'hubble', records: JSON.stringify(denied) });
  assert.deepEqual(await alerts(), [
    { rule: 'DENIED', state: 'ATTEMPTED', resolution: null, resolvedBy: null },
  ]);
  const syn = recordOf(['web', 44_000, 'api', 43_000], 1).flow;
  const l4 = { TCP: { source_port: 44_000, destination_port: 43_000, flags: { SYN: true } } };
  await shop.call(INGEST, {
    format: 'hubble',
    records: JSON.stringify({ flow: { ...syn, l4, is_reply: false } }),
  });
  assert.deepEqual(await alerts(), [
    {
      rule: 'DENIED',
      state: 'RESOLVED',
      resolution: 'its flow is a reply',
      resolvedBy: null,
    },
  ]);
});

test('a reply that a source calls a flow leaves the lists when its connection is seen, and before it too', async () => {
  const syn = {
    flow: {
      ...recordOf(['web', 41_000, 'api', 8080], 0).flow,
      l4: { TCP: { source_port: 41_000, destination_port: 8080, flags: { SYN: true } } },
      is_reply: false,
    },
  };
  const replies = [41_000, 41_001, 41_002].map((port, at) => ({
    flow: { ...recordOf(['api', 8080, 'web', port], at).flow, is_reply: false },
  }));
  const late = lab('late');
  const early = lab('early');
  for (const [one, uploads] of [
    [late, [replies, [syn]]],
    [early, [[syn], replies]],
  ] as const) {
    for (const records of uploads)
      await one.call(INGEST, {
        format: 'hubble',
        records: records.map(record => JSON.stringify(record)).join('\n'),
      });
    assert.deepEqual(await seen(one, ['web', 41_003, 'api', 8080]), [
      'web -> api TCP 8080 ×2 REPORTED',
    ]);
  }
});
