import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLines, readAs } from './read-as.js';

const sound = {
  time: '2026-11-22T10:00:00Z',
  source: { namespace: 'shop', pod: 'web-1' },
  destination: { namespace: 'shop', pod: 'api-1' },
  port: 8080,
  protocol: 'TCP',
};

const flow = {
  time: '2026-11-22T10:00:00Z',
  verdict: 'FORWARDED',
  IP: { source: '10.0.0.1', destination: '10.0.0.2' },
  l4: { TCP: { source_port: 40_000, destination_port: 8080 } },
  source: { namespace: 'shop', pod_name: 'web-1', labels: ['k8s:app=web'] },
  destination: { namespace: 'shop', pod_name: 'api-1', labels: ['k8s:app=api'] },
  is_reply: false,
};

const hubble = (other: object): object => ({ flow: { ...flow, ...other } });

const key = {
  source_name: 'web-*',
  source_namespace: 'shop',
  source_type: 1,
  dest_name: 'api-*',
  dest_namespace: 'shop',
  dest_type: 1,
  dest_port: 8080,
  proto: 'tcp',
  reporter: 1,
  action: 1,
};

const calico = (other: object, counts: object = {}): object => ({
  Key: { ...key, ...other },
  start_time: 1_795_341_600,
  end_time: 1_795_341_615,
  source_labels: ['app=web'],
  dest_labels: ['app=api'],
  ...counts,
});

const long = 'x'.repeat(9_000);

const cases: readonly (readonly [code: string, format: string, record: object])[] = [
  ['BAD_TIME', 'neutral', { ...sound, time: '2026-02-30T10:00:00Z' }],
  ['BAD_TIME', 'neutral', { ...sound, time: '2026-11-22T10:00:00+99:00' }],
  ['BAD_TIME', 'neutral', { ...sound, time: '2026-11-22T24:00:00Z' }],
  ['BAD_TIME', 'neutral', { ...sound, time: '9999-12-31T23:59:59Z' }],
  ['BAD_TIME', 'neutral', { ...sound, time: '-0001-01-01T00:00:00Z' }],
  ['BAD_TIME', 'neutral', { ...sound, time: 1_795_341_600 }],
  ['BAD_PORT', 'neutral', { ...sound, port: 70_000 }],
  ['BAD_PORT', 'neutral', { ...sound, port: '8080' }],
  ['BAD_PORT', 'neutral', { ...sound, port: 80.5 }],
  ['BAD_CHOICE', 'neutral', { ...sound, protocol: '300' }],
  ['BAD_CHOICE', 'neutral', { ...sound, protocol: 'constructor' }],
  ['BAD_COUNT', 'neutral', { ...sound, bytes: -5 }],
  ['BAD_COUNT', 'neutral', { ...sound, events: 1.5 }],
  ['BAD_COUNT', 'neutral', { ...sound, bytes: 2 ** 60 }],
  ['BAD_ADDRESS', 'neutral', { ...sound, source: { ip: 'fe80::1%eth0' } }],
  ['BAD_NAME', 'neutral', { ...sound, source: { namespace: '../../x', pod: 'web-1' } }],
  ['BAD_NAME', 'neutral', { ...sound, source: { namespace: 'shop', pod: 'web\n1' } }],
  ['BAD_NAME', 'neutral', { ...sound, source: { namespace: 'shop', pod: '\u001b[2J' } }],
  ['BAD_NAME', 'neutral', { ...sound, source: { namespace: 'shop', pod: long } }],
  ['BAD_NAME', 'neutral', { ...sound, source: { namespace: 'shop', labels: { [long]: 'x' } } }],
  ['BAD_NAME', 'neutral', { ...sound, source: { namespace: 'shop', labels: { app: '../x' } } }],
  ['BAD_CHARACTER', 'neutral', { ...sound, source: { namespace: 'shop', pod: '\ud800' } }],
  ['BAD_CHARACTER', 'neutral', { ...sound, id: '\ufffd' }],
  ['NUL_CHARACTER', 'neutral', { ...sound, id: 'a\0b' }],
  ['BAD_ADDRESS', 'hubble', hubble({ IP: { source: 'fe80::1%eth0', destination: '10.0.0.2' } })],
  ['BAD_NAME', 'hubble', hubble({ source: { namespace: 'Shop', pod_name: 'web-1' } })],
  ['BAD_NAME', 'hubble', hubble({ source: { ...flow.source, labels: ['k8s:app=../x'] } })],
  ['BAD_PORT', 'hubble', hubble({ l4: { TCP: { destination_port: 70_000 } } })],
  ['BAD_PORT', 'hubble', hubble({ l4: { TCP: { destination_port: 'http' } } })],
  ['BAD_COUNT', 'hubble', hubble({ aggregate: { ingress_flow_count: -5 } })],
  ['BAD_COUNT', 'hubble', { lost_events: { num_events_lost: -5 } }],
  ['BAD_COUNT', 'hubble', { lost_events: { num_events_lost: 1e30 } }],
  ['BAD_TIME', 'hubble', hubble({ time: { seconds: 1_795_341_600, nanos: 5e9 } })],
  ['BAD_PORT', 'calico', calico({ dest_port: 70_000 })],
  ['BAD_PROTOCOL', 'calico', calico({ proto: undefined })],
  ['BAD_PROTOCOL', 'calico', calico({ proto: '300' })],
  ['BAD_PROTOCOL', 'calico', calico({ proto: '6.5' })],
  ['BAD_COUNT', 'calico', calico({}, { bytes_in: -5, bytes_out: 60 })],
  ['BAD_COUNT', 'calico', calico({}, { num_connections_started: '1e3' })],
  ['BAD_TIME', 'calico', calico({}, { end_time: '2026-02-30T10:00:00Z' })],
  ['BAD_NAME', 'calico', calico({ source_namespace: 'a/b' })],
];

const GOOD: Readonly<Record<string, object>> = {
  neutral: sound,
  hubble: hubble({}),
  calico: calico({}),
};

for (const [code, format, record] of cases)
  test(`${format}: ${JSON.stringify(record).slice(0, 160)} is refused alone`, async () => {
    const good = GOOD[format] as object;
    const { observations, rejected } = await readAs(format, jsonLines(good, record, good));
    assert.equal(observations.length, 2);
    const [refused, ...others] = rejected;
    assert.deepEqual(others, []);
    assert.equal(refused?.code, code);
    assert.equal(refused?.line, 2);
    assert.notEqual(refused?.hint, null);
    assert.ok((refused?.message.length ?? 0) < 1_100);
    assert.doesNotMatch(refused?.message ?? '', /\p{Cc}|\p{Cs}/u);
  });

test('bytes that are not UTF-8 cost their record', async () => {
  const line = Buffer.from(`${JSON.stringify(sound)}\n`);
  const broken = Buffer.from(line);
  broken[line.indexOf('web-1')] = 0xff;
  const { observations, rejected } = await readAs('neutral', Buffer.concat([line, broken, line]));
  assert.equal(observations.length, 2);
  assert.deepEqual(
    rejected.map(({ code, line }) => [code, line]),
    [['BAD_CHARACTER', 2]],
  );
});

test('a record that is nested by the thousand costs that record', async () => {
  const deep = `{"source":${'['.repeat(200_000)}"\\u0041"${']'.repeat(200_000)}}`;
  const good = JSON.stringify(sound);
  const { observations, rejected } = await readAs('neutral', `${good}\n${deep}\n${good}`);
  assert.equal(observations.length, 2);
  assert.deepEqual(
    rejected.map(({ code }) => code),
    ['TOO_DEEP'],
  );
});

test('what one record says of a pod wrongly is not learned for the others', async () => {
  const poisoned = hubble({ source: { ...flow.source, identity: 7, labels: ['k8s:app=../x'] } });
  const masked = hubble({ source: { namespace: 'shop', pod_name: 'web-1', identity: 7 } });
  const { observations, rejected } = await readAs('hubble', jsonLines(poisoned, masked));
  assert.equal(observations.length, 1);
  assert.equal(rejected.length, 1);
});
