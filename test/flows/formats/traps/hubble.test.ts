import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  flow,
  type Json,
  only,
  pick,
  pod,
  readAll,
  readText,
  reserved,
  tcp,
  wrapped,
} from '../hubble-records.js';

const skippedOf = (...records: readonly Json[]) => readAll(...records).skipped;

const untold = { is_reply: undefined, traffic_direction: undefined };

test('T1: a reply is no flow to a client port', () => {
  assert.deepEqual(skippedOf(wrapped({ is_reply: true, l4: tcp(443, 56_590) })), { reply: 1 });
});

test('T2: an absent is_reply is not false: at the overlay it is left out, elsewhere inferred', () => {
  const overlay = { ...untold, trace_observation_point: 'TO_OVERLAY', l4: tcp(9080, 58_950) };
  assert.deepEqual(skippedOf(wrapped(overlay)), { 'reply-unknown-overlay': 1 });
  assert.equal(only(wrapped({ ...untold, l4: tcp(9000, 9001) })).isReply, null);
});

test('T3: very old Hubble has reply alone, and leaves it out when it is false', () => {
  const { observations, skipped } = readAll(
    flow({ ...untold, l4: tcp(9000, 9001) }),
    flow({ ...untold, l4: tcp(9001, 9000), reply: true }),
  );
  assert.equal(observations[0]?.isReply, false);
  assert.deepEqual(skipped, { reply: 1 });
});

test('T4: records are not connections', () => {
  const begun = { l4: tcp(40_000, 8080, { SYN: true }) };
  const running = wrapped({ l4: tcp(40_001, 8080, { ACK: true }) });
  const http = { Type: 'L7', event_type: { type: 129 }, l7: { type: 'REQUEST' } };
  const { observations } = readAll(
    wrapped({ ...begun, event_type: { type: 5 } }),
    wrapped(begun),
    wrapped(),
    wrapped(http),
    running,
    running,
  );
  assert.deepEqual(
    observations.map(({ connections }) => connections),
    [1, null, null, null, null, null],
  );
});

test('T5: one packet at several points is counted once', () => {
  const { observations } = readAll(
    wrapped({ trace_observation_point: 'TO_STACK' }),
    wrapped({ trace_observation_point: 'TO_NETWORK' }),
    wrapped({ trace_observation_point: 'FROM_NETWORK' }),
    wrapped({ trace_observation_point: 'TO_ENDPOINT' }),
  );
  assert.equal(
    observations.reduce((sum, { events }) => sum + events, 0),
    1,
  );
});

test('T6: a socket event shows a Service before its translation, and is left out', () => {
  for (const socket of [{ Type: 'SOCK' }, { verdict: 'TRACED' }, { verdict: 'TRANSLATED' }])
    assert.deepEqual(skippedOf(wrapped(socket)), { 'not-a-flow': 1 });
  const { port, servicePort } = only(
    wrapped({
      destination: reserved('world'),
      destination_service: { name: 'kube-dns', namespace: 'kube-system' },
    }),
  );
  assert.deepEqual([port, servicePort], [null, 8080]);
});

test('T7: a pod name beats reserved:world', () => {
  const { source } = only(
    wrapped({ source: { ...pod('web-1'), ...reserved('world'), identity: 2 } }),
  );
  assert.deepEqual(pick(source, 'kind', 'pod'), { kind: 'pod', pod: 'web-1' });
});

test('T8: labels without a pod are a workload, and the address beside them is the node', () => {
  const { source } = only(wrapped({ source: { ...pod('web-1'), pod_name: undefined } }));
  assert.deepEqual(pick(source, 'kind', 'ip'), { kind: 'workload', ip: null });
});

test('T9: an identity of world stays world, whatever its address looks like', () => {
  const { source } = only(wrapped({ source: { identity: 2 } }));
  assert.equal(source.kind, 'world');
});

test('T10: probes of the host and health checks are told from traffic', () => {
  assert.equal(only(wrapped({ source: reserved('host') })).trafficClass, 'health-probe');
  assert.equal(
    only(wrapped({ destination: reserved('health'), l4: tcp(40_000, 4240) })).trafficClass,
    'health-probe',
  );
});

test('T11: DNS that a node asks for a pod is left out', () => {
  const l4 = { UDP: { source_port: 40_000, destination_port: 53 } };
  assert.deepEqual(skippedOf(wrapped({ source: reserved('remote-node'), l4 })), {
    'node-dns-proxy': 1,
  });
});

test('T12: the API server of a managed cluster is no world, whether it is asked or asks', () => {
  const server = reserved('world', 'kube-apiserver');
  const asked = only(wrapped({ destination: server, l4: tcp(40_000, 443) })).destination;
  const asking = only(wrapped({ source: server, l4: tcp(40_000, 9443) })).source;
  assert.deepEqual([asked.kind, asking.kind], ['apiserver', 'apiserver']);
});

test("T13: a node's own number for a block is no identity", () => {
  const block = (labels: readonly string[], identity = 16_777_217): Json =>
    wrapped({ destination: { identity, labels } });
  const { observations } = readAll(
    block(['cidr:192.0.2.0/24', 'reserved:world']),
    block(['cidr:198.51.100.0/24', 'reserved:world']),
    block([]),
    block([], 2 * 16_777_216 + 1),
  );
  assert.deepEqual(
    observations.map(({ destination: { cidr, kind } }) => [cidr, kind]),
    [
      ['192.0.2.0/24', 'external'],
      ['198.51.100.0/24', 'external'],
      [null, 'world'],
      [null, 'node'],
    ],
    'where its labels are masked, it is whatever it stands for on any node',
  );
});

const answer = (name: string, ips: readonly string[]): Json =>
  wrapped({
    Type: 'L7',
    is_reply: true,
    source: pod('dns-1'),
    destination: pod('web-1', 'web'),
    l7: { type: 'RESPONSE', dns: { query: name, ips, ttl: 30 } },
  });

const outwards = wrapped({
  time: '2024-05-01T10:00:05Z',
  IP: { source: '10.0.0.1', destination: '203.0.113.9' },
  destination: reserved('world'),
});

test('T14: names are those that the same client was told', () => {
  const { observations } = readAll(answer('api.example.', ['203.0.113.9']), outwards, {
    ...outwards,
    flow: { ...(outwards['flow'] as Json), source: pod('other-1') },
  });
  assert.deepEqual(
    observations.map(({ destination }) => destination.dnsNames),
    [['api.example'], []],
  );
});

test('T15: a search-list attempt without an answer names nothing, and the dot at the end is no part of a name', () => {
  const { observations } = readAll(
    answer('api.example.shop.svc.cluster.local.', []),
    outwards,
    answer('API.Example.', ['203.0.113.9']),
    outwards,
  );
  assert.deepEqual(
    observations.map(({ destination }) => destination.dnsNames),
    [[], ['api.example']],
  );
});

test('T17: an aggregated record needs no address, pod or time', () => {
  const { source, events, port } = only({
    flow: {
      verdict: 'FORWARDED',
      is_reply: false,
      aggregate: { ingress_flow_count: 7 },
      l4: { TCP: { destination_port: 8080 } },
      source: { namespace: 'shop', workloads: [{ name: 'web', kind: 'Deployment' }] },
      destination: { namespace: 'shop', workloads: [{ name: 'api', kind: 'Deployment' }] },
    },
  });
  assert.deepEqual([source.workload?.name, events, port], ['web', 7, 8080]);
});

test('T19: lost events are counted, and are no flows', () => {
  const { lost, skipped } = readAll({
    lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost: '30000' },
  });
  assert.deepEqual([lost, skipped], [30_000, { 'lost-events': 1 }]);
});

test('T22: numbers come as text, and enumerations as numbers', () => {
  const { verdict, port, direction } = only(
    wrapped({
      verdict: 1,
      traffic_direction: 2,
      l4: { TCP: { source_port: '40000', destination_port: '8080' } },
    }),
  );
  assert.deepEqual([verdict, port, direction], ['ALLOWED', 8080, 'EGRESS']);
});

test('T23: bare, wrapped, pretty-printed, listed, in Loki and in the log of a container', async () => {
  const one = JSON.stringify(wrapped());
  const text = [
    JSON.stringify(flow()),
    one,
    JSON.stringify(wrapped(), null, 2),
    `[${one},${one}]`,
    JSON.stringify({ streams: [{ stream: {}, values: [['1', one]] }] }),
    `2024-05-01T10:00:00Z stdout F ${one}`,
  ].join('\n');
  assert.equal((await readText(text)).observations.length, 7);
});

test('T24: a line that was cut costs itself, wherever it was cut', async () => {
  const one = JSON.stringify(wrapped());
  for (let at = 1; at < one.length; at += 7) {
    const cut = one.slice(0, at);
    const { observations, rejected } = await readText(`${one}\n${cut}\n${one}\n${cut}`);
    assert.equal(observations.length, 2, cut);
    assert.deepEqual(
      rejected.map(({ code }) => code),
      ['TRUNCATED', 'TRUNCATED'],
      cut,
    );
  }
});

test('T25: a line is read up to 1 MiB, and a longer one costs itself', async () => {
  const padded = (size: number): string => JSON.stringify(wrapped({ Summary: 'x'.repeat(size) }));
  const { observations, rejected } = await readText(
    [padded(100_000), padded(1_100_000), padded(1)].join('\n'),
  );
  assert.equal(observations.length, 2);
  assert.deepEqual(
    rejected.map(({ code }) => code),
    ['TOO_LONG'],
  );
});

test('T26: what a test harness sends looks like any other traffic: no reader takes it for less, or hides it', () => {
  const labels = ['k8s:app=load-generator', 'k8s:purpose=test-harness'];
  const sent = only(wrapped({ source: { ...pod('load-generator-1', 'load-generator'), labels } }));
  assert.deepEqual([sent.trafficClass, sent.isReply, sent.events], ['app', false, 1]);
});

test('T31: the cluster is that of the field, the label, then the node', () => {
  const labels = ['k8s:app=db', 'k8s:io.cilium.k8s.policy.cluster=west'];
  const destination = { ...pod('db-0'), ID: undefined, cluster_name: '', labels };
  const found = only(wrapped({ node_name: 'east/node-a', destination })).destination;
  assert.equal(found.cluster, 'west');
});

test('T32: a denied first packet has no is_reply, and is forward', () => {
  const { isReply, verdict } = only(
    wrapped({
      ...untold,
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      event_type: { type: 5 },
      l4: tcp(9000, 9001),
      trace_observation_point: undefined,
    }),
  );
  assert.deepEqual([isReply, verdict], [false, 'DENIED']);
});
