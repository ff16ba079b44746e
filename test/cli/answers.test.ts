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
  assert.match(err, /^note: no connection is listed/);
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

test('routes that lead nowhere are told with their places, and are bad input with --strict', async t => {
  const route = (kind: string, group: string, spec: string) => `---
apiVersion: ${group}
kind: ${kind}
metadata: { name: ${kind.toLowerCase()}, namespace: data }
spec: ${spec}
`;
  const folder = folderOf(t, {
    'all.yaml': `${POD}---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: data }
spec: { clusterIP: 10.96.7.7, selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: v1
kind: Service
metadata: { name: idle, namespace: data }
spec: { clusterIP: 10.96.7.8, selector: { app: gone }, ports: [{ port: 80 }] }
${route('Ingress', 'networking.k8s.io/v1', '{ defaultBackend: { service: { name: missing, port: { number: 80 } } } }')}${route('Route', 'route.openshift.io/v1', '{ to: { kind: Service, name: db }, port: { targetPort: 9999 } }')}${route('HTTPRoute', 'gateway.networking.k8s.io/v1', '{ rules: [{ backendRefs: [{ name: db, port: 5432 }, { name: idle, port: 80 }] }] }')}`,
  });
  const { exit, err } = await run(['netpol', 'connectivity', 'map', folder]);
  assert.equal(exit, 0);
  assert.match(
    err,
    /all\.yaml:\d+:\d+: warning: Ingress `data\/ingress` leads to Service `data\/missing`, which is not in the input/,
  );
  assert.match(
    err,
    /Route `data\/route` leads to port `9999` of Service `data\/db`, which has none such/,
  );
  assert.match(
    err,
    /HTTPRoute `data\/httproute` leads to Service `data\/idle`, behind which no pod of the input is/,
  );
  assert.doesNotMatch(err, /leads to Service `data\/db`/);
  assert.equal((await run(['netpol', 'connectivity', 'map', folder, '--strict'])).exit, 2);
});

test('nodes that a policy names are drawn as the addresses of Node objects, and a pod of the host by its address', async t => {
  const folder = folderOf(t, {
    'all.yaml': `${POD}---
apiVersion: v1
kind: Node
metadata: { name: infra-1, labels: { role: infra } }
status: { addresses: [{ type: InternalIP, address: 10.20.0.7 }] }
---
apiVersion: v1
kind: Node
metadata: { name: worker-1, labels: { role: worker } }
status: { addresses: [{ type: InternalIP, address: 10.20.0.8 }] }
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: nodes }
spec:
  priority: 1
  subject: { namespaces: {} }
  egress:
    - { action: Allow, to: [{ nodes: { matchLabels: { role: infra } } }], ports: [{ portNumber: { protocol: TCP, port: 9100 } }] }
    - { action: Deny, to: [{ networks: [10.20.0.0/24] }] }
`,
  });
  const { out, err } = await run(['netpol', 'connectivity', 'map', folder, '--explain']);
  assert.match(
    out,
    /^data\/db-0\[Pod\] => 10\.20\.0\.7-10\.20\.0\.7 : TCP 9100\n {2}egress: AdminNetworkPolicy nodes ALLOW by rule spec\.egress\[0\]/m,
  );
  assert.match(out, /^data\/db-0\[Pod\] => 0\.0\.0\.0-10\.19\.255\.255 : All Connections$/m);
  assert.doesNotMatch(out, /10\.20\.0\.8/);
  assert.doesNotMatch(err, /cannot be held/);
});

test('a policy of another API in the namespace of an end is named with the answer', async t => {
  const foreign = (kind: string, metadata: string) =>
    `---\napiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: ${metadata}\nspec: { endpointSelector: {} }\n`;
  const folder = folderOf(t, {
    'all.yaml': `${POD}${foreign('CiliumNetworkPolicy', '{ name: own, namespace: data }')}${foreign('CiliumNetworkPolicy', '{ name: far, namespace: elsewhere }')}${foreign('CiliumClusterwideNetworkPolicy', '{ name: all }')}`,
  });
  const ask = (...words: string[]) => run(['netpol', 'explain', folder, ...words]);
  const { out, err } = await ask('203.0.113.1', 'data/db-0', '--port', '1');
  assert.match(
    out,
    /note: `CiliumNetworkPolicy\/data\/own`, `CiliumClusterwideNetworkPolicy\/all` are not read and may change this answer/,
  );
  assert.match(err, /CiliumNetworkPolicy `elsewhere\/far` of `cilium\.io\/v2` is not read/);
  const json = await ask('203.0.113.1', 'data/db-0', '--port', '1', '-o', 'json');
  assert.equal(JSON.parse(json.out).notes.length, 1);
});

test('reasons that hold for some of the pods behind a Service say for which', async t => {
  const pod = (name: string, port: number) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: data, labels: { app: srv, v: ${name} } }
spec: { containers: [{ name: c, ports: [{ name: http, containerPort: ${port} }] }] }
---
`;
  const folder = folderOf(t, {
    'all.yaml': `${POD}---
${pod('one', 80)}${pod('two', 8080)}apiVersion: v1
kind: Service
metadata: { name: srv, namespace: data }
spec: { clusterIP: 10.96.3.3, selector: { app: srv }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: data }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Egress]
  egress: [{ to: [{ podSelector: { matchLabels: { app: srv } } }], ports: [{ port: 80 }] }]
`,
  });
  const { out } = await run([
    'netpol',
    'explain',
    folder,
    'data/db-0',
    'svc:data/srv',
    '--port',
    '80',
  ]);
  assert.match(out, /: UNDECIDABLE \(mixed-backends\)/);
  assert.match(out, /ALLOW by rule spec\.egress\[0\] \([^)]*\), to `data\/one` TCP 80$/m);
  assert.match(out, /none of its rules matches \([^)]*\), to `data\/two` TCP 8080; nearest/);
  assert.match(out, /settled by: asking for one of the pods behind the Service/);
});
