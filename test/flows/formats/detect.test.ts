import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapped } from './hubble-records.js';
import { jsonLines, readAs } from './read-as.js';

const neutral = {
  time: '2026-11-22T10:00:00Z',
  source: { namespace: 'shop', pod: 'web-1' },
  destination: { namespace: 'shop', pod: 'api-1' },
  port: 8080,
  protocol: 'TCP',
  verdict: 'ALLOWED',
};

const cases: readonly (readonly [string, string, unknown, string])[] = [
  ['our own record as Hubble', 'hubble', neutral, 'neutral'],
  ['Hubble as our own record', 'neutral', wrapped(), 'hubble'],
  ['a bare flow of Hubble as our own record', 'neutral', wrapped()['flow'], 'hubble'],
  ['Hubble as Calico, which wraps flows too', 'calico', wrapped(), 'hubble'],
];

for (const [title, sent, record, found] of cases)
  test(`${title} is refused with the name of its format`, async () => {
    const { observations, rejected } = await readAs(sent, jsonLines(record, record));
    assert.deepEqual(observations, []);
    assert.deepEqual(
      rejected.map(({ code, message, line }) => ({ code, message, line })),
      [1, 2].map(line => ({
        code: 'WRONG_FORMAT',
        message: `record is in the format \`${found}\`, and was sent as \`${sent}\``,
        line,
      })),
    );
    assert.match(rejected[0]?.hint ?? '', new RegExp(`\`${found}\``));
  });

test('what stands before the first record that tells is read in its format too', async () => {
  const { format, observations, rejected } = await readAs(
    'auto',
    `starting\n${jsonLines({ time: '2026-11-22T10:00:00Z' }, neutral)}`,
  );
  assert.equal(format, 'neutral');
  assert.equal(observations.length, 1);
  assert.deepEqual(
    rejected.map(({ code, line }) => [code, line]),
    [
      ['NOT_JSON', 1],
      ['NO_PEER', 2],
    ],
  );
});

test('records of no format that is known are refused, with the names of those that are', async () => {
  const { rejected } = await readAs('auto', jsonLines({ hello: 'world' }, { hello: 'again' }));
  assert.deepEqual(
    rejected.map(({ code }) => code),
    ['UNKNOWN_FORMAT', 'UNKNOWN_FORMAT'],
  );
  assert.match(rejected[0]?.hint ?? '', /hubble.*neutral/);
});

test('a long stream that tells nothing is not held back for ever', async () => {
  const { rejected } = await readAs('auto', `${'{"hello":"world"}\n'.repeat(2_500)}`);
  assert.equal(rejected.length, 2_500);
});

test('our own record is found with each of its fields, whatever other sources call theirs', async () => {
  const fields = {
    servicePort: 80,
    connections: 1,
    events: 1,
    bytes: 1,
    direction: 'INGRESS',
    reporter: 'SOURCE',
    isReply: false,
    id: 'a',
  };
  for (const [field, value] of Object.entries(fields)) {
    const { format, observations } = await readAs(
      'auto',
      jsonLines({ ...neutral, [field]: value }),
    );
    assert.deepEqual([format, observations.length], ['neutral', 1], field);
  }
});

test('a word that other logs call `event_type` is no event of Hubble', async () => {
  const suricata = { event_type: 'flow', src_ip: '10.0.0.1', dest_ip: '10.0.0.2', proto: 'TCP' };
  const { rejected } = await readAs('auto', jsonLines(suricata));
  assert.deepEqual(
    rejected.map(({ code }) => code),
    ['UNKNOWN_FORMAT'],
  );
});
