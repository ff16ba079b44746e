import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf } from './folder.js';
import { run } from './run.js';

/** Troubles as people report them in public: the input, a question, and what ends their search. */
type Trouble = {
  readonly title: string;
  readonly input: readonly string[];
  readonly ask: readonly string[];
  readonly says: readonly RegExp[];
  readonly never?: RegExp;
};

const workload = (name: string, labels = `app: ${name}`, more = '', kind = 'Deployment') => `---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec: { replicas: 3, selector: { matchLabels: { ${labels} } }, template: { metadata: { labels: { ${labels} } }, spec: { containers: [{ name: c${more} }] } } }
`;
const policy = (spec: string, place = 'name: p, namespace: shop') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { ${place} }
spec: ${spec}
`;
const service = (name: string, spec: string) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
`;
const namespace = (name: string, labels = '') => `---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
`;
const IDLE = '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress] }';

const TROUBLES: readonly Trouble[] = [
  {
    title: 'of a rule with several peers the one that admits is told',
    input: [
      namespace('mon', 'team: mon'),
      workload('db'),
      workload('agent').replace('namespace: shop', 'namespace: mon'),
      policy(
        '{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }, { namespaceSelector: { matchLabels: { team: mon } } }] }] }',
      ),
    ],
    ask: ['mon/agent', 'shop/db', '--port', '5432'],
    says: [/ALLOW by rule spec\.ingress\[0\]\.from\[1\] \(/],
  },
  {
    title: 'a policy that has no namespace, and its pods have, is named',
    input: [workload('web'), policy(IDLE, 'name: p')],
    ask: ['203.0.113.9', 'shop/web', '--port', '80'],
    says: [
      /: ALLOWED \(default-allow\)/,
      /note: NetworkPolicy `default\/p` selects `app=web` in namespace `default`, where no such pod is; these are in `shop`/,
    ],
  },
  {
    title: 'a policy whose label is written under another key is named',
    input: [workload('web', 'app.kubernetes.io/name: web'), policy(IDLE)],
    ask: ['203.0.113.9', 'shop/web', '--port', '80'],
    says: [
      /note: NetworkPolicy `shop\/p` selects `app=web`, which no pod has; this one has no label `app`, but `app\.kubernetes\.io\/name=web`/,
    ],
  },
  {
    title: 'a policy that selects other pods is not taken for a mistake',
    input: [workload('web'), workload('site', 'tier: web'), policy(IDLE)],
    ask: ['203.0.113.9', 'shop/site', '--port', '80'],
    says: [/: ALLOWED \(default-allow\)/],
    never: /note:/,
  },
  {
    title: 'rules that policyTypes leave out are told where they were meant to hold',
    input: [
      workload('web'),
      policy(
        '{ podSelector: {}, policyTypes: [Ingress], ingress: [{}], egress: [{ to: [{ podSelector: {} }] }] }',
      ),
    ],
    ask: ['shop/web', '203.0.113.9', '--port', '443'],
    says: [
      /note: NetworkPolicy `shop\/p` selects it and has egress rules, but its policyTypes leave/,
    ],
  },
  {
    title: 'a policy without rules is said to have none',
    input: [workload('web'), policy('{ podSelector: {}, policyTypes: [Ingress] }')],
    ask: ['203.0.113.9', 'shop/web', '--port', '80'],
    says: [/NetworkPolicy shop\/p selects it \(.*\); it has no ingress rule and allows nothing/],
    never: /none of its rules/,
  },
  {
    title: 'an ipBlock on a ClusterIP: what policies see instead is said',
    input: [
      workload('web'),
      workload('api'),
      service(
        'api',
        '{ clusterIP: 10.96.5.5, selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }',
      ),
      policy(
        '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.96.5.0/24 } }] }] }',
      ),
    ],
    ask: ['shop/web', '10.96.5.5', '--port', '80'],
    says: [
      /: DENIED/,
      /note: `10\.96\.5\.5` is the address of Service `shop\/api`, which policies never see/,
    ],
  },
  {
    title: 'a port name of another protocol is told apart from one that is not there',
    input: [
      workload('dns', 'app: dns', ', ports: [{ containerPort: 53, name: dns, protocol: UDP }]'),
      policy('{ podSelector: {}, ingress: [{ ports: [{ port: dns }] }] }'),
    ],
    ask: ['203.0.113.9', 'shop/dns', '--port', '53', '--protocol', 'UDP'],
    says: [/it opens port `dns` by name for TCP, and the destination declares it for UDP$/m],
  },
  {
    title: 'of a port name that is not there those are told that are',
    input: [
      workload('web', 'app: web', ', ports: [{ containerPort: 8080, name: web }]'),
      policy('{ podSelector: {}, ingress: [{ ports: [{ port: http }] }] }'),
    ],
    ask: ['203.0.113.9', 'shop/web', '--port', '8080'],
    says: [/which the destination does not declare; it declares `web` \(TCP 8080\)/],
  },
  {
    title: 'a pod of a StatefulSet by its name is that pod',
    input: [
      workload('db', 'app: db', '', 'StatefulSet'),
      service('db', '{ clusterIP: None, selector: { app: db }, ports: [{ port: 5432 }] }'),
      policy(
        '{ podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: db-0 } }, policyTypes: [Ingress] }',
      ),
    ],
    ask: ['203.0.113.9', 'db-0.db.shop.svc.cluster.local', '--port', '5432'],
    says: [/: DENIED \(policy\)/],
  },
  {
    title: 'a pod of a StatefulSet that its replicas do not reach is not known',
    input: [
      workload('db', 'app: db', '', 'StatefulSet'),
      policy(
        '{ podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: db-0 } }, policyTypes: [Ingress] }',
      ),
    ],
    ask: ['203.0.113.9', 'shop/db-7', '--port', '5432'],
    says: [
      /: UNDECIDABLE/,
      /missing: the labels of the pod `shop\/db-7`, which is none of the replicas/,
    ],
  },
  {
    title: 'the labels of a CronJob’s pods that nobody knows are not made up',
    input: [
      workload('db'),
      '---\napiVersion: batch/v1\nkind: CronJob\nmetadata: { name: report, namespace: shop }\nspec: { schedule: "* * * * *", jobTemplate: { spec: { template: { spec: { containers: [{ name: c }] } } } } }\n',
      policy(
        '{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { job-name: report } } }] }] }',
      ),
    ],
    ask: ['shop/report', 'shop/db', '--port', '5432'],
    says: [/the peer has `job-name=report-…`/],
  },
  {
    title: 'a probe of the own node is said to be always allowed',
    input: [
      '---\napiVersion: v1\nkind: Node\nmetadata: { name: n1 }\nstatus: { addresses: [{ type: InternalIP, address: 10.0.0.1 }] }\n',
      '---\napiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\nspec: { nodeName: n1, containers: [{ name: c }] }\nstatus: { podIP: 10.244.0.2 }\n',
      policy('{ podSelector: {}, policyTypes: [Ingress] }'),
    ],
    ask: ['10.0.0.1', 'shop/web', '--port', '80'],
    says: [/note: traffic between a pod and the node that it runs on is always allowed/],
  },
  {
    title: 'an ExternalName’s address is asked for, and the blocks that differ are told as such',
    input: [
      workload('web'),
      service('db', '{ type: ExternalName, externalName: db.example.com }'),
      policy(
        '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }',
      ),
    ],
    ask: ['shop/web', 'svc:shop/db', '--port', '5432'],
    says: [
      /missing: the address of `db\.example\.com`/,
      /ALLOW by rule .*, to `10\.0\.0\.0\/8`$/m,
      /to `0\.0\.0\.0-9\.255\.255\.255`/,
    ],
  },
  {
    title: 'a policy that was refused is named with the answer that it may change',
    input: [
      workload('web'),
      policy('{ podSelector: {}, ingress: [{ ports: [{ port: http, endPort: 90 }] }] }'),
    ],
    ask: ['203.0.113.9', 'shop/web', '--port', '80'],
    says: [
      /note: `NetworkPolicy\/shop\/p` is refused, as standard error says, and may change this answer/,
    ],
  },
  {
    title: 'an admin policy that says nothing of a peer leaves it to the default, and that is said',
    input: [
      workload('web'),
      '---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: { name: a }\nspec: { priority: 1, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }\n',
    ],
    ask: ['203.0.113.9', 'shop/web', '--port', '80'],
    says: [/no rule of the policies that select `shop\/web` matches, and none of them isolates it/],
  },
  {
    title: 'two replicas of a StatefulSet are two pods, and one is itself',
    input: [
      workload('pg', 'app: pg', '', 'StatefulSet'),
      service('pg', '{ clusterIP: None, selector: { app: pg }, ports: [{ port: 5432 }] }'),
      policy(
        '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }] }',
      ),
    ],
    ask: ['pg-0.pg.shop.svc.cluster.local', 'shop/pg-1', '--port', '5432'],
    says: [/: DENIED \(policy\)/, /the peer has `app=pg`/],
  },
  {
    title: 'labels that Knative writes on the pods of a Service are there',
    input: [
      workload('web'),
      '---\napiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: hello, namespace: shop }\nspec: { template: { spec: { containers: [{ image: hello }] } } }\n',
      policy(
        '{ podSelector: { matchLabels: { serving.knative.dev/service: hello } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 8012 }] }] }',
      ),
    ],
    ask: ['shop/web', 'shop/hello', '--port', '8080'],
    says: [/: DENIED \(policy\)/, /it opens TCP 8012, not TCP 8080/],
  },
  {
    title: 'labels that KubeVirt writes on the pods of machines are there',
    input: [
      workload('web'),
      '---\napiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: desk, namespace: shop }\nspec: { template: { spec: { domain: { devices: {} } } } }\n',
      policy(
        '{ podSelector: { matchLabels: { kubevirt.io: virt-launcher, vm.kubevirt.io/name: desk } }, policyTypes: [Ingress] }',
      ),
    ],
    ask: ['shop/web', 'shop/desk', '--port', '22'],
    says: [/: DENIED \(policy\)/, /it has no ingress rule/],
  },
  {
    title: 'a value that is made up with each pod is not known, and no invention is shown',
    input: [
      workload('web'),
      policy(
        '{ podSelector: { matchLabels: { app: web, pod-template-hash: 5d9c7b } }, policyTypes: [Ingress] }',
      ),
    ],
    ask: ['203.0.113.9', 'shop/web', '--port', '80'],
    says: [/the value of `pod-template-hash` is made up when pods are made, and not known/],
    never: /weirgate0/,
  },
  {
    title: 'pods that look like the ingress controller are named where it is asked for',
    input: [
      workload('web'),
      workload('router', 'app.kubernetes.io/name: ingress-nginx'),
      policy(
        '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: b } } }] }] }',
      ),
    ],
    ask: ['{ingress-controller}', 'shop/web', '--port', '80'],
    says: [/UNDECIDABLE/, /`shop\/router\[Deployment\]` looks like one/],
  },
  {
    title: 'an address outside is met by an ipBlock and by no selector',
    input: [
      workload('web'),
      policy(
        '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }] }] }',
      ),
    ],
    ask: ['35.191.0.1', 'shop/web', '--port', '80'],
    says: [/the peer is an address outside of the pods, which no selector means: an ipBlock would/],
  },
];

for (const { title, input, ask, says, never } of TROUBLES) {
  test(title, async t => {
    const folder = folderOf(t, { 'all.yaml': input.join('') });
    const { out } = await run(['netpol', 'explain', folder, ...ask]);
    for (const said of says) assert.match(out, said);
    if (never !== undefined) assert.doesNotMatch(out, never);
  });
}
