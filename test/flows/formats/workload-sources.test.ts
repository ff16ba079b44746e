import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAs, SEEN_S, testCases } from './read-as.js';

testCases([
  {
    title: 'ztunnel: the identity has the namespace, the tunnel hides the port, both ends log',
    format: 'ztunnel',
    text: [
      '2026-11-22T10:00:00.1Z\tinfo\taccess\tconnection complete\tsrc.addr=10.1.0.10:40000 src.workload=web-1 src.namespace=shop src.identity="spiffe://cluster.local/ns/shop/sa/web" dst.addr=10.1.0.20:15008 dst.workload=api-0 dst.namespace=api dst.identity="spiffe://cluster.local/ns/shop/sa/api" direction="outbound" bytes_sent=10 bytes_recv=20 duration="1ms"',
      '2026-11-22T10:00:00.2Z\tinfo\taccess\tconnection complete\tsrc.addr=10.1.0.10:51000 src.workload=web-1 src.namespace=shop src.identity="spiffe://cluster.local/ns/shop/sa/web" dst.addr=10.1.0.20:8080 dst.hbone_addr="10.1.0.20:8080" dst.workload=api-0 dst.namespace=api dst.identity="spiffe://cluster.local/ns/shop/sa/api" direction="inbound" bytes_sent=20 bytes_recv=10 duration="1ms"',
      '2026-11-22T10:00:09Z\terror\taccess\tconnection complete\tsrc.addr=10.1.0.11:40000 src.workload=cron-1 src.namespace=shop dst.addr=10.1.0.20:8080 dst.workload=api-0 dst.namespace=shop direction="inbound" bytes_sent=0 bytes_recv=0 error="connection closed due to policy rejection: allow policies exist, but none allowed"',
      '2026-11-22T10:00:09Z\tinfo\txds::client\treceived response',
    ].join('\n'),
    edges: [
      'shop/web-1 -> shop/api-0 TCP 8080 ALLOWED reported',
      'shop/cron-1 -> shop/api-0 TCP 8080 DENIED reported',
    ],
    skipped: { 'reported-twice': 1, 'not-a-flow': 1 },
  },
  {
    title: 'Kubescape: neighbours by labels, by name and by block, from YAML',
    format: 'kubescape',
    text: `apiVersion: spdx.softwarecomposition.kubescape.io/v1beta1
kind: NetworkNeighborhood
metadata:
  name: deployment-api
  namespace: shop
  creationTimestamp: "2026-11-22T08:00:00Z"
  labels:
    kubescape.io/workload-kind: deployment
    kubescape.io/workload-name: api
    kubescape.io/workload-namespace: shop
spec:
  matchLabels:
    app: api
  containers:
    - name: api
      ingress:
        - type: internal
          podSelector:
            matchLabels:
              app: web
          ports:
            - {name: TCP-8080, protocol: TCP, port: 8080}
      egress:
        - type: external
          dns: api.payments.example.
          ports:
            - {name: TCP-443, protocol: TCP, port: 443}
        - type: external
          ipAddresses: [203.0.113.0/24]
          ports:
            - {name: TCP-443, protocol: TCP, port: 443}
        - type: external
          ports:
            - {name: TCP-1, protocol: TCP, port: 1}
        - type: internal
          podSelector:
            matchExpressions: [{key: app, operator: In, values: [db]}]
          ports:
            - {name: TCP-5432, protocol: TCP, port: 5432}
        - type: internal
          podSelector:
            matchExpressions: [{key: app, operator: In, values: [db, cache]}]
          ports:
            - {name: TCP-5432, protocol: TCP, port: 5432}
        - type: external
          ipAddresses: [203.0.113.1]
          ports: []
`,
    edges: [
      'shop/{"app":"web"} -> shop/Deployment/api TCP 8080 UNKNOWN reported',
      'shop/Deployment/api -> api.payments.example TCP 443 UNKNOWN reported',
      'shop/Deployment/api -> 203.0.113.0/24 TCP 443 UNKNOWN reported',
      'shop/Deployment/api -> shop/{"app":"db"} TCP 5432 UNKNOWN reported',
    ],
    rejected: ['NO_PEER', 'NO_PEER', 'NO_PORT'],
  },
  {
    title: 'Inspektor Gadget: the gadget that was built in, which says `operation`',
    format: 'inspektor-gadget',
    text: [
      {
        operation: 'connect',
        src: { addr: '10.1.0.10', port: 40_000, kind: 'pod' },
        dst: { addr: '203.0.113.7', port: 443, kind: 'other' },
      },
      {
        operation: 'accept',
        src: { addr: '10.1.0.10', port: 8080, kind: 'pod' },
        dst: { addr: '10.1.0.20', port: 50_000, kind: 'pod', namespace: 'shop', podname: 'api-0' },
      },
      {
        operation: 'close',
        src: { addr: '10.1.0.10', port: 8080 },
        dst: { addr: '10.1.0.20', port: 50_000 },
      },
    ]
      .map(event => ({
        ...event,
        type: 'normal',
        timestamp: SEEN_S * 1e9,
        k8s: { node: 'n1', namespace: 'shop', pod: 'web-0' },
      }))
      .map(event => JSON.stringify(event))
      .join('\n'),
    edges: [
      'shop/web-0 -> 203.0.113.7 TCP 443 UNKNOWN reported',
      'shop/api-0 -> shop/web-0 TCP 8080 ALLOWED reported',
    ],
    skipped: { 'not-a-start': 1 },
  },
  {
    title: 'StackRox: edges name places in `nodes`; UDP to port 9 is no traffic',
    format: 'stackrox',
    text: JSON.stringify({
      epoch: 1,
      nodes: [
        {
          entity: { type: 'DEPLOYMENT', deployment: { name: 'web', namespace: 'shop' } },
          outEdges: {
            1: {
              properties: [
                {
                  port: 8080,
                  protocol: 'L4_PROTOCOL_TCP',
                  lastActiveTimestamp: '2026-11-22T10:00:00Z',
                },
              ],
            },
            2: {
              properties: [{ port: 9, protocol: 'L4_PROTOCOL_UDP', lastActiveTimestamp: null }],
            },
            7: {
              properties: [{ port: 80, protocol: 'L4_PROTOCOL_TCP', lastActiveTimestamp: null }],
            },
          },
        },
        {
          entity: { type: 'DEPLOYMENT', deployment: { name: 'api', namespace: 'shop' } },
          outEdges: {},
        },
        { entity: { type: 'INTERNET' }, outEdges: {} },
      ],
    }),
    edges: ['shop/Deployment/web -> shop/Deployment/api TCP 8080 UNKNOWN reported'],
    skipped: { 'udp-discard-port': 1 },
    rejected: ['NO_PEER'],
  },
]);

test('the graph of what StackRox allows is not taken for what was seen', async () => {
  const { rejected, observations } = await readAs(
    'stackrox',
    JSON.stringify({
      nodes: [
        {
          entity: { type: 'DEPLOYMENT', deployment: { name: 'web', namespace: 'shop' } },
          outEdges: { 0: { properties: [{ port: 80, lastActiveTimestamp: null }] } },
        },
      ],
    }),
  );
  assert.deepEqual(observations, []);
  assert.deepEqual(
    rejected.map(({ code }) => code),
    ['NOT_OBSERVED'],
  );
});
