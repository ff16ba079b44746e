import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLines, readAs, SEEN_S, testCases } from './read-as.js';

const goldmaneKey = {
  source_name: 'web-7f9cbbb9d4-*',
  source_namespace: 'shop',
  source_type: 1,
  dest_name: 'api-*',
  dest_namespace: 'shop',
  dest_type: 1,
  dest_port: 8080,
  dest_service_name: 'api',
  dest_service_namespace: 'shop',
  dest_service_port: 80,
  proto: 'tcp',
  reporter: 1,
  action: 1,
  policies: {},
};

const goldmane = (key: object = {}, counts: object = {}): object => ({
  Key: { ...goldmaneKey, ...key },
  start_time: SEEN_S,
  end_time: SEEN_S + 15,
  source_labels: ['app=web', 'pod-template-hash=7f9cbbb9d4'],
  dest_labels: ['app=api', 'controller-revision-hash=api-1'],
  packets_in: 1,
  packets_out: 1,
  bytes_in: 50,
  bytes_out: 60,
  num_connections_started: 3,
  ...counts,
});

testCases([
  {
    title: 'Calico: the emitter of Goldmane names owners, Services and both ports',
    format: 'calico',
    text: jsonLines(goldmane(), goldmane({ action: 3 }), goldmane({ action: 2, dest_port: 9 })),
    edges: [
      'shop/Deployment/web -> shop/StatefulSet/api TCP 8080 (80) ALLOWED reported',
      'shop/Deployment/web -> shop/StatefulSet/api TCP 9 (80) DENIED reported',
    ],
    skipped: { 'not-a-flow': 1 },
  },
  {
    title: "Calico: protobuf's JSON of the API writes names in another way and numbers as text",
    format: 'calico',
    text: JSON.stringify(
      {
        id: '7',
        flow: {
          Key: {
            sourceName: 'pub',
            sourceNamespace: '-',
            sourceType: 'Network',
            destName: 'ingress-*',
            destNamespace: 'edge',
            destType: 'WorkloadEndpoint',
            destPort: '8443',
            proto: 'tcp',
            reporter: 'Dst',
            action: 'Allow',
          },
          startTime: `${SEEN_S}`,
          endTime: `${SEEN_S + 15}`,
          destLabels: ['pod-template-generation=1', 'controller-revision-hash=5f'],
          numConnectionsStarted: '2',
        },
      },
      null,
      2,
    ),
    edges: ['public-network -> edge/DaemonSet/ingress TCP 8443 ALLOWED reported'],
  },
  {
    title: "Calico: Whisker's pages are flat, with times as text and networks by name",
    format: 'calico',
    text: JSON.stringify({
      total: { totalResults: 1, totalPages: 1 },
      items: [
        {
          start_time: '2026-11-22T10:00:00Z',
          end_time: '2026-11-22T10:00:15Z',
          action: 'Deny',
          source_name: 'web-7f9cbbb9d4-*',
          source_namespace: 'shop',
          source_labels: 'app=web | pod-template-hash=7f9cbbb9d4',
          dest_name: 'PRIVATE NETWORK',
          dest_namespace: '-',
          dest_labels: '',
          protocol: 'tcp',
          dest_port: 443,
          reporter: 'Src',
          bytes_in: 1,
          bytes_out: 2,
        },
      ],
    }),
    edges: ['shop/Deployment/web -> private-network TCP 443 DENIED reported'],
  },
  {
    title:
      'Calico: Enterprise keeps addresses and domains, drops the port at level 3, and names the port of a Service',
    format: 'calico',
    text: jsonLines(
      {
        start_time: SEEN_S,
        end_time: SEEN_S + 300,
        source_ip: '10.1.0.10',
        source_name: 'web-7f9cbbb9d4-x2x8p',
        source_name_aggr: 'web-7f9cbbb9d4-*',
        source_namespace: 'shop',
        source_type: 'wep',
        source_port: 40_000,
        dest_ip: '198.51.100.7',
        dest_name: '-',
        dest_name_aggr: 'pub',
        dest_namespace: '-',
        dest_type: 'net',
        dest_domains: ['api.payments.example.'],
        dest_port: 443,
        proto: 'tcp',
        action: 'allow',
        reporter: 'src',
        num_flows_started: 1,
      },
      {
        start_time: SEEN_S,
        end_time: SEEN_S + 300,
        source_ip: null,
        source_name: '-',
        source_name_aggr: 'web-7f9cbbb9d4-*',
        source_namespace: 'shop',
        source_type: 'wep',
        source_labels: { labels: ['pod-template-hash=7f9cbbb9d4'] },
        dest_name: '-',
        dest_name_aggr: 'node-1',
        dest_namespace: '-',
        dest_type: 'hep',
        dest_port: null,
        proto: 'tcp',
        action: 'allow',
        reporter: 'fwd',
      },
      ...[
        { dest_service_port: 'http', dest_service_port_num: 80 },
        { dest_service_port: 'http' },
      ].map((service, place) => ({
        start_time: SEEN_S,
        end_time: SEEN_S + 300,
        source_name_aggr: 'web-7f9cbbb9d4-*',
        source_namespace: 'shop',
        source_type: 'wep',
        dest_name_aggr: 'api-6f7d8c9b5-*',
        dest_namespace: 'shop',
        dest_type: 'wep',
        dest_service_name: 'api',
        dest_service_namespace: 'shop',
        ...service,
        dest_port: 8080 + place,
        proto: 'tcp',
        action: 'allow',
        reporter: 'dst',
      })),
    ),
    edges: [
      'shop/web-7f9cbbb9d4-x2x8p -> api.payments.example TCP 443 ALLOWED reported',
      'shop/Deployment/web -> node-1 TCP - ALLOWED reported',
      'shop/Deployment/web -> shop/Deployment/api TCP 8080 (80) ALLOWED reported',
      'shop/Deployment/web -> shop/Deployment/api TCP 8081 ALLOWED reported',
    ],
  },
]);

test('Calico: enforced policies that decided are named, in the words of each form', async () => {
  const hit = {
    kind: 'CalicoNetworkPolicy',
    namespace: 'shop',
    name: 'default.deny-web',
    action: 2,
  };
  const { observations } = await readAs(
    'calico',
    jsonLines(
      goldmane({ action: 2, policies: { enforced_policies: [{ ...hit, action: 3 }, hit] } }),
      goldmane({ dest_port: 9, policies: { enforced_policies: [] } }),
    ),
  );
  assert.deepEqual(
    observations.map(({ policies }) => policies),
    [
      [
        {
          action: 'DENY',
          direction: 'EGRESS',
          kind: 'CalicoNetworkPolicy',
          namespace: 'shop',
          name: 'default.deny-web',
        },
      ],
      null,
    ],
  );
});
