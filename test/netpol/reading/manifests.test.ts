import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/netpol/index.js';

const read = (...texts: readonly string[]) =>
  readManifests(texts.map((text, index) => ({ file: `${index}.yaml`, text })));

/** `namespace/name` of each pod fact, and the row that it is shown under. */
const rows = (...texts: readonly string[]) =>
  read(...texts).facts.pods.map(pod => [pod.key, `${pod.workload.name}[${pod.workload.kind}]`]);

const controlledBy = (kind: string, name: string, apiVersion = 'apps/v1') =>
  `ownerReferences: [{apiVersion: ${apiVersion}, kind: ${kind}, name: ${name}, controller: true}]`;

const pod = (name: string, metadata = 'labels: {app: web}', status = '{podIP: 10.0.0.1}') =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, ${metadata}}, spec: {containers: []}, status: ${status}}`;

const workload = (kind: string, name: string, metadata = 'labels: {}', apiVersion = 'apps/v1') =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}, namespace: shop, ${metadata}}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: []}}}}`;

test('a pod is shown under its controller as written, which is never guessed from names', () => {
  assert.deepEqual(rows(pod('web-1-x', controlledBy('ReplicaSet', 'web-77d5cd745d'))), [
    ['shop/web-1-x', 'web-77d5cd745d[ReplicaSet]'],
  ]);
});

test('a controller is followed further through owner objects in the input', () => {
  const replicaSet = workload('ReplicaSet', 'web-1', controlledBy('Deployment', 'web'));
  const replica = pod('web-1-x', controlledBy('ReplicaSet', 'web-1'));
  assert.deepEqual(rows(replica, replicaSet), [['shop/web-1-x', 'web[Deployment]']]);
  const deployment = workload('Deployment', 'web');
  assert.deepEqual(rows(deployment, replicaSet, replica), [['shop/web-1-x', 'web[Deployment]']]);
});

test('a workload controlled by a custom resource is shown under that resource', () => {
  const deployment = workload('Deployment', 'web', controlledBy('Shop', 'main', 'example.com/v1'));
  assert.deepEqual(rows(deployment), [['shop/web[Deployment]', 'main[Shop]']]);
});

test('only a reference with controller: true counts, and a pod of a node is a Pod', () => {
  const owned = 'ownerReferences: [{apiVersion: v1, kind: Thing, name: t}]';
  assert.deepEqual(rows(pod('a', owned)), [['shop/a', 'a[Pod]']]);
  assert.deepEqual(rows(pod('b', controlledBy('Node', 'n1', 'v1'))), [['shop/b', 'b[Pod]']]);
});

test('a template without pods in the input stands for its pods, without addresses', () => {
  const [fact] = read(workload('StatefulSet', 'db')).facts.pods;
  assert.deepEqual(fact, {
    key: 'shop/db[StatefulSet]',
    namespace: 'shop',
    name: 'db',
    labels: { app: 'web' },
    hostNetwork: false,
    ports: [],
    addresses: [],
    node: null,
    workload: { kind: 'StatefulSet', name: 'db' },
    selector: { app: 'web' },
  });
});

test('a ReplicaSet controlled by a Deployment of the input is no second template', () => {
  const replicaSet = workload('ReplicaSet', 'web-1', controlledBy('Deployment', 'web'));
  assert.deepEqual(rows(replicaSet, workload('Deployment', 'web')), [
    ['shop/web[Deployment]', 'web[Deployment]'],
  ]);
});

test('where the ReplicaSet between a Deployment and its pods is missing, both stand under their own names', () => {
  const replica = pod('web-1-x', `labels: {app: web}, ${controlledBy('ReplicaSet', 'web-1')}`);
  const deployment = workload('Deployment', 'web');
  assert.deepEqual(rows(deployment, replica).toSorted(), [
    ['shop/web-1-x', 'web-1[ReplicaSet]'],
    ['shop/web[Deployment]', 'web[Deployment]'],
  ]);
});

test('templates of every kind of workload are read, inside lists too', () => {
  const items = [
    workload('Deployment', 'a'),
    workload('ReplicaSet', 'b'),
    workload('StatefulSet', 'c'),
    workload('DaemonSet', 'd'),
    workload('ReplicationController', 'e', 'labels: {}', 'v1'),
    workload('Job', 'f', 'labels: {}', 'batch/v1'),
    '{apiVersion: batch/v1, kind: CronJob, metadata: {name: g, namespace: shop}, spec: {jobTemplate: {spec: {template: {metadata: {labels: {job: g}}, spec: {containers: []}}}}}}',
    workload('VirtualMachine', 'h', 'labels: {}', 'kubevirt.io/v1'),
  ];
  const { facts, problems } = read(`{apiVersion: v1, kind: List, items: [${items.join(', ')}]}`);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    facts.pods.map(fact => fact.workload.kind),
    'Deployment ReplicaSet StatefulSet DaemonSet ReplicationController Job CronJob VirtualMachine'.split(
      ' ',
    ),
  );
  assert.deepEqual(facts.pods[6]?.labels, { job: 'g' });
});

test('row 13: ports of containers and of sidecar init containers count, and the protocol defaults to TCP', () => {
  const text = `
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  hostNetwork: true
  nodeName: n1
  containers:
  - ports: [{containerPort: 80, name: http}, {containerPort: 53, protocol: UDP}]
  initContainers:
  - restartPolicy: Always
    ports: [{containerPort: 9, name: side}]
  - ports: [{containerPort: 10, name: start}]
status: {podIP: 10.0.0.7, podIPs: [{ip: 10.0.0.7}, {ip: "fd00::7"}]}
`;
  const [fact] = read(text).facts.pods;
  assert.deepEqual(fact?.ports, [
    { name: 'http', port: 80, protocol: 'TCP' },
    { name: null, port: 53, protocol: 'UDP' },
    { name: 'side', port: 9, protocol: 'TCP' },
  ]);
  assert.deepEqual(fact?.addresses, ['10.0.0.7', 'fd00::7']);
  assert.deepEqual([fact?.key, fact?.hostNetwork, fact?.node], ['default/p', true, 'n1']);
});

test('row 21: pods that have ended are left out with a note at their phase', () => {
  const text =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec: {}\nstatus:\n  phase: Succeeded\n';
  const { facts, notes, problems } = read(text, pod('q', 'labels: {}', '{phase: Failed}'));
  assert.deepEqual(facts.pods, []);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    notes.map(note => [note.code, note.severity, note.place?.line]),
    [
      ['POD_ENDED', 'INFO', 7],
      ['POD_ENDED', 'INFO', 1],
    ],
  );
  assert.match(notes[0]?.message ?? '', /`default\/p`.*Succeeded/);
});

test('a Job whose pods have all ended is no row, a Deployment with a failed pod is', () => {
  const job = workload('Job', 'load', 'labels: {}', 'batch/v1');
  const done = pod('load-x', controlledBy('Job', 'load', 'batch/v1'), '{phase: Succeeded}');
  assert.deepEqual(rows(job, done), []);
  const failed = pod('web-1-x', controlledBy('ReplicaSet', 'web-1'), '{phase: Failed}');
  assert.deepEqual(rows(workload('Deployment', 'web'), failed), [
    ['shop/web[Deployment]', 'web[Deployment]'],
  ]);
});

test('a workload that cannot be used is a problem with its place, and the others are read', () => {
  const text = `
apiVersion: v1
kind: Pod
metadata:
  name: a
  labels:
    version: 1
---
apiVersion: v1
kind: Pod
metadata: {name: b}
`;
  const { facts, problems } = read(text);
  assert.deepEqual(
    facts.pods.map(fact => fact.name),
    ['b'],
  );
  assert.deepEqual(
    problems.map(({ code, severity, path, place }) => [
      code,
      severity,
      path,
      place?.line,
      place?.column,
    ]),
    [['WRONG_TYPE', 'ERROR', 'metadata.labels.version', 7, 14]],
  );
});

test('row 19: Services keep every address, targetPort number or name, and no selector as null', () => {
  const text = `
apiVersion: v1
kind: Service
metadata: {name: s, namespace: shop}
spec:
  type: NodePort
  clusterIP: 10.96.0.1
  clusterIPs: [10.96.0.1, "fd00::1"]
  externalIPs: [192.0.2.1]
  selector: {app: web}
  ports:
  - {port: 80, targetPort: http, nodePort: 30080}
  - {name: dns, port: 53, protocol: UDP, targetPort: 5353}
  - {name: same, port: 443}
status: {loadBalancer: {ingress: [{ip: 198.51.100.1}, {hostname: lb.example}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: headless}, spec: {clusterIP: None}}
`;
  const { facts } = read(text);
  assert.deepEqual(facts.services, [
    {
      namespace: 'shop',
      name: 's',
      type: 'NodePort',
      clusterIps: ['10.96.0.1', 'fd00::1'],
      externalIps: ['192.0.2.1', '198.51.100.1'],
      hostnames: ['lb.example'],
      selector: { app: 'web' },
      ports: [
        { name: null, port: 80, protocol: 'TCP', targetPort: 'http', nodePort: 30080 },
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353, nodePort: null },
        { name: 'same', port: 443, protocol: 'TCP', targetPort: 443, nodePort: null },
      ],
    },
    {
      namespace: 'default',
      name: 'headless',
      type: 'ClusterIP',
      clusterIps: ['None'],
      externalIps: [],
      selector: null,
      ports: [],
    },
  ]);
});

test('row 20: Ingress of both forms, Route, HTTPRoute and GRPCRoute lead to Services', () => {
  const text = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: new, namespace: shop}
spec:
  defaultBackend: {service: {name: d, port: {name: http}}}
  rules: [{http: {paths: [{backend: {service: {name: a, port: {number: 80}}}}, {backend: {service: {name: a, port: {number: 80}}}}]}}]
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: old, namespace: shop}
spec: {backend: {serviceName: d, servicePort: 8080}}
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: r, namespace: shop}
spec: {to: {kind: Service, name: a}, alternateBackends: [{kind: Service, name: b}], port: {targetPort: 8080}}
---
{apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}, spec: {ports: [{name: web, port: 80, targetPort: 8080}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: h, namespace: shop}
spec: {rules: [{backendRefs: [{name: a, port: 80}, {name: b, namespace: other, port: 81}, {kind: Bucket, group: example.com, name: c}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: g, namespace: shop}
spec: {rules: [{backendRefs: [{name: a}]}]}
`;
  const { facts, problems } = read(text);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    facts.routes.map(({ kind, name, backends }) => [
      kind,
      name,
      backends.map(({ namespace, service, port }) => `${namespace}/${service}:${port}`),
    ]),
    [
      ['Ingress', 'new', ['shop/d:http', 'shop/a:80']],
      ['Ingress', 'old', ['shop/d:8080']],
      ['Route', 'r', ['shop/a:8080', 'shop/b:8080']],
      ['HTTPRoute', 'h', ['shop/a:80', 'other/b:81']],
      ['GRPCRoute', 'g', ['shop/a:null']],
    ],
  );
});

test('namespaces and nodes are read with labels and addresses', () => {
  const { facts } = read(
    '{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}',
    '{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {zone: a}}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}, {type: Hostname, address: n1}]}}',
  );
  assert.deepEqual(facts.namespaces, [{ name: 'shop', labels: { team: 'a' } }]);
  assert.deepEqual(facts.nodes, [
    { name: 'n1', labels: { zone: 'a' }, addresses: ['192.168.0.1'] },
  ]);
});

test('kinds that have no part in connectivity are passed over without a word', () => {
  const { problems, notes } = read(
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}',
    '{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: k}}',
  );
  assert.deepEqual([...problems, ...notes], []);
});

test('a DeploymentConfig is a workload, and its ReplicationController is no second row', () => {
  const config = workload('DeploymentConfig', 'web', 'labels: {}', 'apps.openshift.io/v1');
  const owned = controlledBy('DeploymentConfig', 'web', 'apps.openshift.io/v1');
  const controller = workload('ReplicationController', 'web-1', owned, 'v1');
  assert.deepEqual(rows(config, controller), [
    ['shop/web[DeploymentConfig]', 'web[DeploymentConfig]'],
  ]);
});

test('a workload without template or with a namespace that is no string is a problem', () => {
  const { facts, problems } = read(
    '{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {}}',
    '{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: 5}}',
  );
  assert.deepEqual(facts.pods, []);
  assert.deepEqual(
    problems.map(({ code, path }) => `${code} ${path}`),
    ['TEMPLATE_MISSING spec.template', 'WRONG_TYPE metadata.namespace'],
  );
});
