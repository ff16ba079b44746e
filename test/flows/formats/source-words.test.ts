import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLines, readAs, SEEN_MS, SEEN_S, testCases } from './read-as.js';

const SEEN = '2026-11-22T10:00:00Z';

const agentLine = (end: string): string =>
  `${SEEN} info Flow Info: Src IP: 10.1.0.10 Src Port: 40000 Dest IP: 10.1.0.20 Dest Port: 8080 Proto TCP Verdict ACCEPT${end}`;

test('AWS VPC CNI: the direction is the word of the line, whatever follows it, and no other word is one', async () => {
  const seenAt = async (end: string): Promise<readonly unknown[]> => {
    const { observations } = await readAs('aws-cni', agentLine(end));
    return observations.map(({ direction, reporter }) => `${direction} ${reporter}`);
  };
  assert.deepEqual(await seenAt(' Direction egress, Tier NETWORK_POLICY'), ['EGRESS SOURCE']);
  assert.deepEqual(await seenAt(' Direction ingress, Tier ADMIN'), ['INGRESS DESTINATION']);
  assert.deepEqual(await seenAt(' Direction sideways'), ['UNKNOWN UNKNOWN']);
  assert.deepEqual(await seenAt(''), ['UNKNOWN UNKNOWN']);
});

const netobserv = (port: number, ...events: readonly object[]): object => ({
  SrcAddr: '10.1.0.10',
  DstAddr: '10.1.0.20',
  SrcPort: 40_000,
  DstPort: port,
  Proto: 6,
  TimeFlowEndMs: SEEN_MS,
  NetworkEvents: events,
});

const acl = (Action?: string): object => ({ Feature: 'acl', Type: 'NetworkPolicy', Action });

const tcp =
  'tcp 6 431999 ESTABLISHED src=10.1.0.10 dst=10.1.0.20 sport=40000 dport=8080 packets=2 bytes=100 src=10.1.0.20 dst=10.1.0.10 sport=8080 dport=40000 packets=2 bytes=300 [ASSURED] mark=0';

const neighbourhood = (spec: object): object => ({
  apiVersion: 'spdx.softwarecomposition.kubescape.io/v1beta1',
  kind: 'NetworkNeighborhood',
  metadata: {
    namespace: 'shop',
    creationTimestamp: SEEN,
    labels: {
      'kubescape.io/workload-kind': 'Deployment',
      'kubescape.io/workload-name': 'api',
      'kubescape.io/workload-namespace': 'shop',
    },
  },
  spec,
});

const graph = (...protocols: readonly string[]): string => {
  const node = (name: string, outEdges: object): object => ({
    entity: { type: 'DEPLOYMENT', deployment: { name, namespace: 'shop' } },
    outEdges,
  });
  const properties = protocols.map((protocol, at) => ({
    port: 8080 + at,
    protocol,
    lastActiveTimestamp: SEEN,
  }));
  return JSON.stringify({ nodes: [node('web', { 1: { properties } }), node('api', {})] });
};

const access = (outcome: string, fields: string): string =>
  `ztunnel-x istio-proxy ${SEEN}\t${outcome}\tsrc.addr=10.1.0.10:40000 ${fields}`;

const VPC_FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const vpcLine = (port: number): string =>
  `2 123456789010 eni-0a1b2c3d 10.1.0.10 10.1.0.20 40000 ${port} 6 2 100 ${SEEN_S} ${SEEN_S + 60} ACCEPT OK`;
const vpcEdge = (port: number): string =>
  `10.1.0.10 -> 10.1.0.20 TCP ${port} ALLOWED port_heuristic`;

testCases([
  {
    title: 'AWS VPC: a table that was exported has its fields with `_`, and commas between them',
    format: 'aws-vpc',
    text: [
      VPC_FIELDS.replaceAll('-', '_').replaceAll(' ', ','),
      vpcLine(22).replaceAll(' ', ','),
      `"${vpcLine(80).replaceAll(' ', '","')}"`,
    ].join('\n'),
    edges: [vpcEdge(22), vpcEdge(80)],
  },
  {
    title: 'AWS VPC: lines that were made objects, and what `aws logs tail` puts before one',
    format: 'aws-vpc',
    text: [
      JSON.stringify(
        Object.fromEntries(
          vpcLine(22)
            .split(' ')
            .map((word, at) => [VPC_FIELDS.split(' ')[at]?.replaceAll('-', '_'), word]),
        ),
      ),
      `2026-11-22T10:00:00.123000+00:00 eni-0a1b2c3d-all ${vpcLine(80)}`,
      `2026-11-22T10:00:00.123000+00:00 ${vpcLine(81)}`,
    ].join('\n'),
    edges: [vpcEdge(22), vpcEdge(80), vpcEdge(81)],
  },
  {
    title:
      'AWS VPC CNI: the first releases wrote the fields as JSON after a text, with no direction',
    format: 'aws-cni',
    text: `${SEEN}\tinfo\truntime/asm_amd64.s:1594\tFlow Info:  \t{"Src IP": "10.1.0.10", "Src Port": 38971, "Dest IP": "10.1.0.20", "Dest Port": 53, "Proto": "UDP", "Verdict": "DENY"}`,
    edges: ['10.1.0.10 -> 10.1.0.20 UDP 53 DENIED port_heuristic'],
  },
  {
    title:
      'NetObserv: an event is a verdict where it says what OVN did; a pass and silence are none',
    format: 'netobserv',
    text: jsonLines(
      netobserv(1, acl('allow-related')),
      netobserv(2, acl('pass')),
      netobserv(3, acl()),
      netobserv(4, acl('reject')),
      netobserv(5, acl('pass'), acl('drop')),
      netobserv(6, acl('allow-stateless'), acl('pass')),
    ),
    edges: [
      '10.1.0.10 -> 10.1.0.20 TCP 1 ALLOWED port_heuristic',
      '10.1.0.10 -> 10.1.0.20 TCP 2 UNKNOWN port_heuristic',
      '10.1.0.10 -> 10.1.0.20 TCP 3 UNKNOWN port_heuristic',
      '10.1.0.10 -> 10.1.0.20 TCP 4 DENIED port_heuristic',
      '10.1.0.10 -> 10.1.0.20 TCP 5 DENIED port_heuristic',
      '10.1.0.10 -> 10.1.0.20 TCP 6 ALLOWED port_heuristic',
    ],
  },
  {
    title: 'NetObserv: where only ended conversations are kept, each is a flow from its first end',
    format: 'netobserv',
    text: jsonLines(
      { ...netobserv(9000), SrcPort: 9001, _RecordType: 'endConnection', _HashId: 'a' },
      { ...netobserv(9000), SrcPort: 9001, _RecordType: 'heartbeat', _HashId: 'a' },
    ),
    edges: ['10.1.0.10 -> 10.1.0.20 TCP 9000 UNKNOWN conntrack'],
    skipped: { 'not-a-start': 1 },
  },
  {
    title: 'conntrack: the last line of a listing is none of its entries, and GRE is no TCP',
    format: 'conntrack',
    text: [
      'ipv4 2 gre 47 179 timeout=60, stream_timeout=180 src=10.1.0.10 dst=10.1.0.20 srckey=0x0 dstkey=0x0 src=10.1.0.20 dst=10.1.0.10 srckey=0x0 dstkey=0x0 [ASSURED] mark=0 use=1',
      'conntrack v1.4.6 (conntrack-tools): 1 flow entries have been shown.',
    ].join('\n'),
    edges: ['10.1.0.10 -> 10.1.0.20 OTHER - UNKNOWN conntrack'],
    skipped: { 'not-a-flow': 1 },
  },
  {
    title: 'ztunnel: the source is told of a denial as 401; a denied file or socket is no policy',
    format: 'ztunnel',
    text: [
      access(
        'error\taccess\tconnection complete',
        'dst.addr=10.1.0.20:15008 dst.hbone_addr=10.1.0.20:8080 direction="outbound" error="http status: 401 Unauthorized"',
      ),
      access(
        'error\taccess\tconnection complete',
        'dst.addr=10.1.0.20:8081 direction="outbound" error="io error: Permission denied (os error 13)"',
      ),
      access(
        'warn\taccess\tconnection failed',
        'dst.addr=10.1.0.20:8082 direction="inbound" error="unknown source: 10.1.0.10"',
      ),
      access(
        'warn\taccess\tconnection failed',
        'dst.addr=10.1.0.20:15008 direction="inbound" error="tls handshake error"',
      ),
      access('debug\taccess\tconnection opened', 'dst.addr=10.1.0.20:8083 direction="inbound"'),
    ].join('\n'),
    edges: [
      '10.1.0.10 -> 10.1.0.20 TCP 8080 DENIED reported',
      '10.1.0.10 -> 10.1.0.20 TCP 8081 ERROR reported',
      '10.1.0.10 -> 10.1.0.20 TCP 8082 ERROR reported',
      '10.1.0.10 -> 10.1.0.20 TCP - ERROR reported',
    ],
    skipped: { 'not-a-flow': 1 },
  },
  {
    title:
      'ztunnel: a name behind the tunnel is wanted of a waypoint, and the connection is to that',
    format: 'ztunnel',
    text: access(
      'info\taccess\tconnection complete',
      'dst.addr=10.1.0.30:15008 dst.hbone_addr=reviews.shop.svc.cluster.local:9080 dst.workload="waypoint-7b9b6c5cc6-lhlwp" dst.namespace="shop" direction="outbound"',
    ),
    edges: ['10.1.0.10 -> shop/waypoint-7b9b6c5cc6-lhlwp TCP 15008 ALLOWED reported'],
  },
  {
    title: 'Kubescape: metadata alone is refused, and an object without neighbours says so',
    format: 'kubescape',
    text: jsonLines(
      neighbourhood({}),
      neighbourhood({ containers: [{ name: 'api', ingress: [], egress: null }] }),
    ),
    edges: [],
    skipped: { 'no-data': 1 },
    rejected: ['NO_SPEC'],
  },
  {
    title:
      'Kubescape: of several addresses the one that is none is refused, and the others are read',
    format: 'kubescape',
    text: JSON.stringify(
      neighbourhood({
        containers: [
          {
            egress: [
              {
                ipAddresses: ['192.0.2.1', 'localhost', '198.51.100.0/24'],
                ports: [{ port: 443, protocol: 'TCP' }],
              },
            ],
          },
        ],
      }),
    ),
    edges: [
      'shop/Deployment/api -> 192.0.2.1 TCP 443 UNKNOWN reported',
      'shop/Deployment/api -> 198.51.100.0/24 TCP 443 UNKNOWN reported',
    ],
    rejected: ['BAD_ADDRESS'],
  },
  {
    title: 'StackRox: a protocol that nobody told is none, and its numbers are its own',
    format: 'stackrox',
    text: graph('L4_PROTOCOL_TCP', 'L4_PROTOCOL_ANY', 'L4_PROTOCOL_UNKNOWN', '2'),
    edges: [
      'shop/Deployment/web -> shop/Deployment/api TCP 8080 UNKNOWN reported',
      'shop/Deployment/web -> shop/Deployment/api UDP 8083 UNKNOWN reported',
    ],
    rejected: ['BAD_PROTOCOL', 'BAD_PROTOCOL'],
  },
  {
    title: 'StackRox: a graph without an edge says that it holds no flow',
    format: 'stackrox',
    text: graph(),
    edges: [],
    skipped: { 'no-data': 1 },
  },
  {
    title: 'Inspektor Gadget: records of another gadget are refused, not passed over',
    format: 'inspektor-gadget',
    text: JSON.stringify({
      timestamp: SEEN,
      qr: 'Q',
      name: 'example.com.',
      src: { addr: '10.1.0.10', port: 40_000 },
      dst: { addr: '10.1.0.53', port: 53 },
    }),
    edges: [],
    rejected: ['NOT_TRACE_TCP'],
  },
]);

test('conntrack: an entry of several zones, nodes and listings is one record at one time', async () => {
  const idsOf = async (...lines: readonly string[]): Promise<readonly number[]> => {
    const { observations } = await readAs('conntrack', lines.join('\n'));
    const ids = observations.map(({ recordId, firstSeen }) => `${recordId} ${firstSeen}`);
    return ids.map(id => ids.indexOf(id));
  };
  const again = tcp.replace('bytes=300', 'bytes=500');
  const other = tcp.replaceAll('40000', '40001');
  assert.deepEqual(await idsOf(tcp, `${tcp} zone=64000 use=1`, again, other), [0, 0, 0, 3]);
  const ping = (id: number): string =>
    `icmp 1 29 src=10.1.0.10 dst=10.1.0.20 type=8 code=0 id=${id} src=10.1.0.20 dst=10.1.0.10 type=0 code=0 id=${id} mark=0`;
  assert.deepEqual(await idsOf(ping(1), ping(2), ping(1)), [0, 1, 0]);
  const event = (kind: string): string => `[${SEEN_S}.5]\t[${kind}] ${tcp}`;
  assert.deepEqual(await idsOf(event('NEW'), event('DESTROY'), event('NEW')), [0, 1, 0]);
});

test('conntrack: each start is a connection, and an end is none more', async () => {
  const event = (kind: string): string => `[${SEEN_S}.5]\t[${kind}] ${tcp}`;
  const { observations } = await readAs(
    'conntrack',
    [event('NEW'), event('UPDATE'), event('DESTROY'), event('NEW')].join('\n'),
  );
  assert.deepEqual(
    observations.map(({ connections }) => connections),
    [1, null, 1],
  );
});
