import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  flow,
  type Json,
  only,
  pick,
  pod,
  readAll,
  reserved,
  tcp,
  wrapped,
} from './hubble-records.js';

/** As protobuf's JSON names fields unless it is asked for the proto's own: `podName`, `isReply`. */
const camel = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, told]) => [
      field.replace(/(?<=[a-z0-9])_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camel(told),
    ]),
  );
};

const inCamel = (record: Json): Json => camel(record) as Json;

const denial = {
  verdict: 'DROPPED',
  drop_reason_desc: 'POLICY_DENIED',
  event_type: { type: 5 },
  is_reply: undefined,
  ingress_denied_by: [{ name: 'deny-all', namespace: 'shop', kind: 'NetworkPolicy' }],
};

const RECORDS: readonly (readonly [title: string, record: Json])[] = [
  ['a packet', wrapped()],
  ['a bare flow', flow()],
  ['a reply', wrapped({ is_reply: true, l4: tcp(8080, 40_000, { ACK: true }) })],
  ['a denial with its policy', wrapped(denial)],
  [
    'a name that was looked up',
    wrapped({ destination: reserved('world'), destination_names: ['api.example.com'] }),
  ],
  [
    'an aggregated record',
    wrapped({
      IP: undefined,
      aggregate: { ingress_flow_count: '7' },
      l4: { TCP: { destination_port: 8080 } },
      source: { namespace: 'shop', workloads: [{ name: 'web', kind: 'Deployment' }] },
      destination: { namespace: 'shop', workloads: [{ name: 'api', kind: 'Deployment' }] },
    }),
  ],
  ['lost events', { lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost: '30' } }],
  ['a node status', { node_status: { state_change: 'NODE_CONNECTED' } }],
  [
    'what a field mask leaves',
    {
      flow: {
        time: '2024-05-01T10:00:00Z',
        verdict: 'FORWARDED',
        l4: { UDP: { source_port: 40_000, destination_port: 53 } },
        source: { pod_name: 'web-1', namespace: 'shop' },
        destination: { pod_name: 'dns-1', namespace: 'kube-system' },
      },
    },
  ],
];

/** What was found, without the ids that are a record's whole text. */
const found = (record: Json): unknown => {
  const { observations, ...rest } = readAll(record);
  return { ...rest, observations: observations.map(one => ({ ...one, recordId: null })) };
};

for (const [title, record] of RECORDS)
  test(`${title} is the same in protobuf's names as in those of its proto`, () => {
    assert.deepEqual(found(inCamel(record)), found(record));
  });

test("labels keep their own names, whatever those of protobuf's fields are", () => {
  const labelled = { ...pod('web-1'), labels: ['k8s:app=web', 'k8s:costCenter=aB'] };
  const { source } = only(inCamel(wrapped({ source: labelled })));
  assert.deepEqual(source.labels, { app: 'web', costCenter: 'aB' });
});

test("Go's own JSON wraps the protocol and whether it is a reply, and leaves a false out", () => {
  const go = (is_reply: unknown, sourcePort: number, port: number): Json =>
    wrapped({
      is_reply,
      verdict: 1,
      time: { seconds: 1_714_557_600, nanos: 5 },
      l4: { Protocol: tcp(sourcePort, port, { ACK: true }) },
    });
  const { port, protocol, isReply } = only(go({}, 40_000, 8080));
  assert.deepEqual([port, protocol, isReply], [8080, 'TCP', false]);
  assert.deepEqual(readAll(go({ value: true }, 8080, 40_000)).skipped, { reply: 1 });
  assert.deepEqual(readAll(wrapped({ is_reply: 'true' })).skipped, { reply: 1 });
});

test('an IPv4 address within one of IPv6 is that address', () => {
  const { source, destination } = only(
    wrapped({
      IP: { source: '::ffff:10.0.0.9', destination: '::FFFF:0a00:0008' },
      source: {},
      destination: {},
    }),
  );
  assert.deepEqual([source.ip, destination.ip], ['10.0.0.9', '10.0.0.8']);
});

test('a time may be a number of seconds, or of smaller units', () => {
  const at = 1_714_557_600;
  for (const time of [at, `${at}`, at * 1e3, `${at * 1e3}`, at * 1e6, `${at}000000000`])
    assert.equal(only(wrapped({ time })).firstSeen, at * 1e6, String(time));
  assert.deepEqual(
    readAll(wrapped({ time: 17 })).rejected.map(({ code }) => code),
    ['BAD_TIME'],
  );
});

test('flows without `l4` are kept as of another protocol, and that is said once', () => {
  const { observations, notices } = readAll(
    wrapped({ l4: undefined }),
    wrapped({ l4: undefined, source: pod('web-2', 'web') }),
    wrapped(),
  );
  assert.deepEqual(
    observations.map(({ protocol }) => protocol),
    ['OTHER', 'OTHER', 'TCP'],
  );
  assert.deepEqual(
    notices?.map(({ code, line }) => `${line} ${code}`),
    ['1 PROTOCOL_UNTOLD'],
  );
  assert.deepEqual(pick(only(wrapped()).source, 'pod'), { pod: 'web-1' });
});
