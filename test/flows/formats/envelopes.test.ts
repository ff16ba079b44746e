import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAs } from './read-as.js';

const FLOW = {
  flow: {
    time: '2026-11-22T10:00:00Z',
    uuid: 'one',
    verdict: 'FORWARDED',
    IP: { source: '10.1.0.10', destination: '10.1.0.20' },
    l4: { TCP: { source_port: 40_000, destination_port: 8080, flags: { SYN: true } } },
    source: { namespace: 'shop', pod_name: 'web-0' },
    destination: { namespace: 'shop', pod_name: 'api-0' },
    event_type: { type: 4 },
    is_reply: false,
  },
  node_name: 'n1',
};

const LINE = JSON.stringify(FLOW);
/** Of the log, an hour before. */
const WRITTEN = '2026-11-22T09:00:00.5Z';
const NANOS = `${Date.parse(WRITTEN)}000000`;

const ENVELOPES: Readonly<Record<string, unknown>> = {
  '`kubectl logs --timestamps`': `${WRITTEN} ${LINE}`,
  '`kubectl logs --prefix`': `[pod/cilium-x2x8p/export] ${LINE}`,
  '`kubectl logs --prefix --timestamps`': `[pod/cilium-x2x8p/export] ${WRITTEN} ${LINE}`,
  stern: `cilium-x2x8p export ${LINE}`,
  'logcli as text': `${WRITTEN} {app="hubble", node="n1"} ${LINE}`,
  'the kubelet, cut at the end of the record': `${WRITTEN} stdout P ${LINE}\n${WRITTEN} stdout F \n`,
  '`aws logs tail`': `2026-11-22T09:00:00.500000+00:00 stream ${LINE}`,
  'CloudWatch Insights': {
    results: [
      [
        { field: '@timestamp', value: '2026-11-22 09:00:00.500' },
        { field: '@message', value: LINE },
      ],
    ],
    status: 'Complete',
  },
  'Cloud Logging, text': [{ textPayload: LINE, timestamp: WRITTEN, insertId: 'a' }],
  'Cloud Logging, parsed': [{ jsonPayload: FLOW, timestamp: WRITTEN, insertId: 'a' }],
  'OpenTelemetry logs': {
    resourceLogs: [
      { scopeLogs: [{ logRecords: [{ timeUnixNano: NANOS, body: { stringValue: LINE } }] }] },
    ],
  },
  'an event of Splunk': { time: Date.parse(WRITTEN) / 1000, host: 'n1', event: LINE },
  'an export of Splunk': { preview: false, result: { _raw: LINE, _time: WRITTEN } },
  journald: { MESSAGE: LINE, __REALTIME_TIMESTAMP: NANOS.slice(0, 16) },
  'a JSON text sequence': `\x1e${LINE}\n`,
  'UTF-16, as Windows PowerShell writes it': Buffer.from(`\ufeff${LINE}\r\n`, 'utf16le'),
};

for (const [title, envelope] of Object.entries(ENVELOPES))
  test(`envelope: ${title}`, async () => {
    const isText = typeof envelope === 'string' || envelope instanceof Uint8Array;
    const { format, observations, rejected } = await readAs(
      'auto',
      isText ? envelope : JSON.stringify(envelope),
    );
    assert.deepEqual(rejected, []);
    assert.equal(format, 'hubble');
    assert.deepEqual(
      observations.map(({ recordId, port, firstSeen }) => [recordId, port, firstSeen]),
      [['one', 8080, Date.parse(FLOW.flow.time) * 1000]],
    );
  });

/** Entries of conntrack have no time of their own. */
const ENTRY =
  'tcp 6 431999 ESTABLISHED src=10.1.0.10 dst=10.1.0.20 sport=40000 dport=8080 src=10.1.0.20 dst=10.1.0.10 sport=8080 dport=40000 [ASSURED] mark=0 use=1';

test('a record without a time has that of the log which holds it', async () => {
  const envelopes = [
    [{ textPayload: ENTRY, timestamp: WRITTEN }],
    { events: [{ timestamp: Date.parse(WRITTEN), message: ENTRY }] },
    { time: Date.parse(WRITTEN) / 1000, host: 'n1', event: ENTRY },
  ];
  for (const envelope of envelopes) {
    const { observations } = await readAs('auto', JSON.stringify(envelope));
    assert.deepEqual(
      observations.map(({ port, firstSeen }) => [port, firstSeen]),
      [[8080, Date.parse(WRITTEN) * 1000]],
      JSON.stringify(envelope),
    );
  }
});
