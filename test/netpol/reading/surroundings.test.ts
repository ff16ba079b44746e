import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/netpol/reading/manifests.js';

const read = (text: string) => readManifests([{ file: 'in.yaml', text }]);
const container = '{name: c, image: x, ports: [{containerPort: 80}]}';
const template = (app: string) =>
  `{metadata: {labels: {app: ${app}}}, spec: {containers: [${container}]}}`;

test('a template is a template, whoever owns it', () => {
  const { facts, problems } = read(`
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop}
spec: {template: ${template('web')}}
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: {name: fit, namespace: shop}
spec:
  pytorchReplicaSpecs:
    Master: {replicas: 1, template: ${template('master')}}
    Worker: {replicas: 3, template: ${template('worker')}}
---
apiVersion: example.com/v1
kind: Report
metadata: {name: none, namespace: shop}
spec: {template: {subject: hello}}
`);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    facts.pods.map(({ key, labels, workload, memberOf }) => [
      key,
      labels['app'],
      workload.kind,
      memberOf,
    ]),
    [
      ['shop/web[Rollout]', 'web', 'Rollout', undefined],
      ['shop/fit[PyTorchJob]', 'master', 'PyTorchJob', undefined],
      ['shop/fit[PyTorchJob]#2', 'worker', 'PyTorchJob', 'shop/fit[PyTorchJob]'],
    ],
  );
});

test('what an operator made of its object speaks for it, and an old ReplicaSet does not', () => {
  const owned = (kind: string, name: string, owner: string, api: string) => `---
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop, ownerReferences: [{apiVersion: ${api}, kind: ${owner}, name: own, controller: true}]}
spec: {template: ${template(name)}}
`;
  const { facts } = read(`
apiVersion: example.com/v1
kind: Database
metadata: {name: own, namespace: shop}
spec: {pods: {template: ${template('written')}}}
${owned('StatefulSet', 'made', 'Database', 'example.com/v1')}---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: own, namespace: shop}
spec: {template: ${template('now')}}
${owned('ReplicaSet', 'before', 'Rollout', 'argoproj.io/v1alpha1')}`);
  assert.deepEqual(
    facts.pods.map(({ labels, workload }) => [labels['app'], workload.kind]),
    [
      ['made', 'Database'],
      ['now', 'Rollout'],
    ],
  );
});

test('labels that controllers write are there where a selector asks for them', () => {
  const policy = (key: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {matchExpressions: [{key: ${key}, operator: Exists}]}}
`;
  const set = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {replicas: 2, ordinals: {start: 1}, template: ${template('db')}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: shop}
spec: {template: ${template('once')}}
`;
  const labels = (text: string) => read(text).facts.pods.map(pod => pod.labels);
  assert.deepEqual(labels(set), [{ app: 'db' }, { app: 'once' }]);
  assert.deepEqual(labels(set + policy('apps.kubernetes.io/pod-index')), [
    { app: 'db', 'apps.kubernetes.io/pod-index': '1' },
    { app: 'db', 'apps.kubernetes.io/pod-index': '2' },
    { app: 'once' },
  ]);
  assert.deepEqual(labels(set + policy('batch.kubernetes.io/job-name')), [
    { app: 'db' },
    { app: 'once', 'batch.kubernetes.io/job-name': 'once' },
  ]);
});

test('Endpoints and EndpointSlices say where a Service without selector leads', () => {
  const { facts, problems } = read(`
apiVersion: v1
kind: Service
metadata: {name: kubernetes, namespace: default}
spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443, targetPort: 6443}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.1]}, {addresses: [192.0.2.2]}]
ports: [{name: https, port: 6443}]
---
apiVersion: v1
kind: Service
metadata: {name: old, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: old, namespace: shop}
subsets: [{addresses: [{ip: 198.51.100.4}], ports: [{port: 8080, protocol: TCP}]}]
`);
  assert.deepEqual(problems, []);
  assert.deepEqual(facts.apiServer, ['192.0.2.1', '192.0.2.2']);
  assert.deepEqual(
    facts.services.map(({ endpoints }) => endpoints),
    [
      [
        {
          addresses: ['192.0.2.1', '192.0.2.2'],
          ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
        },
      ],
      [{ addresses: ['198.51.100.4'], ports: [{ name: null, port: 8080, protocol: 'TCP' }] }],
    ],
  );
});

test('a pod is on the node whose address its host has', () => {
  const { facts } = read(`
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: "fd00:0::1"}, {type: InternalIP, address: 10.0.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec: {hostNetwork: true}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
status: {podIP: 10.1.0.7, hostIP: "fd00::1"}
---
apiVersion: v1
kind: Pod
metadata: {name: other}
status: {podIP: 10.0.0.9}
`);
  assert.deepEqual(
    facts.pods.map(({ node }) => node),
    ['n1', 'n1', null],
  );
});

for (const [object, code] of [
  ['apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyy', 'KIND_UNKNOWN'],
  ['apiVersion: networking.k8s.io/v1\nkind: networkpolicy', 'KIND_UNKNOWN'],
  ['apiVersion: apps/v1\nkind: Pod', 'KIND_UNKNOWN'],
  ['apiVersion: v1\nkind: Deployment', 'KIND_UNKNOWN'],
  ['apiVersion: apps/v1\nkind: Deploymnt', 'KIND_UNKNOWN'],
  ['apiVersion: networking.k8s.io/v1\nkind: NetworkPolicies', 'KIND_UNKNOWN'],
  ['apiVersion: networking.k8s.io/v1\nkind: NetwrkPolcy', 'KIND_UNKNOWN'],
  ['apiVersion: v1\nkind: Pods', 'KIND_UNKNOWN'],
  ['apiVersion: apps/v1\nkind: deployments', 'KIND_UNKNOWN'],
  ['apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition', 'KIND_NOT_MODELLED'],
  ['apiVersion: v1\nkind: Secret', null],
  ['apiVersion: apps/v1\nkind: ControllerRevision', null],
  ['apiVersion: policy/v1\nkind: PodDisruptionBudget', null],
  ['apiVersion: extensions/v1beta1\nkind: NetworkPolicy', 'POLICY_NOT_READ'],
  ['apiVersion: k8s.ovn.org/v1\nkind: UserDefinedNetwork', 'KIND_NOT_MODELLED'],
  ['apiVersion: v1\nkind: ConfigMap', null],
  ['apiVersion: v1\nkind: PodTemplate', null],
  ['apiVersion: serving.knative.dev/v1\nkind: Service', null],
  ['apiVersion: networking.istio.io/v1\nkind: Gateway', null],
] as const) {
  test(`${object.replace('\n', ', ')}: ${code ?? 'nothing is said'}`, () => {
    const { problems } = read(`${object}\nmetadata: {name: x, namespace: shop}\n`);
    assert.deepEqual(
      problems.map(problem => [problem.code, problem.severity]),
      code === null ? [] : [[code, 'WARNING']],
    );
  });
}

test('a byte order mark may begin any document', () => {
  const pod = (name: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\n`;
  const { facts, problems } = read(`\uFEFF${pod('a')}---\n\uFEFF${pod('b')}\uFEFF---\n${pod('c')}`);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    facts.pods.map(({ name }) => name),
    ['a', 'b', 'c'],
  );
});

test('a virtual machine’s instance is a pod with its labels, and stands under what it is made from', () => {
  const { facts, problems } = read(`apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata: {name: desk, namespace: shop, labels: {app: desk}}
spec: {domain: {devices: {}}}
`);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    facts.pods.map(({ labels, workload }) => [labels['app'], workload.kind, workload.name]),
    [['desk', 'VirtualMachineInstance', 'desk']],
  );
});

test('of a key that stands twice in JSON the last is taken and its place told, as in YAML', () => {
  const pod =
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"shop",\n"name":"b"}}';
  const { facts, problems } = read(pod);
  assert.deepEqual(
    facts.pods.map(({ name }) => name),
    ['b'],
  );
  assert.deepEqual(
    problems.map(({ code, place }) => [code, place?.line]),
    [['KEY_REPEATED', 2]],
  );
  const texts =
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":{"say":"\\"name\\": \\"b\\""}}}';
  assert.deepEqual(read(texts).problems, []);
});
