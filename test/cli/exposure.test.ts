import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { folderOf } from './folder.js';
import { run } from './run.js';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: shop, labels: { app: api } }
spec: { containers: [{ name: api }] }
`;

const ingress = (rules: string): string => `
${POD}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress: ${rules}
`;

const exposed = async (folder: string): Promise<readonly string[]> => {
  const { exit, out, err } = await run([
    'netpol',
    'connectivity',
    'map',
    folder,
    '--exposure',
    '-o',
    'json',
  ]);
  assert.equal(exit, 0, err);
  const { exposure_results } = JSON.parse(out) as {
    exposure_results: { ingress_exposure: readonly { src: string; conn: string }[] };
  };
  return exposure_results.ingress_exposure.map(({ src, conn }) => `${src} : ${conn}`);
};

const CASES: readonly (readonly [title: string, rules: string, expected: readonly string[]])[] = [
  [
    'every namespace is the entire cluster',
    '[{ from: [{ namespaceSelector: {} }], ports: [{ protocol: TCP, port: 9090 }] }]',
    ['entire-cluster : TCP 9090'],
  ],
  [
    'pods by label in the own namespace, in any namespace and in namespaces by label',
    `[{ from: [{ podSelector: { matchLabels: { app: web } } }] },
      { from: [{ namespaceSelector: {}, podSelector: { matchLabels: { role: probe } } }], ports: [{ protocol: TCP, port: 1 }] },
      { from: [{ namespaceSelector: { matchLabels: { team: bank } } }], ports: [{ protocol: TCP, port: 2 }] }]`,
    [
      '[all namespaces]/[pod with {role=probe}] : TCP 1',
      '[namespace with {team=bank}]/[all pods] : TCP 2',
      'shop/[pod with {app=web}] : All Connections',
    ],
  ],
  [
    'a namespace by its name is that namespace',
    '[{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ops } } }] }]',
    ['ops/[all pods] : All Connections'],
  ],
  [
    'what only pods without a label may do, the entire cluster may not',
    `[{ from: [{ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: app, operator: DoesNotExist }] } }] }]`,
    ['[all namespaces]/[pod with {!app}] : All Connections'],
  ],
  [
    'what one shut-out value may not do, all pods of the namespace may not',
    `[{ from: [{ podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [bad] }] } }], ports: [{ protocol: TCP, port: 1 }] },
      { from: [{ podSelector: {} }], ports: [{ protocol: TCP, port: 2 }] }]`,
    ['shop/[all pods] : TCP 2', 'shop/[pod with {app notin (bad)}] : TCP 1-2'],
  ],
  [
    'a peer that may do no more than the entire cluster is left out',
    `[{ from: [{ namespaceSelector: {} }] }, { from: [{ podSelector: { matchLabels: { app: web } } }] }]`,
    ['entire-cluster : All Connections'],
  ],
  [
    'of several values, what all of them may do',
    `[{ from: [{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [a, b] }] } }], ports: [{ protocol: TCP, port: 1 }] },
      { from: [{ podSelector: { matchLabels: { app: a } } }], ports: [{ protocol: TCP, port: 2 }] }]`,
    ['shop/[pod with {app in (a,b)}] : TCP 1', 'shop/[pod with {app=a}] : TCP 1-2'],
  ],
];

for (const [title, rules, expected] of CASES) {
  test(`exposure: ${title}`, async t => {
    const folder = folderOf(t, { 'all.yaml': ingress(rules) });
    assert.deepEqual(await exposed(folder), expected);
  });
}

test('a workload that no policy selects is exposed to the world and the entire cluster', async t => {
  const folder = folderOf(t, { 'pod.yaml': POD });
  const { out } = await run(['netpol', 'connectivity', 'map', folder, '--exposure']);
  assert.equal(
    out.slice(out.indexOf('\n\n')),
    `

Exposure Analysis Result:
Egress Exposure:
shop/api[Pod] => 0.0.0.0-255.255.255.255 : All Connections
shop/api[Pod] => entire-cluster : All Connections

Ingress Exposure:
shop/api[Pod] <= 0.0.0.0-255.255.255.255 : All Connections
shop/api[Pod] <= entire-cluster : All Connections
`,
  );
});

const exposureOf = async (
  t: TestContext,
  manifests: string,
  ...flags: string[]
): Promise<string> => {
  const folder = folderOf(t, { 'all.yaml': manifests });
  const { out } = await run(['netpol', 'connectivity', 'map', folder, '--exposure', ...flags]);
  return out.slice(out.indexOf('Exposure'));
};

test('what one Deny singles out stands beneath the row of the entire cluster', async t => {
  const policies = `
${POD}---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: quarantine }
spec:
  priority: 5
  subject: { namespaces: {} }
  ingress:
    - { name: none, action: Deny, from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { quarantined: "yes" } } } }] }
  egress:
    - { action: Deny, to: [{ namespaces: { matchLabels: { zone: dmz } } }], ports: [{ portNumber: { protocol: TCP, port: 22 } }] }
    - { action: Pass, to: [{ namespaces: { matchLabels: { zone: dmz } } }] }
`;
  assert.equal(
    await exposureOf(t, policies),
    `Exposure Analysis Result:
Egress Exposure:
shop/api[Pod] => 0.0.0.0-255.255.255.255 : All Connections
shop/api[Pod] => entire-cluster : All Connections
shop/api[Pod] => [namespace with {zone=dmz}]/[all pods] : SCTP 1-65535,TCP 1-21,23-65535,UDP 1-65535

Ingress Exposure:
shop/api[Pod] <= 0.0.0.0-255.255.255.255 : All Connections
shop/api[Pod] <= entire-cluster : All Connections
shop/api[Pod] <= [all namespaces]/[pod with {quarantined=yes}] : No Connections
`,
  );
});

test('ports by name have rows, by their names where the pod that bears them is not there', async t => {
  const policy = (egress: string, ingress: string) => `
${POD.replace('[{ name: api }]', '[{ name: api, ports: [{ name: http, containerPort: 8000 }] }]')}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], egress: ${egress}, ingress: ${ingress} }
`;
  const toAll = await exposureOf(
    t,
    policy(
      '[{ to: [{ namespaceSelector: {} }], ports: [{ port: http }, { port: dns, protocol: UDP }, { port: 9000 }, { port: admin }] }]',
      '[{ from: [{ namespaceSelector: {} }], ports: [{ port: http }] }]',
    ),
  );
  assert.match(toAll, /=> entire-cluster : TCP 9000,admin,http,UDP dns$/m);
  assert.match(toAll, /<= entire-cluster : TCP 8000$/m);
  const toSome = await exposureOf(
    t,
    policy(
      '[{ to: [{ podSelector: { matchLabels: { app: db } } }], ports: [{ port: sql }] }, { to: [{ podSelector: {} }], ports: [{ port: 5432 }] }]',
      '[{}]',
    ),
  );
  assert.match(toSome, /=> shop\/\[all pods\] : TCP 5432$/m);
  assert.match(toSome, /=> shop\/\[pod with \{app=db\}\] : TCP 5432,sql$/m);
});
