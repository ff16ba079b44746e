import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, type Json, only, readAll, wrapped } from './hubble-records.js';

const cases: readonly (readonly [string, Json, string])[] = [
  ['forwarded is allowed', { verdict: 'FORWARDED' }, 'ALLOWED'],
  ['redirected to the L7 proxy is allowed', { verdict: 'REDIRECTED' }, 'ALLOWED'],
  ['audit stays audit', { verdict: 'AUDIT' }, 'AUDIT'],
  ['error is an error', { verdict: 'ERROR' }, 'ERROR'],
  ['an unknown verdict is unknown', { verdict: 'VERDICT_UNKNOWN' }, 'UNKNOWN'],
  ['no verdict is unknown', { verdict: undefined }, 'UNKNOWN'],
  [
    'the default deny is a denial',
    { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED' },
    'DENIED',
  ],
  ['a deny rule is a denial', { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENY' }, 'DENIED'],
  [
    'missing authentication is a denial',
    { verdict: 'DROPPED', drop_reason_desc: 'AUTH_REQUIRED' },
    'DENIED',
  ],
  [
    "a Service's source ranges deny",
    { verdict: 'DROPPED', drop_reason_desc: 'DENIED_BY_LB_SRC_RANGE_CHECK' },
    'DENIED',
  ],
  ['the old number alone tells the reason', { verdict: 'DROPPED', drop_reason: 133 }, 'DENIED'],
  ['another number is no policy', { verdict: 'DROPPED', drop_reason: 132 }, 'ERROR'],
  [
    'a drop of the dataplane is an error',
    { verdict: 'DROPPED', drop_reason: 132, drop_reason_desc: 'INVALID_SOURCE_IP' },
    'ERROR',
  ],
  ['a drop with no reason is an error', { verdict: 'DROPPED', event_type: { type: 1 } }, 'ERROR'],
  [
    "the event of a policy's verdict is a denial where its reason is masked",
    { verdict: 'DROPPED', event_type: { type: 5 } },
    'DENIED',
  ],
  [
    'a reason that is no policy decides before the kind of the event',
    { verdict: 'DROPPED', event_type: { type: 5 }, drop_reason_desc: 'INVALID_SOURCE_IP' },
    'ERROR',
  ],
  [
    'a drop that names the policy is a denial',
    { verdict: 'DROPPED', event_type: { type: 1 }, egress_denied_by: [{ name: 'deny' }] },
    'DENIED',
  ],
  [
    'a request that layer 7 refused failed on a connection that was let through',
    {
      verdict: 'DROPPED',
      Type: 'L7',
      event_type: { type: 129 },
      l7: { type: 'RESPONSE', http: { code: 403, method: 'GET' } },
      drop_reason_desc: 'DROP_REASON_UNKNOWN',
    },
    'ERROR',
  ],
  ['numbers stand for names', { verdict: 5 }, 'ALLOWED'],
  ['a dropped number is judged by its reason', { verdict: 2, drop_reason_desc: 181 }, 'DENIED'],
  ["Retina's retransmission says nothing", { verdict: 15 }, 'UNKNOWN'],
  ["Retina's DNS says nothing", { verdict: 16 }, 'UNKNOWN'],
];

for (const [title, changes, verdict] of cases)
  test(title, () => assert.equal(only(wrapped(changes)).verdict, verdict));

test('a drop that hides its reason is said once for a stream, and one of layer 7 is not', () => {
  const noticed = (...changes: readonly Json[]) =>
    readAll(...changes.map(change => wrapped({ verdict: 'DROPPED', ...change }))).notices?.map(
      ({ code, line }) => `${line} ${code}`,
    );
  const http = { Type: 'L7', l7: { type: 'REQUEST', http: { code: 403 } } };
  assert.deepEqual(noticed({ event_type: { type: 1 } }, { event_type: { type: 1 } }), [
    '1 DROP_UNEXPLAINED',
  ]);
  const explained = [http, { event_type: { type: 5 } }, { drop_reason_desc: 'INVALID_SOURCE_IP' }];
  assert.equal(noticed(...explained), undefined);
});

test('socket events are no flows: they show the Service before its translation', () => {
  const { observations, skipped } = readAll(
    wrapped({ verdict: 'TRACED', Type: 'SOCK', event_type: { type: 7 } }),
    wrapped({ verdict: 'TRANSLATED' }),
    wrapped({ verdict: 6 }),
    wrapped({ Type: 3 }),
  );
  assert.deepEqual(observations, []);
  assert.deepEqual(skipped, { 'not-a-flow': 4 });
});

test('other lines of a stream are skipped by their kind, and lost events are counted', () => {
  const { observations, skipped, lost, rejected } = readAll(
    { lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost: '30000' }, node_name: 'a' },
    { lost_events: { source: 'OBSERVER_EVENTS_QUEUE', num_events_lost: 5 } },
    { node_status: { state_change: 'NODE_CONNECTED' } },
    { agent_event: { type: 'AGENT_STARTED' } },
    { debug_event: { type: 'DBG_CT_LOOKUP' } },
    wrapped(),
  );
  assert.equal(lost, 30_005);
  assert.deepEqual(skipped, {
    'lost-events': 2,
    'node-status': 1,
    'agent-event': 1,
    'debug-event': 1,
  });
  assert.equal(observations.length, 1);
  assert.deepEqual(rejected, []);
});

test('a bare flow is read as a wrapped one', () => {
  assert.deepEqual(only(flow()), only(wrapped()));
});

const refused: readonly (readonly [string, Json, string, RegExp])[] = [
  ['a record of another format', { hello: 'world' }, 'NOT_HUBBLE', /no `flow`/],
  ['a time that is none', wrapped({ time: 'yesterday' }), 'BAD_TIME', /`yesterday`/],
  ['a time before 2000', wrapped({ time: '1970-01-01T00:00:00Z' }), 'BAD_TIME', /1970/],
  ['no time', { flow: flow({ time: undefined }) }, 'BAD_TIME', /no `time`/],
  ['a port over 65535', wrapped({ l4: tcpPort(70_000) }), 'BAD_PORT', /`70000`/],
  ['no source', wrapped({ source: {}, IP: { destination: '10.0.0.2' } }), 'NO_PEER', /source/],
  ['no destination', wrapped({ destination: null, IP: null }), 'NO_PEER', /destination/],
];

function tcpPort(destination_port: number): Json {
  return { TCP: { source_port: 1, destination_port } };
}

for (const [title, record, code, message] of refused)
  test(`${title} is rejected with its line and a cure`, () => {
    const { observations, rejected } = readAll(wrapped(), record);
    assert.equal(observations.length, 1);
    assert.equal(rejected.length, 1);
    assert.equal(rejected[0]?.code, code);
    assert.equal(rejected[0]?.line, 2);
    assert.match(rejected[0]?.message ?? '', message);
    assert.ok(rejected[0]?.hint);
  });

test('numbers written as text are numbers, and time may be seconds and nanoseconds', () => {
  const { port, sourcePort, firstSeen } = only(
    wrapped({
      l4: { TCP: { source_port: '40000', destination_port: '8080' } },
      time: { seconds: '1714557600', nanos: 123_456_789 },
    }),
  );
  assert.deepEqual(
    { port, sourcePort, firstSeen },
    { port: 8080, sourcePort: 40_000, firstSeen: 1_714_557_600_123_456 },
  );
});
