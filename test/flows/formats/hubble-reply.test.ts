import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubble } from '../../../src/flows/formats/hubble.js';
import { recordsOf } from '../../../src/flows/formats/record.js';
import { flow, type Json, RECEIVED_AT, readAll, reserved, tcp, wrapped } from './hubble-records.js';
import { settled } from './settled.js';

/** What became of one record: how its direction was decided, or why it was skipped. */
const fateOf = (...records: readonly Json[]): string => {
  const { observations, skipped } = readAll(...records);
  const last = observations.at(-1);
  return last === undefined
    ? `skipped ${Object.keys(skipped).join()}`
    : `${last.isReply} ${last.replyBasis}`;
};

const absent = { is_reply: undefined, traffic_direction: undefined };
const syn = { l4: tcp(40_000, 8080, { SYN: true }) };
const synAck = { l4: tcp(8080, 40_000, { SYN: true, ACK: true }) };
const toEphemeral = { l4: tcp(8080, 40_000, { ACK: true }) };
const equalPorts = { l4: tcp(9000, 9000, { ACK: true }) };
const echo = (type: number | undefined, version = 4): Json => ({
  l4: version === 4 ? { ICMPv4: { type } } : { ICMPv6: { type } },
});
const drop = {
  ...absent,
  verdict: 'DROPPED',
  drop_reason_desc: 'POLICY_DENIED',
  trace_observation_point: undefined,
};

/** The stream has `is_reply` by its first record, a reply that is skipped. */
const threeValued = wrapped({ is_reply: true });

const cases: readonly (readonly [string, Json, string])[] = [
  ['a reported forward flow is kept', {}, 'false reported'],
  ['a reported reply is skipped', { is_reply: true }, 'skipped reply'],
  [
    'an absent answer at the overlay is not false',
    { ...absent, trace_observation_point: 'TO_OVERLAY' },
    'skipped reply,reply-unknown-overlay',
  ],
  [
    'nor towards the network',
    { ...absent, trace_observation_point: 'TO_NETWORK' },
    'skipped reply,reply-unknown-overlay',
  ],
  [
    'nor where the point is a number',
    { ...absent, trace_observation_point: 4 },
    'skipped reply,reply-unknown-overlay',
  ],
  [
    'a reported flow at the overlay is kept',
    { trace_observation_point: 'TO_OVERLAY' },
    'false reported',
  ],
  ['a SYN is from the client', { ...absent, ...syn }, 'false tcp_flags'],
  ['a SYN with ACK is a reply', { ...absent, ...synAck }, 'skipped reply'],
  [
    'connection tracking told the reason',
    { ...absent, ...equalPorts, trace_reason: 'NEW' },
    'false conntrack',
  ],
  ['a tracked reply is skipped', { ...absent, trace_reason: 'REPLY' }, 'skipped reply'],
  ['a request is forward', { ...absent, l7: { type: 'REQUEST', http: {} } }, 'false reported'],
  ['a response is a reply', { ...absent, l7: { type: 'RESPONSE', http: {} } }, 'skipped reply'],
  ['a low port beyond an ephemeral one is the server', absent, 'false port_heuristic'],
  ['an ephemeral port beyond a low one is a reply', { ...absent, ...toEphemeral }, 'skipped reply'],
  ['equal ports tell nothing', { ...absent, ...equalPorts }, 'null assumed'],
  ['an echo request asks', { ...absent, ...echo(8) }, 'false icmp_type'],
  [
    'an echo reply, whose type 0 is left out, answers',
    { ...absent, ...echo(undefined) },
    'skipped reply',
  ],
  ['an unreachable answers', { ...absent, ...echo(3) }, 'skipped reply'],
  ['an IPv6 echo request asks', { ...absent, ...echo(128, 6) }, 'false icmp_type'],
  ['an IPv6 echo reply answers', { ...absent, ...echo(129, 6) }, 'skipped reply'],
  ['a dropped SYN is forward', { ...drop, ...syn, event_type: { type: 5 } }, 'false tcp_flags'],
  [
    'a drop without flags is forward',
    { ...drop, l4: tcp(9000, 9000), event_type: { type: 1 } },
    'false assumed',
  ],
  ['a dropped answer is a reply', { ...drop, ...synAck, event_type: { type: 1 } }, 'skipped reply'],
  [
    'a dropped packet of a running connection is judged by its ports',
    { ...drop, ...toEphemeral, event_type: { type: 1 } },
    'skipped reply',
  ],
  [
    "Retina's preset false is unmasked by flags",
    { ...synAck, extensions: { '@type': 'x' } },
    'skipped reply',
  ],
  [
    "Retina's preset false is unmasked by ports",
    { ...toEphemeral, extensions: { '@type': 'x' } },
    'skipped reply',
  ],
  [
    'a packet that comes to an endpoint inwards is forward',
    { ...equalPorts, is_reply: undefined },
    'false observation_point',
  ],
  [
    'and outwards a reply',
    { ...equalPorts, is_reply: undefined, traffic_direction: 'EGRESS' },
    'skipped reply',
  ],
  [
    'a packet that leaves an endpoint outwards is forward',
    {
      ...equalPorts,
      is_reply: undefined,
      traffic_direction: 'EGRESS',
      trace_observation_point: 'FROM_ENDPOINT',
    },
    'false observation_point',
  ],
  [
    'a reason that the ports deny tells nothing',
    { ...absent, ...toEphemeral, trace_reason: 'NEW' },
    'null assumed',
  ],
  [
    "Retina's preset false tells nothing where the ports tell nothing",
    { ...equalPorts, extensions: { '@type': 'x' } },
    'null assumed',
  ],
  ["Cilium's false is not doubted for its ports", toEphemeral, 'false reported'],
];

for (const [title, changes, fate] of cases)
  test(title, () => {
    const found = fateOf(threeValued, wrapped(changes));
    assert.equal(found, fate);
  });

const answersOf = (changes: Json): readonly Json[] => [
  wrapped({ ...syn }),
  wrapped({
    IP: { source: '10.0.0.2', destination: '10.0.0.1' },
    source: flow()['destination'],
    destination: flow()['source'],
    l4: tcp(8080, 40_000, { ACK: true }),
    ...changes,
  }),
];

for (const [title, changes] of [
  ['called forward', { is_reply: false }],
  ['classed NEW', { is_reply: undefined, trace_reason: 'NEW' }],
  ['called forward by its direction', { is_reply: undefined }],
] as const)
  test(`an answer to a SYN that was seen is a reply, although ${title}, in any order`, () => {
    const records = answersOf(changes);
    for (const order of [records, records.toReversed()]) {
      const { observations, skipped } = readAll(...order);
      assert.deepEqual(
        observations.map(({ port }) => port),
        [8080],
      );
      assert.deepEqual(skipped, { reply: 1 });
    }
  });

const old = (changes: Json): Json => wrapped({ ...absent, ...changes });

test('where no record has `is_reply`, one without `reply` is forward', () => {
  assert.equal(fateOf(old(equalPorts), old({ reply: true })), 'false reported');
});

test('where no record has either, flags and ports decide', () => {
  assert.equal(fateOf(old(equalPorts)), 'null assumed');
  assert.equal(fateOf(old(toEphemeral)), 'skipped reply');
});

test('a later `is_reply` in the chunk settles the records before it', () => {
  assert.equal(fateOf(old(equalPorts), wrapped({ is_reply: true })), 'null assumed');
});

test('what a stream has shown holds in its later chunks', () => {
  const reader = hubble.open({ receivedAt: RECEIVED_AT });
  const chunk = (...records: readonly Json[]) => {
    for (const record of recordsOf(records)) reader.push(record);
    return settled(reader.take());
  };
  assert.equal(chunk(old({ reply: true })).observations.length, 0);
  assert.equal(chunk(old(equalPorts)).observations[0]?.isReply, false, 'an old stream');
  assert.equal(chunk(wrapped()).observations.length, 1);
  assert.equal(chunk(old(equalPorts)).observations[0]?.isReply, null, 'a newer one after all');
});

test('a take gives what came since the last one only', () => {
  const reader = hubble.open({ receivedAt: RECEIVED_AT });
  for (const record of recordsOf([wrapped(), wrapped({ is_reply: true })])) reader.push(record);
  const { observations, skipped } = reader.take();
  assert.equal(observations.length, 1);
  assert.deepEqual(skipped, { reply: 1 });
  assert.deepEqual(reader.take(), {
    observations: [],
    rejected: [],
    skipped: {},
    skippedHours: new Map(),
    lost: 0,
    sampling: null,
    listeners: [],
  });
});

test("the node's DNS proxy is left out in favour of the pod's own question", () => {
  const { skipped } = readAll(
    wrapped({
      ...absent,
      source: reserved('remote-node'),
      l4: { UDP: { source_port: 40_000, destination_port: 53 } },
      trace_observation_point: 'TO_OVERLAY',
    }),
  );
  assert.deepEqual(skipped, { 'node-dns-proxy': 1 });
});

test('UDP to the discard port is no traffic', () => {
  const l4 = { UDP: { source_port: 40_000, destination_port: 9 } };
  assert.deepEqual(readAll(wrapped({ l4 })).skipped, { 'udp-discard-port': 1 });
});
