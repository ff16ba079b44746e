import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRUST, Trust } from '../../../src/flows/formats/trust.js';
import { PeerHint } from '../../../src/flows/observation.js';
import { readAs, SEEN_S } from './read-as.js';

const TIME = '2026-11-22T10:00:00Z';

const end = (pod: string): object => ({
  namespace: 'shop',
  pod_name: pod,
  ID: 7,
  cluster_name: 'elsewhere',
});

/** A packet from a server's port to a client's, which its source calls forward. */
const packet = (extra: object = {}): object => ({
  flow: {
    time: TIME,
    uuid: 'id',
    verdict: 'FORWARDED',
    IP: { source: '10.1.0.10', destination: '10.1.0.20' },
    l4: { TCP: { source_port: 8080, destination_port: 40_000, flags: { ACK: true } } },
    source: end('web-0'),
    destination: end('api-0'),
    event_type: { type: 4 },
    traffic_direction: 'INGRESS',
    is_reply: false,
    ...extra,
  },
});

const k8s = (name: string): object => ({ kind: 'pod', namespace: 'shop', name });

/** One record of each source, with all that the source could be asked of; ports as of a reply. */
const RECORDS: Readonly<Record<keyof typeof TRUST, unknown>> = {
  neutral: {
    time: TIME,
    id: 'id',
    verdict: 'ALLOWED',
    direction: 'INGRESS',
    source: { namespace: 'shop', pod: 'web-0' },
    destination: { namespace: 'shop', pod: 'api-0' },
    port: 40_000,
    protocol: 'TCP',
  },
  hubble: packet(),
  retina: packet({ extensions: { bytes: 60 } }),
  netobserv: {
    SrcAddr: '10.1.0.10',
    DstAddr: '10.1.0.20',
    SrcPort: 8080,
    DstPort: 40_000,
    Proto: 6,
    SrcK8S_Name: 'web-0',
    SrcK8S_Namespace: 'shop',
    SrcK8S_Type: 'Pod',
    DstK8S_Name: 'api-0',
    DstK8S_Namespace: 'shop',
    DstK8S_Type: 'Pod',
    K8S_ClusterName: 'elsewhere',
    _HashId: 'id',
    FlowDirection: 0,
    TimeFlowStartMs: SEEN_S * 1000,
    TimeFlowEndMs: SEEN_S * 1000,
  },
  calico: {
    id: '12',
    flow: {
      Key: {
        sourceName: 'web-5c7d9-*',
        sourceNamespace: 'shop',
        sourceType: 'WorkloadEndpoint',
        destName: 'api-6f7d8-*',
        destNamespace: 'shop',
        destType: 'WorkloadEndpoint',
        destPort: '40000',
        proto: 'tcp',
        reporter: 'Dst',
        action: 'Allow',
      },
      startTime: String(SEEN_S),
      endTime: String(SEEN_S),
    },
  },
  'inspektor-gadget': {
    timestamp: TIME,
    type: 'connect',
    k8s: { namespace: 'shop', podName: 'web-0', node: 'n1' },
    src: { addr: '10.1.0.10', port: 8080, k8s: k8s('web-0') },
    dst: { addr: '10.1.0.20', port: 40_000, k8s: k8s('api-0') },
  },
  ztunnel: {
    time: TIME,
    level: 'info',
    scope: 'access',
    message: 'connection complete',
    'src.addr': '10.1.0.10:8080',
    'src.workload': 'web-0',
    'src.namespace': 'shop',
    'src.identity': 'spiffe://elsewhere/ns/shop/sa/web',
    'dst.addr': '10.1.0.20:40000',
    'dst.workload': 'api-0',
    'dst.namespace': 'shop',
    'dst.identity': 'spiffe://elsewhere/ns/shop/sa/api',
    direction: 'inbound',
  },
  kubescape: {
    apiVersion: 'spdx.softwarecomposition.kubescape.io/v1beta1',
    kind: 'NetworkNeighborhood',
    metadata: {
      name: 'deployment-api',
      namespace: 'shop',
      uid: 'id',
      creationTimestamp: TIME,
      labels: {
        'kubescape.io/workload-kind': 'Deployment',
        'kubescape.io/workload-name': 'api',
        'kubescape.io/workload-namespace': 'shop',
      },
    },
    spec: {
      containers: [
        {
          name: 'api',
          ingress: [
            {
              podSelector: { matchLabels: { app: 'web' } },
              ports: [{ protocol: 'TCP', port: 40_000 }],
            },
          ],
        },
      ],
    },
  },
  stackrox: {
    nodes: [
      {
        entity: {
          type: 'DEPLOYMENT',
          id: 'id',
          deployment: { name: 'web', namespace: 'shop', cluster: 'elsewhere' },
        },
        outEdges: {
          1: {
            properties: [{ port: 40_000, protocol: 'L4_PROTOCOL_TCP', lastActiveTimestamp: TIME }],
          },
        },
      },
      {
        entity: { type: 'DEPLOYMENT', id: 'b', deployment: { name: 'api', namespace: 'shop' } },
        outEdges: {},
      },
    ],
  },
  'aws-vpc': `version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction
5 1 eni-1 10.1.0.10 10.1.0.20 8080 40000 6 1 60 ${SEEN_S} ${SEEN_S} ACCEPT OK ingress`,
  'aws-cni': `${TIME} info Flow Info: Src IP: 10.1.0.10 Src Port: 8080 Dest IP: 10.1.0.20 Dest Port: 40000 Proto: TCP Verdict: ACCEPT Direction: ingress`,
  gke: {
    insertId: 'id',
    timestamp: TIME,
    resource: { labels: { cluster_name: 'elsewhere' } },
    jsonPayload: {
      connection: {
        src_ip: '10.1.0.10',
        src_port: 8080,
        dest_ip: '10.1.0.20',
        dest_port: 40_000,
        protocol: 'tcp',
        direction: 'ingress',
      },
      disposition: 'allow',
      src: { namespace: 'shop', pod_name: 'web-0' },
      dest: { namespace: 'shop', pod_name: 'api-0' },
    },
  },
  conntrack:
    'tcp 6 431999 ESTABLISHED src=10.1.0.10 dst=10.1.0.20 sport=8080 dport=40000 src=10.1.0.20 dst=10.1.0.10 sport=40000 dport=8080 [ASSURED] mark=0 use=1',
};

for (const [name, record] of Object.entries(RECORDS))
  test(`what is said of ${name} holds of a record that tells all: reply, verdict, direction, cluster, ids, names`, async () => {
    const trust = TRUST[name as keyof typeof TRUST];
    const text = typeof record === 'string' ? record : JSON.stringify(record);
    const { observations, rejected, skipped } = await readAs('auto', text);
    assert.deepEqual(rejected, []);
    const [one] = observations;
    if (one === undefined) {
      // A reply to a client's port was told from its ports alone.
      assert.deepEqual(skipped, { reply: 1 });
      assert.notEqual(trust.reply.trust, Trust.FULL);
      return;
    }
    if (trust.reply.trust === Trust.FULL) assert.deepEqual([one.isReply, one.doubt], [false, null]);
    else assert.notEqual(one.doubt, null, 'other records may show that it is a reply');
    if (trust.verdict.trust === Trust.ABSENT) assert.equal(one.verdict, 'UNKNOWN');
    if (trust.direction.trust === Trust.ABSENT) assert.equal(one.direction, 'UNKNOWN');
    if (trust.cluster.trust === Trust.ABSENT)
      assert.deepEqual([one.source.cluster, one.destination.cluster], [null, null]);
    assert.equal(
      one.recordId !== null && one.recordId !== undefined,
      trust.ids.trust === Trust.FULL,
    );
    for (const peer of [one.source, one.destination])
      assert.equal(
        peer.kind === PeerHint.POD || peer.kind === PeerHint.WORKLOAD,
        trust.names.trust !== Trust.ABSENT,
      );
  });
