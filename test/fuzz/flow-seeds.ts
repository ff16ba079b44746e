import { kubescape, stackrox } from './graph-seeds.js';

const SEEN_S = Date.UTC(2026, 10, 22, 10) / 1000;
const TIME = '2026-11-22T10:00:00Z';

/** Sound records of one format: JSON objects, or lines of text. */
export type FlowSeed = {
  readonly format: string;
  readonly records: readonly object[];
  readonly text: string;
};

const json = (format: string, ...records: readonly object[]): FlowSeed => ({
  format,
  records,
  text: records.map(record => JSON.stringify(record)).join('\n'),
});

const lines = (format: string, ...text: readonly string[]): FlowSeed => ({
  format,
  records: [],
  text: text.join('\n'),
});

const endpoint = (app: string): object => ({
  ID: 7,
  identity: 1234,
  cluster_name: 'default',
  namespace: 'shop',
  labels: [`k8s:app=${app}`, 'k8s:io.kubernetes.pod.namespace=shop'],
  pod_name: `${app}-7c9d5bf6d5-x2x8p`,
  workloads: [{ name: app, kind: 'Deployment' }],
});

const hubble = json(
  'hubble',
  {
    flow: {
      time: '2026-11-22T10:00:00.123456789Z',
      uuid: 'a8d4b9e2-0001',
      verdict: 'FORWARDED',
      IP: { source: '10.0.0.1', destination: '10.0.0.2', ipVersion: 'IPv4' },
      l4: { TCP: { source_port: 40_000, destination_port: 8080, flags: { SYN: true } } },
      source: endpoint('web'),
      destination: endpoint('api'),
      Type: 'L3_L4',
      node_name: 'east/node-a',
      event_type: { type: 4 },
      traffic_direction: 'INGRESS',
      trace_observation_point: 'TO_ENDPOINT',
      is_reply: false,
      destination_names: ['api.example.com'],
      destination_service: { name: 'api', namespace: 'shop' },
      ingress_allowed_by: [{ name: 'allow-web', namespace: 'shop', kind: 'NetworkPolicy' }],
      extensions: { bytes: 100 },
      aggregate: { ingress_flow_count: 3 },
    },
    node_name: 'east/node-a',
    time: '2026-11-22T10:00:00.123456789Z',
  },
  {
    flow: {
      time: { seconds: SEEN_S, nanos: 5 },
      verdict: 1,
      IP: { source: '10.0.0.2', destination: '10.0.0.53' },
      l4: { UDP: { source_port: 53, destination_port: 40_000 } },
      l7: {
        type: 'RESPONSE',
        dns: { query: 'api.example.com.', ips: ['203.0.113.5'], ttl: 30 },
      },
      source: { labels: ['reserved:world'] },
      destination: endpoint('web'),
      Type: 'L7',
    },
  },
  { lost_events: { source: 'PERF_EVENT_RING_BUFFER', num_events_lost: 5 }, node_name: 'node-a' },
);

const neutral = json(
  'neutral',
  {
    time: TIME,
    source: {
      namespace: 'shop',
      pod: 'web-1',
      workload: { kind: 'Deployment', name: 'web' },
      labels: { app: 'web' },
      ip: '10.1.0.10',
      node: 'node-a',
    },
    destination: { namespace: 'shop', service: 'api', ip: '10.96.0.7' },
    port: 8080,
    servicePort: 80,
    protocol: 'TCP',
    verdict: 'ALLOWED',
    connections: 1,
    events: 2,
    bytes: '300',
    direction: 'EGRESS',
    reporter: 'SOURCE',
    isReply: false,
    id: 'record-1',
  },
  {
    firstSeen: TIME,
    lastSeen: '2026-11-22T10:05:00Z',
    source: { ip: '10.1.0.11' },
    destination: { cidr: '203.0.113.0/24', dnsName: 'api.example.com' },
    port: 443,
    protocol: 'UDP',
  },
);

const netobserv = json('netobserv', {
  TimeFlowStartMs: SEEN_S * 1000,
  TimeFlowEndMs: SEEN_S * 1000 + 500,
  SrcAddr: '10.1.0.10',
  DstAddr: '10.1.0.20',
  SrcPort: 40_000,
  DstPort: 8080,
  Proto: 6,
  Flags: ['SYN'],
  Bytes: 100,
  Packets: 2,
  Sampling: 1,
  IfDirections: [0, 1],
  Duplicate: false,
  FlowDirection: '1',
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
});

const calico = json('calico', {
  Key: {
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
  },
  start_time: SEEN_S,
  end_time: SEEN_S + 15,
  source_labels: ['app=web', 'pod-template-hash=7f9cbbb9d4'],
  dest_labels: ['app=api', 'controller-revision-hash=api-1'],
  packets_in: 1,
  packets_out: 1,
  bytes_in: 50,
  bytes_out: 60,
  num_connections_started: 3,
});

const gke = json('gke', {
  insertId: 'a',
  timestamp: TIME,
  jsonPayload: {
    connection: {
      src_ip: '10.1.0.10',
      src_port: 40_000,
      dest_ip: '10.1.0.20',
      dest_port: 8080,
      protocol: 'tcp',
      direction: 'ingress',
    },
    disposition: 'deny',
    count: 4,
    src: {
      namespace: 'shop',
      pod_name: 'web-1',
      workload_kind: 'Deployment',
      workload_name: 'web',
    },
    dest: { namespace: 'shop', pod_name: 'api-0' },
    policies: [{ name: 'deny-all', namespace: 'shop' }],
  },
});

const inspektor = json('inspektor-gadget', {
  timestamp: '2026-11-22T10:00:00.000000001Z',
  type: 'connect',
  k8s: {
    node: 'node-a',
    namespace: 'shop',
    podName: 'web-1',
    owner: { kind: 'Deployment', name: 'web' },
  },
  src: { addr: '10.1.0.10', port: 40_000, proto: 'TCP', version: 4 },
  dst: {
    addr: '10.1.0.20',
    port: 8080,
    proto: 'TCP',
    k8s: { kind: 'pod', name: 'api-0', namespace: 'shop' },
  },
  error: '',
});

/** One seed for each format that is read. */
export const FLOW_SEEDS: readonly FlowSeed[] = [
  hubble,
  neutral,
  netobserv,
  calico,
  gke,
  json('stackrox', stackrox),
  inspektor,
  json('kubescape', kubescape),
  lines(
    'aws-vpc',
    'action srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol tcp-flags bytes start end log-status',
    `ACCEPT 10.0.0.5 10.0.0.6 10.1.0.10 10.1.0.20 40000 8080 6 3 100 ${SEEN_S} ${SEEN_S + 60} OK`,
    `- - - - - - - - - - ${SEEN_S} ${SEEN_S + 60} SKIPDATA`,
    'srcaddr,dstaddr,srcport,dstport,protocol,start,end,action',
    `10.1.0.10,10.1.0.20,40000,8080,6,${SEEN_S},${SEEN_S + 60},ACCEPT`,
  ),
  lines(
    'netobserv',
    'SrcAddr,DstAddr,SrcPort,DstPort,Proto,Bytes,TimeFlowStartMs,TimeFlowEndMs,Flags,NetworkEvents',
    `10.1.0.10,10.1.0.20,40000,8080,6,1.5e+06,${SEEN_S}000,${SEEN_S}000,[SYN ACK],[map[Action:drop Feature:acl]]`,
  ),
  json('hubble', {
    flow: {
      time: TIME,
      verdict: 'FORWARDED',
      IP: { source: '10.0.0.1', destination: '10.0.0.2' },
      l4: { TCP: { sourcePort: 40_000, destinationPort: 8080 } },
      source: { podName: 'web-0', namespace: 'shop', clusterName: 'default' },
      destination: { podName: 'api-0', namespace: 'shop' },
      isReply: false,
      trafficDirection: 'EGRESS',
    },
    nodeName: 'node-a',
  }),
  json('hubble', {
    flow: {
      time: { seconds: SEEN_S },
      verdict: 1,
      IP: { source: '10.0.0.1', destination: '10.0.0.2' },
      l4: { Protocol: { UDP: { source_port: 40_000, destination_port: 53 } } },
      is_reply: { value: true },
    },
  }),
  lines(
    'aws-cni',
    '{"level":"info","ts":"2026-11-22T10:00:00.000Z","msg":"Flow Info: Src IP: 10.1.0.10 Src Port: 40000 Dest IP: 10.1.0.20 Dest Port: 8080 Proto TCP Verdict DENY Direction ingress"}',
    '{"level":"debug","ts":"2026-11-22T10:00:01.000Z","msg":"Flow Info:  ","Src IP":"10.1.0.10","Src Port":40001,"Dest IP":"10.1.0.20","Dest Port":8081,"Proto":"TCP","Verdict":"ACCEPT"}',
  ),
  lines(
    'conntrack',
    'tcp      6 431999 ESTABLISHED src=10.1.0.10 dst=10.96.0.7 sport=40000 dport=80 src=10.1.0.20 dst=10.1.0.10 sport=8080 dport=40000 [ASSURED] mark=0 use=1',
    `[${SEEN_S}.5]\t[DESTROY] icmp 1 src=10.1.0.10 dst=10.1.0.20 type=8 code=0 id=7 packets=1 bytes=84 src=10.1.0.20 dst=10.1.0.10 type=0 code=0 id=7`,
  ),
  lines(
    'csv',
    'time,source.namespace,source.pod,source.labels,destination.namespace,destination.workload.kind,destination.workload.name,destination.ip,port,protocol,verdict,isReply',
    '2026-11-22T10:00:00Z,shop,web-1,app=web;tier=front,shop,Deployment,api,,8080,TCP,ALLOWED,',
    '2026-11-22T10:00:00Z,shop,web-1,"{""app"":""web""}",,,,203.0.113.9,443,TCP,,null',
  ),
  lines(
    'ztunnel',
    '2026-11-22T10:00:00.1Z\tinfo\taccess\tconnection complete\tsrc.addr=10.1.0.10:40000 src.workload=web-1 src.namespace=shop src.identity="spiffe://cluster.local/ns/shop/sa/web" dst.addr=10.1.0.20:8080 dst.hbone_addr="10.1.0.20:8080" dst.workload=api-0 dst.namespace=api direction="inbound" bytes_sent=10 bytes_recv=20 duration="1ms"',
  ),
];
