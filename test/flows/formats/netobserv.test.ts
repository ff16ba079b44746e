import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgeOf, jsonLines, readAs, SEEN_MS, sumOf, testCases } from './read-as.js';

const nflow = (other: object = {}): object => ({
  TimeFlowStartMs: SEEN_MS,
  TimeFlowEndMs: SEEN_MS + 500,
  SrcAddr: '10.1.0.10',
  DstAddr: '10.1.0.20',
  SrcPort: 40_000,
  DstPort: 8080,
  Proto: 6,
  Bytes: 100,
  Packets: 2,
  SrcK8S_Type: 'Pod',
  SrcK8S_Namespace: 'shop',
  SrcK8S_Name: 'web-7f9c-x2x8p',
  SrcK8S_OwnerType: 'Deployment',
  SrcK8S_OwnerName: 'web',
  DstK8S_Type: 'Pod',
  DstK8S_Namespace: 'shop',
  DstK8S_Name: 'api-0',
  DstK8S_OwnerType: 'StatefulSet',
  DstK8S_OwnerName: 'api',
  ...other,
});

const answer = {
  SrcAddr: '10.1.0.20',
  SrcPort: 8080,
  SrcK8S_Name: 'api-0',
  DstAddr: '10.1.0.10',
  DstPort: 40_000,
  DstK8S_Name: 'web-7f9c-x2x8p',
};

testCases([
  {
    title: 'NetObserv: a SYN tells the client, and its answer is a reply',
    format: 'netobserv',
    text: jsonLines(nflow({ Flags: ['SYN', 'ACK'] }), nflow({ ...answer, Flags: ['SYN_ACK'] })),
    edges: ['shop/web-7f9c-x2x8p -> shop/api-0 TCP 8080 UNKNOWN tcp_flags'],
    skipped: { reply: 1 },
  },
  {
    title: 'NetObserv: without flags the records of a server are told by its many clients',
    format: 'netobserv',
    text: jsonLines(
      nflow({ SrcPort: 9001, DstPort: 9000 }),
      nflow({ SrcPort: 9002, DstPort: 9000 }),
      nflow({ ...answer, SrcPort: 9000, DstPort: 9001 }),
    ),
    edges: [
      'shop/web-7f9c-x2x8p -> shop/api-0 TCP 9000 UNKNOWN pairing',
      'shop/web-7f9c-x2x8p -> shop/api-0 TCP 9000 UNKNOWN pairing',
    ],
    skipped: { reply: 1 },
  },
  {
    title: "NetObserv: Loki's labels are fields of the record",
    format: 'netobserv',
    text: JSON.stringify({
      status: 'success',
      data: {
        resultType: 'streams',
        result: [
          {
            stream: { SrcK8S_Namespace: 'east', FlowDirection: '1' },
            values: [[`${SEEN_MS}000000`, JSON.stringify(nflow({ SrcK8S_Namespace: undefined }))]],
          },
        ],
      },
    }),
    edges: ['east/web-7f9c-x2x8p -> shop/api-0 TCP 8080 UNKNOWN port_heuristic'],
  },
]);

test('NetObserv: bytes are those of the sample times the rate, and of two interfaces those of one', async () => {
  const sampled = { Sampling: 50, FlowDirection: 1, AgentIP: '10.0.0.1' };
  const { observations } = await readAs(
    'netobserv',
    jsonLines(nflow({ ...sampled, Interface: 'eth0' }), nflow({ ...sampled, Interface: 'br-ex' })),
  );
  assert.equal(sumOf(observations, 'bytes'), 5000);
  assert.equal(sumOf(observations, 'events'), 1);
});

test('NetObserv: a connection to a Service is the count of its source, and to the pod that of its destination', async () => {
  const toService = nflow({
    DstAddr: '10.96.0.7',
    DstPort: 80,
    DstK8S_Type: 'Service',
    DstK8S_Name: 'api',
    DstK8S_OwnerType: 'Service',
  });
  const { observations } = await readAs('netobserv', jsonLines(toService, nflow()));
  assert.deepEqual(observations.map(edgeOf), [
    'shop/web-7f9c-x2x8p -> svc:shop/api TCP - (80) UNKNOWN service',
    'shop/web-7f9c-x2x8p -> shop/api-0 TCP 8080 UNKNOWN port_heuristic',
  ]);
  assert.deepEqual(
    observations.map(({ countedBy }) => countedBy),
    ['SOURCE', 'DESTINATION'],
  );
});

const TABLE = [
  'Timestamp,FlowDirection,SrcK8S_Namespace,SrcK8S_Type,SrcK8S_Name,SrcAddr,DstAddr,DstK8S_Name,SrcPort,DstPort,Proto,Bytes,TimeFlowStartMs,TimeFlowEndMs,Flags,NetworkEvents',
  '2026-11-22 10:00:00 +0000 UTC,1,shop,Pod,web-0,10.1.0.10,10.1.0.20,<nil>,9001,9000,6,1.234567e+06,1.7953416e+12,1.7953416e+12,[SYN ACK],[map[Action:drop Direction:Ingress Feature:acl Name:x]]',
  '2026-11-22 10:00:00 +0000 UTC,1,shop',
];

test('NetObserv: the table that its console exports is read as Go prints values', async () => {
  for (const format of ['auto', 'netobserv']) {
    const { observations, rejected } = await readAs(format, TABLE.join('\n'));
    assert.deepEqual(observations.map(edgeOf), [
      'shop/web-0 -> 10.1.0.20 TCP 9000 DENIED tcp_flags',
    ]);
    assert.deepEqual(
      [observations[0]?.bytes, observations[0]?.firstSeen],
      [1_234_567, 1_795_341_600_000_000],
    );
    assert.deepEqual(
      rejected.map(({ line, code }) => `${line} ${code}`),
      ['3 BAD_CSV'],
    );
  }
});

test("NetObserv: the console's own records keep the labels of Loki beside the fields", async () => {
  const { SrcK8S_Namespace, ...fields } = nflow() as Record<string, unknown>;
  const record = { key: 1, labels: { SrcK8S_Namespace }, fields };
  const { observations } = await readAs('auto', JSON.stringify({ records: [record] }));
  assert.deepEqual(observations.map(edgeOf), [
    'shop/web-7f9c-x2x8p -> shop/api-0 TCP 8080 UNKNOWN port_heuristic',
  ]);
});
