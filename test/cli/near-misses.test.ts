import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf } from './folder.js';
import { run } from './run.js';

const workload = (name: string, labels: string) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { template: { metadata: { labels: { ${labels} } }, spec: { containers: [{ name: c }] } } }
`;
const policy = (spec: string, place = 'name: p, namespace: shop') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { ${place} }
spec: ${spec}
`;

/** What somebody meant, what was written, and what ends the search. */
const CASES: readonly (readonly [title: string, input: readonly string[], says: RegExp])[] = [
  [
    'a label of the same value under another key',
    [
      policy(
        '{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ podSelector: { matchLabels: { App: client } } }] }] }',
      ),
    ],
    /the peer has no label `App`, but `app=client`/,
  ],
  [
    'of two rules that miss by one thing the one that was meant for this peer and port',
    [
      policy(
        `{ podSelector: { matchLabels: { app: web } }, ingress: [
          { from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: other } } }] },
          { from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { tier: front } } }], ports: [{ port: 80 }] }] }`,
      ),
    ],
    /nearest: spec\.ingress\[1\] admits `tier=front` in namespace `shop`; the peer has no label `tier`/,
  ],
  [
    'a policy for pods of nearly that name',
    [policy('{ podSelector: { matchLabels: { app: web-svc } } }')],
    /note: NetworkPolicy `shop\/p` selects `app=web-svc`, which no pod has; this one has `app=web`/,
  ],
  [
    'a policy for all pods of a namespace that nobody wrote',
    [policy('{ podSelector: {}, policyTypes: [Ingress] }', 'name: p')],
    /note: NetworkPolicy `default\/p` names no namespace, so that it is in `default`, where no pod is/,
  ],
  [
    'labels that were copied from a running pod',
    [policy('{ podSelector: { matchLabels: { pod-template-hash: 5c7d9 } } }')],
    /note: NetworkPolicy `shop\/p` selects `pod-template-hash=5c7d9`; the value of `pod-template-hash` is made up/,
  ],
  [
    'a list of peers that is empty, which admits everybody',
    [policy('{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [] }] }')],
    /note: `from: \[\]` of spec\.ingress\[0\] in NetworkPolicy shop\/p admits everybody, as if it was left out/,
  ],
];

test('of an end that nobody is known to be nothing is said that selects it', async t => {
  const service = `---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
  const pods = [workload('web', 'app: web'), workload('client', 'app: client')];
  const closed = policy('{ podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress] }');
  const folder = folderOf(t, { 'all.yaml': [...pods, service, closed].join('') });
  const ask = ['shop/client', 'svc:shop/web', '--port', '443'];
  const { out } = await run(['netpol', 'explain', folder, ...ask]);
  assert.match(
    out,
    /ingress: UNDECIDABLE \(unresolved-peer\)\n {2}missing: the Service `shop\/web` has no port/,
  );
});

for (const [title, input, says] of CASES)
  test(`${title} is named`, async t => {
    const pods = [workload('web', 'app: web'), workload('client', 'app: client')];
    const folder = folderOf(t, { 'all.yaml': [...pods, ...input].join('') });
    const ask = ['shop/client', 'shop/web', '--port', '80'];
    const { out } = await run(['netpol', 'explain', folder, ...ask]);
    assert.match(out, says);
  });
