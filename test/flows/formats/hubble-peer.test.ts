import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObservedPeer } from '../../../src/flows/observation.js';
import { type Json, only, pick, pod, readAll, reserved, tcp, wrapped } from './hubble-records.js';

const destination = (changes: Json): ObservedPeer => only(wrapped(changes)).destination;

test("a pod's labels are its own: the namespace's, Cilium's and the controllers' are taken off", () => {
  const labels = [
    'k8s:app=api',
    'any:tier=back',
    'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=shop',
    'k8s:io.cilium.k8s.namespace.labels.team=red',
    'k8s:io.cilium.k8s.policy.cluster=east',
    'k8s:io.cilium.k8s.policy.serviceaccount=api',
    'k8s:io.kubernetes.pod.namespace=shop',
    'k8s:pod-template-hash=5c7d9',
    'k8s:statefulset.kubernetes.io/pod-name=api-0',
    'k8s:controller-revision-hash=api-1',
  ];
  const found = destination({ destination: { ...pod('api-0'), labels } });
  assert.deepEqual(pick(found, 'kind', 'namespace', 'pod', 'ip', 'labels', 'namespaceLabels'), {
    kind: 'pod',
    namespace: 'shop',
    pod: 'api-0',
    ip: '10.0.0.2',
    labels: { app: 'api', tier: 'back' },
    namespaceLabels: { 'kubernetes.io/metadata.name': 'shop', team: 'red' },
  });
});

test('a pod is one object through a stream, a relabelled one is another', () => {
  const relabelled = { ...pod('api-1', 'other', 7777) };
  const { observations } = readAll(wrapped(), wrapped(), wrapped({ destination: relabelled }));
  const [first, second, third] = observations.map(one => one.destination);
  assert.equal(first, second);
  assert.deepEqual(first?.labels, { app: 'api' });
  assert.deepEqual(third?.labels, { app: 'other' });
});

const asWorld = { identity: 2, labels: ['reserved:world'], namespace: 'shop', pod_name: 'api-1' };

test("a pod's name beats `reserved:world`, and its labels come from later records too", () => {
  const { observations } = readAll(
    wrapped({ destination: asWorld }),
    wrapped({
      is_reply: true,
      source: pod('api-1', 'api'),
      IP: { source: '10.0.0.2', destination: '10.0.0.1' },
    }),
    wrapped({ destination: asWorld }),
    wrapped(),
  );
  assert.equal(new Set(observations.map(one => one.destination)).size, 1);
  const [first] = observations;
  assert.ok(first);
  assert.deepEqual(pick(first.destination, 'kind', 'pod', 'labels'), {
    kind: 'pod',
    pod: 'api-1',
    labels: { app: 'api' },
  });
  assert.equal(first.trafficClass, 'app');
});

test('labels without a pod are a workload, whose address is the node and is left out', () => {
  const { pod_name, ID, namespace, ...labelled } = pod('web-1', 'web');
  const { source } = only(wrapped({ source: labelled }));
  assert.deepEqual(pick(source, 'kind', 'namespace', 'pod', 'ip', 'labels'), {
    kind: 'workload',
    namespace: 'shop',
    pod: null,
    ip: null,
    labels: { app: 'web' },
  });
  assert.deepEqual(source.labels, only(wrapped()).source.labels, 'equal to those of its pod');
});

test('an identity whose labels were masked has those that another record told', () => {
  const { observations } = readAll(wrapped(), wrapped({ destination: { identity: 1003 } }));
  assert.deepEqual(pick(observations[1]?.destination as ObservedPeer, 'kind', 'labels'), {
    kind: 'workload',
    labels: { app: 'api' },
  });
});

test('the same identity number with other labels is another workload', () => {
  const other = { ...pod('api-9', 'strange'), identity: 1003 };
  const { observations } = readAll(wrapped(), wrapped({ destination: other }));
  assert.deepEqual(
    observations.map(one => one.destination.labels),
    [{ app: 'api' }, { app: 'strange' }],
  );
});

const kinds: readonly (readonly [string, Json, Json])[] = [
  [
    'the host is the node that reports',
    { destination: reserved('host') },
    { kind: 'host', node: 'node-a', ip: null },
  ],
  [
    'the cluster before the slash is not the node',
    { destination: reserved('host'), node_name: 'east/node-b' },
    { kind: 'host', node: 'node-b' },
  ],
  [
    'another node is known by its address',
    { destination: reserved('remote-node') },
    { kind: 'node', node: null, ip: '10.0.0.2' },
  ],
  ['health is health', { destination: reserved('health') }, { kind: 'health', reserved: 'health' }],
  ['ingress is ingress', { destination: reserved('ingress') }, { kind: 'ingress' }],
  ['unmanaged is unmanaged', { destination: reserved('unmanaged') }, { kind: 'unmanaged' }],
  [
    'world keeps its address',
    { destination: reserved('world') },
    { kind: 'world', ip: '10.0.0.2', cidr: null },
  ],
  [
    'the API server beats the world',
    { destination: reserved('world', 'kube-apiserver') },
    { kind: 'apiserver', reserved: 'kube-apiserver' },
  ],
  [
    "a control plane's node on the API's port is the API server",
    { destination: reserved('host', 'kube-apiserver'), l4: tcp(40_000, 6443) },
    { kind: 'apiserver' },
  ],
  [
    "a control plane's node on another port is the node",
    { destination: reserved('host', 'kube-apiserver') },
    { kind: 'host', node: 'node-a' },
  ],
  [
    "the host's own Kubernetes labels make it no workload",
    { destination: { labels: ['reserved:host', 'k8s:node-role.kubernetes.io/worker='] } },
    { kind: 'host' },
  ],
  [
    'masked labels: the reserved number tells',
    { destination: { identity: 6 } },
    { kind: 'node', reserved: 'remote-node' },
  ],
  [
    'a number of one node for an address is never a key',
    { destination: { identity: 16_777_220 } },
    { kind: 'world', ip: '10.0.0.2' },
  ],
  [
    'the narrowest block of an identity',
    {
      destination: {
        identity: 16_777_220,
        labels: ['cidr:0.0.0.0/0', 'cidr:10.0.0.0/24', 'cidr:10.0.0.0/8', 'reserved:world'],
      },
    },
    { kind: 'external', cidr: '10.0.0.0/24', ip: '10.0.0.2', reserved: 'world' },
  ],
  [
    'an IPv6 block is written with dashes',
    { destination: { labels: ['cidr:2001-db8--0/32', 'reserved:world'] } },
    { kind: 'external', cidr: '2001:db8::/32' },
  ],
  [
    'the API server by a block is the API server',
    { destination: { labels: ['cidr:10.0.0.2/32', 'reserved:kube-apiserver', 'reserved:world'] } },
    { kind: 'apiserver', cidr: '10.0.0.2/32' },
  ],
  [
    'nothing but an address is for the inventory to tell',
    { destination: {} },
    { kind: 'unknown', ip: '10.0.0.2' },
  ],
  [
    'names are lower case and without the dot',
    { destination: reserved('world'), destination_names: ['API.GitHub.com.', 'api.github.com'] },
    { kind: 'world', dnsNames: ['api.github.com'] },
  ],
  [
    'the name of a policy without a pattern is a name',
    { destination: { labels: ['fqdn:example.com', 'fqdn:*.example.com', 'reserved:world'] } },
    { dnsNames: ['example.com'] },
  ],
  [
    'an aggregated workload',
    { destination: { namespace: 'shop', workloads: [{ name: 'api', kind: 'Deployment' }] } },
    {
      kind: 'workload',
      namespace: 'shop',
      workload: { name: 'api', kind: 'Deployment' },
      ip: null,
    },
  ],
  [
    "a pod's owner",
    { destination: { ...pod('api-1', 'api'), workloads: [{ name: 'api', kind: 'Deployment' }] } },
    { kind: 'pod', workload: { name: 'api', kind: 'Deployment' } },
  ],
];

for (const [title, changes, fields] of kinds)
  test(`of peers: ${title}`, () => {
    const found = destination(changes);
    assert.deepEqual(pick(found, ...(Object.keys(fields) as (keyof ObservedPeer)[])), fields);
  });

test("a Service's address is no pod's: its port is the Service's", () => {
  const {
    destination: found,
    port,
    servicePort,
  } = only(
    wrapped({
      destination: reserved('world'),
      destination_service: { name: 'api', namespace: 'shop' },
      l4: tcp(40_000, 80),
    }),
  );
  assert.deepEqual(pick(found, 'kind', 'service'), {
    kind: 'service',
    service: { namespace: 'shop', name: 'api' },
  });
  assert.deepEqual({ port, servicePort }, { port: null, servicePort: 80 });
});

const inCluster = (name: string | undefined, label: string): Json => ({
  ...pod('api-1', 'api'),
  ID: undefined,
  cluster_name: name,
  labels: [
    'k8s:app=api',
    `k8s:io.cilium.k8s.policy.cluster=${label}`,
    'k8s:io.kubernetes.pod.namespace=shop',
  ],
});

const clusters: readonly (readonly [string, Json, string | null])[] = [
  ["the reporting cluster by its pod's label", { destination: inCluster(undefined, 'east') }, null],
  ['another by its label', { destination: inCluster(undefined, 'west') }, 'west'],
  ['the field beats the label', { destination: inCluster('north', 'east') }, 'north'],
  [
    'the reporting cluster by its node',
    { node_name: 'west/n', destination: inCluster(undefined, 'west') },
    null,
  ],
];

for (const [title, changes, cluster] of clusters)
  test(`of a mesh: ${title}`, () => assert.equal(destination(changes).cluster, cluster));
