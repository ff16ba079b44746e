import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapped } from './hubble-records.js';
import { jsonLines, readAs } from './read-as.js';

const record = wrapped();
const line = JSON.stringify(record);

/** Each holds one flow. */
const ENVELOPES: readonly (readonly [title: string, text: string])[] = [
  ['a log that its collector has parsed', jsonLines({ log: record, kubernetes: {} })],
  [
    "logstash's and Elastic's original",
    jsonLines({ '@timestamp': 'x', event: { original: line } }),
  ],
  ["journald's bytes", jsonLines({ MESSAGE: [...Buffer.from(line)] })],
  [
    'a message of `kcat -J`',
    jsonLines({ topic: 'flows', partition: 0, offset: 1, ts: 1_714_557_600_000, payload: line }),
  ],
  [
    "a message of Kafka's REST proxy",
    JSON.stringify([{ topic: 'flows', partition: 0, offset: 1, key: null, value: record }]),
  ],
  ["Elasticsearch's bulk form", jsonLines({ index: { _index: 'flows' } }, record)],
  [
    "Loki's first form",
    jsonLines({
      streams: [{ labels: '{app="x"}', entries: [{ ts: '2026-11-22T10:00:00Z', line }] }],
    }),
  ],
  [
    'a line of VictoriaLogs',
    jsonLines({ _time: '2026-11-22T10:00:00Z', _stream: '{}', _msg: line }),
  ],
  ['a page of records', JSON.stringify({ records: [{ category: 'x', log: line }] })],
];

for (const [title, text] of ENVELOPES)
  test(`${title} is unwrapped`, async () => {
    const { observations, rejected } = await readAs('auto', text);
    assert.deepEqual([observations.length, rejected], [1, []]);
  });

const any = (value: unknown): object => {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(any) } };
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: pairs(value) } };
  if (typeof value === 'boolean') return { boolValue: value };
  return typeof value === 'number' ? { intValue: String(value) } : { stringValue: value };
};

const pairs = (value: object): readonly object[] =>
  Object.entries(value).map(([key, told]) => ({ key, value: any(told) }));

const otlp = (...bodies: readonly unknown[]): string =>
  JSON.stringify({
    resourceLogs: [{ scopeLogs: [{ logRecords: bodies.map(body => ({ body })) }] }],
  });

test("OpenTelemetry's parsed bodies are the records that they were", async () => {
  const { observations, rejected } = await readAs('auto', otlp(any(record), any(line)));
  assert.deepEqual([observations.length, rejected], [2, []]);
});

test('an entry without anything that could be a record is refused, not left out', async () => {
  const loki = JSON.stringify({
    streams: [{ stream: {}, values: [['1'], ['2', 7], ['3', line]] }],
  });
  for (const text of [otlp({}, { intValue: '7' }, any(line)), loki]) {
    const { observations, rejected } = await readAs('hubble', text);
    assert.equal(observations.length, 1);
    assert.equal(rejected.length, 2);
  }
});
