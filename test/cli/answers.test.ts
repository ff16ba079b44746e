import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf } from './folder.js';
import { run } from './run.js';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: db-0, namespace: data, labels: { app: db } }
spec: { nodeName: worker-1, containers: [{ name: db, ports: [{ containerPort: 5432 }] }] }
status: { podIP: 10.9.0.4 }
`;

test('of a port that a Service has not that is said, though its clients’ addresses may be rewritten', async t => {
  const folder = folderOf(t, {
    'all.yaml': `${POD}---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: data }
spec: { type: NodePort, clusterIP: 10.96.7.7, selector: { app: db }, ports: [{ port: 5432, nodePort: 31000 }] }
`,
  });
  for (const source of ['203.0.113.80', 'data/db-0']) {
    const { out } = await run(['netpol', 'explain', folder, source, 'svc:data/db', '--port', '80']);
    assert.match(
      out,
      /note: nobody answers there: the Service `data\/db` has no port TCP 80, but TCP 5432/,
    );
  }
  const closed = folderOf(t, {
    'all.yaml': `${POD}---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: data }
spec: { type: NodePort, clusterIP: 10.96.7.7, selector: { app: db }, ports: [{ port: 5432, nodePort: 31000 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: data }
spec: { podSelector: {}, policyTypes: [Ingress] }
`,
  });
  const { out } = await run([
    'netpol',
    'explain',
    closed,
    '203.0.113.8',
    'svc:data/db',
    '--port',
    '80',
  ]);
  assert.match(out, /: UNDECIDABLE \(unresolved-peer\)/);
  assert.match(out, /missing: the Service `data\/db` has no port TCP 80, but TCP 5432/);
  assert.match(out, /settled by: .*a port that the Service has/);
});

test('a list that is empty although there are workloads is said to be', async t => {
  const folder = folderOf(t, {
    'all.yaml': `${POD}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: none, namespace: data }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`,
  });
  const { exit, out, err } = await run(['netpol', 'connectivity', 'map', folder]);
  assert.deepEqual([exit, out], [0, '']);
  assert.match(err, /^note: the list is empty/);
});

test('a namespace, a block and a question without a port are answered by their parts', async t => {
  const folder = folderOf(t, {
    'all.yaml': `${POD}---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
---
apiVersion: v1
kind: Pod
metadata: { name: cron, namespace: shop, labels: { app: cron } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: data }
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: web } } }]
      ports: [{ port: 5432 }]
`,
  });
  const explain = (...words: string[]) => run(['netpol', 'explain', folder, ...words]);
  const whole = await explain('ns:shop', 'data/db-0', '--port', '5432');
  assert.match(whole.out, /^ns:shop => data\/db-0 TCP 5432 : UNDECIDABLE \(unresolved-peer\)/);
  assert.match(whole.out, /^ {2}shop\/web => data\/db-0 TCP 5432 : ALLOWED/m);
  assert.match(whole.out, /^ {2}shop\/cron => data\/db-0 TCP 5432 : DENIED/m);
  assert.match(whole.out, /nearest: spec.ingress\[0\] admits `app=web` in namespace `shop`/);
  const ports = await explain('shop/web', 'data/db-0');
  assert.match(ports.out, /^ {2}missing: the destination port$/m);
  assert.match(ports.out, /^ {2}shop\/web => data\/db-0 TCP 1-5431,5433-65535 : DENIED/m);
  const asked = '{"src":"ns:shop","dst":"data/db-0","port":5432}\n';
  const { out } = await run(['netpol', 'explain', folder, '--queries', '-', '-o', 'json'], asked);
  const { verdict, parts } = JSON.parse(out);
  assert.equal(verdict, 'UNDECIDABLE');
  assert.deepEqual(
    parts.map((part: { sources: string[]; verdict: string }) => [part.sources, part.verdict]),
    [
      [['shop/web'], 'ALLOWED'],
      [['shop/cron'], 'DENIED'],
    ],
  );
  const unknown = await explain('ns:shp', 'data/db-0');
  assert.equal(unknown.exit, 2);
  assert.match(unknown.err, /the nearest: `ns:shop`/);
});
