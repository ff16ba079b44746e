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
