import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldedCounts } from './folded-counts.js';
import { flow, type Json, only, pod, readAll, reserved, tcp, wrapped } from './hubble-records.js';

const at = (seconds: number, changes: Json = {}): Json =>
  wrapped({ time: new Date(Date.UTC(2024, 4, 1) + seconds * 1000).toISOString(), ...changes });

const seenAt = (point: string, seconds = 0): Json =>
  at(seconds, { trace_observation_point: point });
const verdictEvent = {
  event_type: { type: 5 },
  trace_observation_point: undefined,
  verdict: 'REDIRECTED',
  traffic_direction: 'EGRESS',
};
const l7 = {
  event_type: { type: 129 },
  Type: 'L7',
  trace_observation_point: undefined,
  l7: { type: 'REQUEST', http: {} },
};

test('one packet at four points is one event', () => {
  const points = ['TO_STACK', 'TO_NETWORK', 'FROM_NETWORK', 'TO_ENDPOINT'];
  const { events } = foldedCounts(readAll(...points.map((point, n) => seenAt(point, n / 1000))));
  assert.equal(events, 1);
});

test('three packets at two points are three events, in any order', () => {
  const records = ['TO_STACK', 'TO_STACK', 'TO_STACK', 'TO_ENDPOINT', 'TO_ENDPOINT', 'TO_ENDPOINT'];
  const seen = records.map((point, n) => seenAt(point, n / 1000));
  assert.equal(foldedCounts(readAll(...seen)).events, 3);
  assert.equal(foldedCounts(readAll(...seen.toReversed())).events, 3);
});

/** Every `step`th, then the next of each. */
const mixed = <Of>(all: readonly Of[], step: number): readonly Of[] =>
  all
    .map((one, place) => ({ one, rank: place % step }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ one }) => one);

test('a later packet, another verdict and another client port are events of their own', () => {
  const twice = [0, 3].flatMap(time => [seenAt('TO_STACK', time), seenAt('TO_ENDPOINT', time)]);
  assert.equal(foldedCounts(readAll(...twice)).events, 2);
  assert.equal(
    foldedCounts(readAll(at(0), at(0, { verdict: 'AUDIT', trace_observation_point: 'X' }))).events,
    2,
  );
  assert.equal(foldedCounts(readAll(at(0), at(0, { l4: tcp(40_001, 8080) }))).events, 2);
});

test('packets of a long connection that two points saw count once each, in whatever order they come', () => {
  const sights = Array.from({ length: 40 }, (_, n) => n * 1.3).flatMap(time => [
    seenAt('TO_STACK', time),
    seenAt('TO_ENDPOINT', time + 0.001),
  ]);
  const orders = [sights, sights.toReversed(), ...[3, 7, 11].map(step => mixed(sights, step))];
  for (const order of orders) assert.equal(foldedCounts(readAll(...order)).events, 40);
});

test('a request at the proxy is a verdict, a SYN and an access log, and one connection', () => {
  const syn = { l4: tcp(40_000, 8080, { SYN: true }), trace_observation_point: 'TO_PROXY' };
  const counts = foldedCounts(readAll(at(0, verdictEvent), at(0.001, syn), at(0.002, l7)));
  assert.deepEqual(counts, { events: 1, connections: 1 });
});

test('verdicts of both ends of a connection are one connection', () => {
  const server = {
    ...verdictEvent,
    traffic_direction: 'INGRESS',
    verdict: 'FORWARDED',
    node_name: 'node-b',
  };
  assert.equal(foldedCounts(readAll(at(0, verdictEvent), at(0.5, server))).connections, 1);
});

test('a connection of the same ports is another one a minute later only', () => {
  assert.equal(foldedCounts(readAll(at(0, verdictEvent), at(59, verdictEvent))).connections, 1);
  assert.equal(foldedCounts(readAll(at(0, verdictEvent), at(61, verdictEvent))).connections, 2);
});

test('records that show no start have no connections, which is not zero', () => {
  assert.deepEqual(foldedCounts(readAll(at(0), at(5))), { events: 2, connections: null });
});

test('a denied attempt is no connection', () => {
  const denied = {
    ...verdictEvent,
    verdict: 'DROPPED',
    drop_reason_desc: 'POLICY_DENIED',
    is_reply: undefined,
  };
  assert.equal(only(at(0, denied)).connections, null);
});

test("the proxy's own connection is not the client's", () => {
  const { pod_name, ...labelled } = pod('web-1', 'web');
  const syn = { source: labelled, l4: tcp(50_000, 8080, { SYN: true }) };
  assert.equal(only(at(0, syn)).connections, null);
});

test("Retina's bytes are kept, on either side of its envelope", () => {
  assert.equal(only(wrapped({ extensions: { '@type': 't', value: { bytes: '512' } } })).bytes, 512);
  assert.equal(only(wrapped({ extensions: { '@type': 't', bytes: 512 } })).bytes, 512);
  assert.equal(only(wrapped()).bytes, null);
});

test('times keep their microseconds', () => {
  assert.equal(only(wrapped()).firstSeen, 1_714_557_600_123_456);
});

test('direction and reporter say who saw it, by name or by number', () => {
  const views: readonly (readonly [Json, string, string])[] = [
    [{}, 'INGRESS', 'DESTINATION'],
    [{ traffic_direction: 'EGRESS' }, 'EGRESS', 'SOURCE'],
    [{ traffic_direction: 2, trace_observation_point: 3 }, 'EGRESS', 'SOURCE'],
    [{ traffic_direction: undefined, trace_observation_point: 'TO_OVERLAY' }, 'UNKNOWN', 'NODE'],
    [{ traffic_direction: undefined }, 'UNKNOWN', 'UNKNOWN'],
  ];
  for (const [changes, direction, reporter] of views) {
    const found = only(wrapped(changes));
    assert.deepEqual([found.direction, found.reporter], [direction, reporter]);
  }
});

const udp = (port: number): Json => ({
  l4: { UDP: { source_port: 40_000, destination_port: port } },
});
const kubeDns = { ...pod('dns-1', 'dns'), namespace: 'kube-system' };
const to = (ip: string): Json => ({ source: '10.0.0.1', destination: ip });

const classes: readonly (readonly [string, Json, string])[] = [
  ['a pod to a pod', {}, 'app'],
  ['a question to the DNS', { destination: kubeDns, ...udp(53) }, 'dns'],
  [
    "OpenShift's DNS",
    { destination: { ...kubeDns, namespace: 'openshift-dns' }, ...udp(5353) },
    'dns',
  ],
  ['another pod on 5353', udp(5353), 'app'],
  ["a kubelet's probe", { source: reserved('host') }, 'health-probe'],
  ["Cilium's health", { destination: reserved('health'), l4: tcp(40_000, 4240) }, 'health-probe'],
  [
    "Cilium's health at a node",
    { destination: reserved('remote-node'), l4: tcp(40_000, 4240) },
    'health-probe',
  ],
  ['Hubble at the node', { destination: reserved('host'), l4: tcp(40_000, 4244) }, 'node-agent'],
  ['a NodePort', { destination: reserved('host'), l4: tcp(40_000, 30_080) }, 'app'],
  [
    'the API server',
    { destination: reserved('kube-apiserver'), l4: tcp(40_000, 6443) },
    'control-plane',
  ],
  ['a webhook', { source: reserved('kube-apiserver') }, 'control-plane'],
  ['the world', { destination: reserved('world'), l4: tcp(40_000, 443) }, 'external'],
  ["the world's DNS", { destination: reserved('world'), ...udp(53) }, 'external'],
  ['from the world', { source: reserved('world') }, 'external'],
  [
    'the metadata service',
    { destination: reserved('world'), IP: to('169.254.169.254'), l4: tcp(40_000, 80) },
    'platform',
  ],
  ['a scrape', { source: pod('prometheus-0', 'prometheus') }, 'scrape'],
];

for (const [title, changes, expected] of classes)
  test(`of classes: ${title} is ${expected}`, () =>
    assert.equal(only(wrapped(changes)).trafficClass, expected));

test("a record's id is the source's own", () => {
  assert.equal(only({ flow: flow({ uuid: 'c938' }) }).recordId, 'c938');
});

test('a packet that its destination refuses was denied, whatever its source says, in any order', () => {
  const leaves = (seconds: number) =>
    at(seconds, { trace_observation_point: 'TO_STACK', traffic_direction: 'EGRESS' });
  const arrives = at(0.2, { trace_observation_point: 'TO_ENDPOINT', traffic_direction: 'INGRESS' });
  const refusedAt = (seconds: number) =>
    at(seconds, {
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      event_type: { type: 5 },
      traffic_direction: 'INGRESS',
    });
  const refused = refusedAt(0.1);
  const verdicts = (...records: readonly Json[]) =>
    readAll(...records).observations.map(({ verdict }) => verdict);
  assert.deepEqual(verdicts(leaves(0), refused), ['DENIED']);
  assert.deepEqual(verdicts(refused, leaves(0)), ['DENIED']);
  assert.deepEqual(verdicts(leaves(5), refused), ['ALLOWED', 'DENIED']);
  assert.deepEqual(verdicts(arrives, refused), ['ALLOWED', 'DENIED']);
  // A client tries the same ports again, and each time it is refused.
  const tries = [0, 1, 3, 7, 15].flatMap(time => [leaves(time), refusedAt(time + 0.1)]);
  assert.deepEqual(new Set(verdicts(...tries)), new Set(['DENIED']));
  assert.deepEqual(new Set(verdicts(...tries.toReversed())), new Set(['DENIED']));
});
