import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapped } from './hubble-records.js';
import { jsonLines, readAs, SEEN_MS } from './read-as.js';

const connection = {
  src_ip: '10.0.0.2',
  dest_ip: '10.0.0.1',
  src_port: 40_000,
  dest_port: 443,
  protocol: 6,
};

/** Files that people send in place of flows; what the answer calls them, and what it says to do. */
const FILES: readonly (readonly [file: string, text: string, what: RegExp, cure: RegExp])[] = [
  [
    'a list of pods',
    JSON.stringify({ kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod', metadata: {} }] }),
    /a `Pod` of Kubernetes/,
    /cluster import/,
  ],
  [
    'a policy',
    JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: {} }),
    /a `NetworkPolicy` of Kubernetes/,
    /cluster import/,
  ],
  ['a manifest', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web', /manifest/, /cluster import/],
  [
    "Azure's flow logs",
    JSON.stringify({
      records: [{ category: 'FlowLogFlowEvent', flowRecords: { flows: [] } }],
    }),
    /flow log of Azure/,
    /neutral/,
  ],
  [
    "Google's VPC flow logs",
    JSON.stringify({
      jsonPayload: { connection, bytes_sent: '10' },
      timestamp: '2026-11-22T10:00:00Z',
    }),
    /VPC flow logs/,
    /policy-action/,
  ],
  [
    'IPFIX',
    JSON.stringify({ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '10.0.0.2' }),
    /IPFIX/,
    /neutral/,
  ],
  [
    "Antrea's FlowLogger",
    '1637706961,1637706973,10.10.0.79,10.10.0.80,44752,5201,6,823188,30472817041',
    /FlowLogger/,
    /neutral/,
  ],
  ['a page of a login', '<!DOCTYPE html>\n<html><body>', /HTML/, /what answered/],
  ['conntrack as XML', '<?xml version="1.0"?>\n<conntrack>', /XML/, /-o xml/],
  [
    "kubectl's table",
    'NAME    READY   STATUS\nweb-0   1/1     Running',
    /table for people/,
    /-o json/,
  ],
  [
    "Hubble's text",
    'Mar  6 16:25:15.123: shop/web-0:40000 (ID:1) -> shop/api-0:8080 (ID:2) to-endpoint FORWARDED (TCP Flags: SYN)',
    /Hubble's text/,
    /-o jsonpb/,
  ],
  [
    "the kernel's log",
    'Mar  6 16:25:15 host kernel: drop: IN=cali1 OUT=eth0 SRC=10.0.0.1 DST=10.0.0.2 PROTO=TCP SPT=1 DPT=2',
    /netfilter/,
    /conntrack -L/,
  ],
  [
    "OVN's log",
    '2023-11-07T10:00:00.000Z|00004|acl_log(ovn_pinctrl0)|INFO|name="NP:shop:deny:Ingress", verdict=drop: tcp,nw_src=10.128.2.35',
    /OVN/,
    /NetObserv/,
  ],
];

for (const [file, text, what, cure] of FILES)
  test(`${file} is refused by its name, whatever format was named`, async () => {
    for (const format of ['auto', 'hubble', 'conntrack']) {
      const { observations, rejected } = await readAs(format, text);
      assert.deepEqual(observations, []);
      assert.match(rejected[0]?.message ?? '', what, format);
      assert.match(rejected[0]?.hint ?? '', cure, format);
    }
  });

const conntrack =
  'tcp 6 9 ESTABLISHED src=10.1.0.10 dst=10.1.0.20 sport=40000 dport=8080 src=10.1.0.20 dst=10.1.0.10 sport=8080 dport=40000';

const netobserv = JSON.stringify({
  SrcAddr: '10.1.0.10',
  DstAddr: '10.1.0.20',
  SrcPort: 40_000,
  DstPort: 8080,
  Proto: 6,
  TimeFlowEndMs: SEEN_MS,
});

test('the records of a second source in a stream are refused by the name of their format', async () => {
  const hubble = jsonLines(wrapped());
  const mixed: readonly (readonly [own: string, other: string, lines: readonly string[]])[] = [
    ['hubble', 'netobserv', [hubble, netobserv]],
    ['netobserv', 'hubble', [netobserv, hubble]],
    ['conntrack', 'netobserv', [conntrack, netobserv]],
    ['hubble', 'conntrack', [hubble, conntrack]],
  ];
  for (const [own, other, records] of mixed)
    for (const format of ['auto', own]) {
      const { observations, rejected } = await readAs(format, records.join('\n'));
      assert.equal(observations.length, 1);
      assert.deepEqual(
        rejected.map(({ line, message }) => `${line} ${message}`),
        [`2 record is in the format \`${other}\`, and those before it are in \`${own}\``],
      );
    }
});

test('rows and lines that do not tell their format are of the one that was begun', async () => {
  const rows = [
    'time,source.namespace,source.pod,destination.namespace,destination.pod,port,protocol',
    '2026-11-22T10:00:00Z,shop,web-0,shop,api-0,8080,TCP',
  ];
  assert.equal((await readAs('auto', rows.join('\n'))).observations.length, 1);
  const lines = [
    'srcaddr dstaddr srcport dstport protocol start end action',
    '10.0.0.1 10.0.0.2 4 5 6 1795000000 1795000060 ACCEPT',
  ];
  assert.equal((await readAs('aws-vpc', lines.join('\n'))).observations.length, 1);
  const yaml = `apiVersion: v1
kind: List
items:
- apiVersion: spdx.softwarecomposition.kubescape.io/v1beta1
  kind: NetworkNeighborhood
  metadata:
    namespace: shop
    labels: {kubescape.io/workload-kind: Deployment, kubescape.io/workload-name: api}
  spec:
    containers:
    - egress:
      - ipAddress: 192.0.2.1
        ports: [{port: 443, protocol: TCP}]`;
  for (const format of ['auto', 'kubescape'])
    assert.equal((await readAs(format, yaml)).observations.length, 1, format);
});
