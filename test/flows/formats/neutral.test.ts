import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORMATS, formatNamed } from '../../../src/flows/formats/formats.js';
import { neutral } from '../../../src/flows/formats/neutral.js';
import { readRecords } from '../../../src/flows/formats/reading.js';
import { recordsOf } from '../../../src/flows/formats/record.js';
import type { Observation, ObservedPeer, Reading } from '../../../src/flows/observation.js';
import { type Json, pick, RECEIVED_AT } from './hubble-records.js';

const record = (changes: Json = {}): Json => ({
  time: '2026-11-22T10:00:00.123456789Z',
  source: { namespace: 'shop', pod: 'web-5c7d9-x2x8p', ip: '10.0.1.7' },
  destination: { namespace: 'shop', workload: { kind: 'Deployment', name: 'api' } },
  port: 8080,
  protocol: 'TCP',
  verdict: 'ALLOWED',
  connections: 3,
  bytes: 5120,
  ...changes,
});

const readAll = (...records: readonly Json[]): Reading => {
  const reader = neutral.open({ receivedAt: RECEIVED_AT });
  for (const one of recordsOf(records)) reader.push(one);
  return reader.take();
};

const only = (changes: Json = {}): Observation => {
  const { observations, rejected } = readAll(record(changes));
  const [observation] = observations;
  if (observation === undefined) throw new Error(JSON.stringify(rejected));
  return observation;
};

test('a record is what it says, and what it leaves out is unknown', () => {
  const { source, destination, ...rest } = only();
  assert.deepEqual(rest, {
    firstSeen: Date.UTC(2026, 10, 22, 10) * 1000 + 123_456,
    lastSeen: Date.UTC(2026, 10, 22, 10) * 1000 + 123_456,
    port: 8080,
    servicePort: null,
    protocol: 'TCP',
    verdict: 'ALLOWED',
    connections: 3,
    events: 1,
    bytes: 5120,
    direction: 'UNKNOWN',
    reporter: 'UNKNOWN',
    countedBy: null,
    isReply: false,
    replyBasis: 'assumed',
    doubt: null,
    trafficClass: 'app',
    sourcePort: null,
    recordId: null,
    line: 1,
  });
  assert.deepEqual(pick(source, 'kind', 'namespace', 'pod', 'ip'), {
    kind: 'pod',
    namespace: 'shop',
    pod: 'web-5c7d9-x2x8p',
    ip: '10.0.1.7',
  });
  assert.deepEqual(destination.workload, { kind: 'Deployment', name: 'api' });
});

test('a window record has two times, and may count and name itself', () => {
  const found = only({
    time: undefined,
    firstSeen: '2026-11-22T10:00:00Z',
    lastSeen: '2026-11-22T10:05:00+00:00',
    servicePort: 80,
    direction: 'egress',
    reporter: 'SOURCE',
    protocol: 'udp',
    verdict: 'DENIED',
    connections: '12',
    events: 40,
    bytes: null,
    isReply: null,
    id: 'r-1',
  });
  assert.equal(found.lastSeen - found.firstSeen, 300_000_000);
  const { servicePort, direction, reporter, protocol, verdict, connections, events, bytes } = found;
  assert.deepEqual(
    { servicePort, direction, reporter, protocol, verdict, connections, events, bytes },
    {
      servicePort: 80,
      direction: 'EGRESS',
      reporter: 'SOURCE',
      protocol: 'UDP',
      verdict: 'DENIED',
      connections: 12,
      events: 40,
      bytes: null,
    },
  );
  assert.equal(found.isReply, null);
  assert.equal(found.recordId, 'r-1');
});

const peers: readonly (readonly [string, Json, Partial<ObservedPeer>])[] = [
  [
    'labels with a namespace are a workload',
    { namespace: 'a', labels: { app: 'x' }, ip: '10.0.0.1' },
    { kind: 'workload', labels: { app: 'x' }, ip: null },
  ],
  [
    'a service',
    { namespace: 'a', service: 'api' },
    { kind: 'service', service: { namespace: 'a', name: 'api' } },
  ],
  ['a node', { node: 'worker-1' }, { kind: 'node', node: 'worker-1' }],
  [
    'an address is for the inventory to tell',
    { ip: '20.0.0.1' },
    { kind: 'unknown', ip: '20.0.0.1' },
  ],
  ['IPv6 is written short', { ip: '2001:DB8:0:0:0:0:0:1' }, { ip: '2001:db8::1' }],
  ['IPv4 within IPv6 is IPv4', { ip: '::ffff:10.0.0.1' }, { ip: '10.0.0.1' }],
  ['a block', { cidr: '20.0.0.0/8' }, { kind: 'external', cidr: '20.0.0.0/8' }],
  [
    'a name',
    { dnsName: 'API.Example.com.', ip: '20.0.0.1' },
    { kind: 'external', dnsNames: ['api.example.com'], ip: '20.0.0.1' },
  ],
];

for (const [title, peer, fields] of peers)
  test(`of peers: ${title}`, () => {
    const { destination } = only({ destination: peer });
    assert.deepEqual(pick(destination, ...(Object.keys(fields) as (keyof ObservedPeer)[])), fields);
  });

test('a peer is one object through a stream', () => {
  const { observations } = readAll(record(), record());
  assert.equal(observations[0]?.source, observations[1]?.source);
});

test('replies and the discard port are skipped', () => {
  const { observations, skipped } = readAll(
    record({ isReply: true }),
    record({ protocol: 'UDP', port: 9 }),
  );
  assert.deepEqual(observations, []);
  assert.deepEqual(skipped, { reply: 1, 'udp-discard-port': 1 });
});

const refused: readonly (readonly [Json, string, string, RegExp])[] = [
  [{ time: undefined }, 'NO_TIME', 'firstSeen', /no time/],
  [{ time: undefined, firstSeen: '2026-11-22T10:00:00Z' }, 'NO_TIME', 'lastSeen', /no time/],
  [{ time: 1_700_000_000 }, 'BAD_TIME', 'time', /`1700000000`/],
  [{ time: '22.11.2026' }, 'BAD_TIME', 'time', /`22.11.2026`/],
  [{ lastSeen: '2026-11-22T10:00:00Z' }, 'BAD_TIME', 'time', /both/],
  [
    { time: undefined, firstSeen: '2026-11-22T10:00:00Z', lastSeen: '2026-11-22T09:00:00Z' },
    'BAD_TIME',
    'lastSeen',
    /before/,
  ],
  [{ source: undefined }, 'NO_PEER', 'source', /no `source`/],
  [{ source: 'shop/web' }, 'BAD_OBJECT', 'source', /`shop\/web`/],
  [{ source: { namespace: 'shop' } }, 'NO_PEER', 'source', /who it is/],
  [
    { destination: { pod: 'web-1' } },
    'NO_NAMESPACE',
    'destination.namespace',
    /is missing its `namespace`/,
  ],
  [
    { destination: { namespace: 'shop', workload: { name: 'api' } } },
    'BAD_WORKLOAD',
    'destination.workload',
    /`kind`/,
  ],
  [
    { destination: { namespace: 'shop', workload: { kind: 7, name: 'api' } } },
    'BAD_TEXT',
    'destination.workload.kind',
    /`7`/,
  ],
  [
    { destination: { namespace: 'shop', labels: { app: 1 } } },
    'BAD_LABELS',
    'destination.labels.app',
    /`1`/,
  ],
  [{ destination: { ip: '10.0.0' } }, 'BAD_ADDRESS', 'destination.ip', /`10.0.0`/],
  [{ destination: { ip: '10.0.0.0/8' } }, 'BAD_ADDRESS', 'destination.ip', /not an IP address/],
  [{ destination: { cidr: '10.0.0.0' } }, 'BAD_CIDR', 'destination.cidr', /`10.0.0.0`/],
  [
    { destination: { ip: '10.0.0.1', pods: 'x' } },
    'UNKNOWN_FIELD',
    'destination.pods',
    /`destination.pods`/,
  ],
  [{ protocol: undefined }, 'NO_PROTOCOL', 'protocol', /no `protocol`/],
  [{ protocol: 'HTTP' }, 'BAD_CHOICE', 'protocol', /`HTTP`/],
  [{ protocol: 'constructor' }, 'BAD_CHOICE', 'protocol', /`constructor`/],
  [{ protocol: 'ICMP' }, 'BAD_PORT', 'port', /has no ports/],
  [{ verdict: 'FORWARDED' }, 'BAD_CHOICE', 'verdict', /`FORWARDED`/],
  [{ port: 0 }, 'BAD_PORT', 'port', /`0`/],
  [{ port: '8080' }, 'BAD_PORT', 'port', /`8080`/],
  [{ servicePort: 80.5 }, 'BAD_PORT', 'servicePort', /`80.5`/],
  [{ connections: -1 }, 'BAD_COUNT', 'connections', /`-1`/],
  [{ bytes: '1e3' }, 'BAD_COUNT', 'bytes', /`1e3`/],
  [{ isReply: 'no' }, 'BAD_BOOLEAN', 'isReply', /`no`/],
  [{ prot: 'TCP' }, 'UNKNOWN_FIELD', 'prot', /`prot`/],
];

for (const [changes, code, path, message] of refused)
  test(`${JSON.stringify(changes)} is rejected as ${code}, and the rest goes on`, () => {
    const { observations, rejected } = readAll(record(), record(changes), record());
    assert.equal(observations.length, 2);
    assert.equal(rejected.length, 1);
    const [found] = rejected;
    assert.deepEqual([found?.line, found?.code, found?.path], [2, code, path]);
    assert.match(found?.message ?? '', message);
    assert.ok(found?.hint);
  });

test('a line that is no JSON is rejected with its line', async () => {
  const reader = neutral.open({ receivedAt: RECEIVED_AT });
  for await (const batch of readRecords(`${JSON.stringify(record())}\nnonsense\n`))
    for (const one of batch) reader.push(one);
  const { observations, rejected } = reader.take();
  assert.equal(observations.length, 1);
  assert.deepEqual(
    rejected.map(({ line, code }) => ({ line, code })),
    [{ line: 2, code: 'NOT_JSON' }],
  );
});

test('a format is found by its name or an alias, in any case of letters', () => {
  assert.equal(formatNamed('hubble').format?.name, 'hubble');
  assert.equal(formatNamed('Cilium').format?.name, 'hubble');
  assert.equal(formatNamed('ndjson').format?.name, 'neutral');
});

test('a format that is not known names those that are', () => {
  const { fault } = formatNamed('pcap');
  assert.equal(fault?.code, 'UNKNOWN_FORMAT');
  for (const { name } of FORMATS) assert.match(fault?.hint ?? '', new RegExp(name));
});
