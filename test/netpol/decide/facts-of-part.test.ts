import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, decide, peerResolver } from '../../../src/netpol/index.js';
import { readManifests } from '../../../src/netpol/reading/manifests.js';

/** Answers questions on manifests as the commands without a server do. */
function asker(text: string, options: { complete?: boolean } = {}) {
  const { facts: read, policies } = readManifests([{ file: 'in.yaml', text }]);
  const facts = options.complete === true ? read : { ...read, partial: true };
  const compiled = compile(facts, policies);
  const resolve = peerResolver(facts, null);
  return (src: string, dst: string, port: number) => {
    const [source, destination] = [resolve(src), resolve(dst)];
    if ('fault' in source || 'fault' in destination) return 'no peer';
    const asked = {
      source: source.endpoint,
      destination: destination.endpoint,
      port,
      protocol: 'TCP',
    };
    const { verdict, basis, missing } = decide(compiled, asked);
    return missing === null ? `${verdict} ${basis}` : `${verdict} ${basis}: ${missing}`;
  };
}

const pod = (name: string, more = '') => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${name}, labels: {app: ${name}}}
${more}
---
`;
const WEB_AND_DB = pod('web', 'status: {podIP: 10.1.0.1}') + pod('db', 'status: {podIP: 10.1.0.2}');

const admitting = (selector: string) => `${WEB_AND_DB}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: db}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: ${selector}}]}]}
`;

const UNKNOWN = 'UNDECIDABLE missing-inventory: the labels of the namespace `web`';

for (const [selector, inPart, inWhole] of [
  ['{matchLabels: {team: a}}', UNKNOWN, 'DENIED policy'],
  ['{matchExpressions: [{key: team, operator: DoesNotExist}]}', UNKNOWN, 'ALLOWED policy'],
  ['{matchExpressions: [{key: team, operator: NotIn, values: [a]}]}', UNKNOWN, 'ALLOWED policy'],
  ['{matchLabels: {kubernetes.io/metadata.name: web}}', 'ALLOWED policy', 'ALLOWED policy'],
  ['{matchLabels: {kubernetes.io/metadata.name: other}}', 'DENIED policy', 'DENIED policy'],
  [
    '{matchLabels: {kubernetes.io/metadata.name: other, team: a}}',
    'DENIED policy',
    'DENIED policy',
  ],
  ['{}', 'ALLOWED policy', 'ALLOWED policy'],
] as const) {
  test(`row 46: ${selector} of a namespace that only pods name`, () => {
    assert.equal(asker(admitting(selector))('web/web', 'db/db', 80), inPart);
    assert.equal(asker(admitting(selector), { complete: true })('web/web', 'db/db', 80), inWhole);
    const known = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n---\n';
    assert.equal(asker(known + admitting(selector))('web/web', 'db/db', 80), inWhole);
  });
}

test('row 46: a policy of the admin tiers may select a pod of such a namespace, or not', () => {
  const ask = asker(`${WEB_AND_DB}
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: shut}
spec: {priority: 1, subject: {namespaces: {matchLabels: {team: a}}}, ingress: [{name: all, action: Deny, from: [{namespaces: {}}]}]}
`);
  assert.equal(
    ask('web/web', 'db/db', 80),
    'UNDECIDABLE missing-inventory: the labels of the namespace `db`',
  );
  assert.equal(ask('203.0.113.1', 'db/db', 80), 'ALLOWED default-allow');
});

const NAMES = `${WEB_AND_DB}
apiVersion: v1
kind: Service
metadata: {name: db, namespace: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: db}
spec: {type: ExternalName, externalName: pg.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: inner, namespace: db}
spec: {type: ExternalName, externalName: db.db.svc.cluster.local}
---
apiVersion: v1
kind: Service
metadata: {name: fixed, namespace: db}
spec: {ports: [{name: pg, port: 5432}, {name: web, port: 80}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: fixed, namespace: db}
subsets: [{addresses: [{ip: 10.1.0.2}], ports: [{name: pg, port: 5432}]}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: pg, namespace: db}
spec: {replicas: 3, template: {metadata: {labels: {app: pg}}, spec: {containers: []}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: db}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: web}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{}]}
`;

for (const name of [
  'db.db.svc',
  'db.db.svc.cluster.local',
  'db.db.svc.corp.example.',
  'DB.db.SVC',
  'db.db',
  'db.db.db',
  'db.db.db.svc.cluster.local',
  '_pg._tcp.db.db.svc.cluster.local',
  '10-1-0-2.db.pod.cluster.local',
  '10-1-0-2.db.pod',
  'domain:db.db.svc.cluster.local',
  'EXTERNAL:db.db.svc.cluster.local',
  'pg-1.db.db.svc.cluster.local',
  'db/pg-2',
  'svc:db/inner',
  'svc:db/fixed',
]) {
  test(`row 47: ${name} is what it names in the cluster, not an address outside`, () => {
    assert.equal(asker(NAMES)('web/web', name, 5432), 'DENIED policy');
  });
}

test('row 19: an ExternalName lacks the address of its name, a Service says which ports it has, and endpoints which they answer', () => {
  const ask = asker(NAMES);
  assert.equal(ask('db/db', 'svc:db/alias', 5432), 'ALLOWED default-allow');
  const shut = asker(
    NAMES.replace('egress: [{}]', 'egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}]'),
  );
  assert.equal(
    shut('web/web', 'svc:db/alias', 5432),
    'UNDECIDABLE unresolved-peer: the address of `pg.example.com`',
  );
  assert.match(
    ask('web/web', 'svc:db/fixed', 81),
    /the Service `db\/fixed` has no port TCP 81, but TCP 5432, TCP 80$/,
  );
  assert.match(
    ask('web/web', 'svc:db/fixed', 80),
    /a pod behind the Service `db\/fixed` at port 80/,
  );
  assert.match(ask('web/web', '10-1-0-9.db.pod', 80), /the pod of namespace `db` at `10.1.0.9`/);
});

const NODE_PORT = `
apiVersion: v1
kind: Node
metadata: {name: a}
status: {addresses: [{type: InternalIP, address: 10.0.0.1}]}
---
apiVersion: v1
kind: Node
metadata: {name: b}
status: {addresses: [{type: InternalIP, address: 10.0.0.2}]}
---
${pod('web', 'spec: {nodeName: a}\nstatus: {podIP: 10.1.0.1}')}
apiVersion: v1
kind: Service
metadata: {name: web, namespace: web}
spec: {type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: web}
spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}
`;

test('row 20: externalTrafficPolicy Local keeps the address of the client, and leads to pods of the node alone', () => {
  const ask = asker(NODE_PORT);
  assert.equal(ask('192.0.2.7', 'NODE:a', 30_080), 'ALLOWED policy');
  assert.equal(ask('198.51.100.7', '10.0.0.1', 30_080), 'DENIED policy');
  assert.match(
    ask('192.0.2.7', 'NODE:b', 30_080),
    /on node `b`, which hands on to its own pods alone/,
  );
  const cluster = asker(NODE_PORT.replace('externalTrafficPolicy: Local, ', ''));
  assert.equal(
    cluster('198.51.100.7', 'NODE:b', 30_080),
    'UNDECIDABLE undefined-snat: whether the source address is kept on the way through a node: from `198.51.100.7` DENIED, from node `a` ALLOWED, from node `b` DENIED',
  );
});
