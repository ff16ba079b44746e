import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, decide, parsePolicies, render } from '../../../src/netpol/index.js';
import { connection, facts, namespace, pod } from '../evaluation/build.js';
import { dns, flow, generated, problemLines, ruleLines, specOf } from './observed.js';

const web = pod('shop/web');
const api = pod('shop/api', { ports: [{ name: 'http', protocol: 'TCP', port: 8080 }] });
const db = pod('data/db');

const yamlOf = (made: ReturnType<typeof generated>): string =>
  render(made.policies.map(({ document }) => document));

test('a flow between two namespaces becomes a rule on both ends, and DNS is opened', () => {
  const made = generated({ pods: [api, db, dns] }, ['shop/api -> data/db TCP 5432']);
  assert.equal(
    yamlOf(made),
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: data
  labels:
    made-by: tests
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: shop
          podSelector:
            matchLabels:
              app: api
      ports:
        - protocol: TCP
          port: 5432
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - protocol: TCP
          port: 53
        - protocol: UDP
          port: 53
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
  labels:
    made-by: tests
spec:
  podSelector:
    matchLabels:
      app: api
  policyTypes:
    - Ingress
    - Egress
  ingress: []
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - protocol: TCP
          port: 53
        - protocol: UDP
          port: 53
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: data
          podSelector:
            matchLabels:
              app: db
      ports:
        - protocol: TCP
          port: 5432
`,
  );
  assert.deepEqual(made.problems, []);
});

test('a peer of the own namespace is named by its labels alone, an address by a block of one', () => {
  const made = generated(
    { pods: [web, api, dns] },
    [
      'shop/web -> shop/api TCP 8080',
      '203.0.113.7 -> shop/api TCP 8080',
      'shop/api -> fd00::7 UDP 9',
    ],
    { subjects: ['shop/api'] },
  );
  assert.deepEqual(specOf(made), {
    podSelector: { matchLabels: { app: 'api' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        from: [{ ipBlock: { cidr: '203.0.113.7/32' } }],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
      {
        from: [{ podSelector: { matchLabels: { app: 'web' } } }],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
            podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          },
        ],
        ports: [
          { port: 53, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
      },
      { to: [{ ipBlock: { cidr: 'fd00::7/128' } }], ports: [{ port: 9, protocol: 'UDP' }] },
    ],
  });
});

test('every flow that got a rule is allowed by the policies that came of it, and no other port', () => {
  const pods = [web, api, db, dns];
  const flows = [
    'shop/web -> shop/api TCP 8080',
    'shop/api -> data/db TCP 5432',
    'shop/web -> 198.51.100.4 TCP 443',
    '203.0.113.7 -> shop/web TCP 443',
    'shop/api -> 192.0.2.0/24 SCTP 9',
  ];
  const { policies } = parsePolicies([{ file: null, text: yamlOf(generated({ pods }, flows)) }]);
  const compiled = compile(facts({ pods }), policies);
  const verdicts = (texts: readonly string[]) =>
    new Set(texts.map(text => decide(compiled, connection(text)).verdict));
  assert.deepEqual(verdicts(flows), new Set(['ALLOWED']));
  assert.deepEqual(verdicts(flows.map(text => text.replace(/\d+$/, '77'))), new Set(['DENIED']));
});

test('ports of one peer make one rule, in order, each once, with all that was seen', () => {
  const made = generated(
    { pods: [web, api, dns] },
    [
      flow('shop/web -> shop/api UDP 90', {
        flows: 2,
        firstSeenAt: '2026-11-03T00:00:00Z',
        lastSeenAt: '2026-11-09T00:00:00Z',
        days: ['2026-11-09', '2026-11-03'],
        events: 5n,
      }),
      flow('shop/web -> shop/api TCP 8080', { days: ['2026-11-03', '2026-11-01'] }),
      flow('shop/web -> shop/api TCP 90'),
      flow('shop/web -> shop/api TCP 90'),
    ],
    { subjects: ['shop/api'] },
  );
  const [rule] = made.policies[0]?.rules ?? [];
  assert.deepEqual(rule, {
    direction: 'INGRESS',
    origin: 'OBSERVED',
    peer: 'shop/web',
    ports: ['TCP 90', 'TCP 8080', 'UDP 90'],
    evidence: {
      flows: 5,
      firstSeenAt: '2026-11-01T00:00:00Z',
      lastSeenAt: '2026-11-09T00:00:00Z',
      days: ['2026-11-01', '2026-11-03', '2026-11-09'],
      events: 8n,
    },
  });
});

test('rules stand ingress first, then egress with DNS first, then by name', () => {
  const made = generated(
    { pods: [web, api, db, dns] },
    [
      'shop/api -> shop/web TCP 1',
      'shop/api -> data/db TCP 2',
      'shop/web -> shop/api TCP 3',
      'data/db -> shop/api TCP 4',
    ],
    { subjects: ['shop/api'] },
  );
  assert.deepEqual(ruleLines(made), [
    'shop/api: ingress data/db TCP 4',
    'shop/api: ingress shop/web TCP 3',
    'shop/api: egress DNS TCP 53, UDP 53',
    'shop/api: egress data/db TCP 2',
    'shop/api: egress shop/web TCP 1',
  ]);
});

test('an observed DNS query is part of the DNS rule, and is its evidence', () => {
  const made = generated({ pods: [api, dns] }, ['shop/api -> kube-system/coredns UDP 53'], {
    subjects: ['shop/api'],
  });
  assert.deepEqual(ruleLines(made), ['shop/api: egress DNS TCP 53, UDP 53']);
  assert.equal(made.policies[0]?.rules[0]?.evidence?.flows, 1);
  assert.deepEqual(
    ruleLines(
      generated({ pods: [api, dns] }, ['kube-system/coredns -> shop/api TCP 9'], {
        subjects: ['shop/api'],
      }),
    ),
    ['shop/api: ingress kube-system/coredns TCP 9', 'shop/api: egress DNS TCP 53, UDP 53'],
  );
});

test('traffic of a workload with itself becomes a rule in both directions', () => {
  const made = generated({ pods: [api, dns] }, ['shop/api -> shop/api TCP 7000']);
  assert.deepEqual(ruleLines(made), [
    'shop/api: ingress shop/api TCP 7000',
    'shop/api: egress DNS TCP 53, UDP 53',
    'shop/api: egress shop/api TCP 7000',
  ]);
});

const MANY = [1024, 29501, 29502, 29503, 29504].map(port => `shop/web -> shop/api TCP ${port}`);

test('many undeclared ports of a peer stay the ports that were seen, with a warning', () => {
  const made = generated({ pods: [web, api, dns] }, MANY, { subjects: ['shop/api'] });
  assert.equal(
    ruleLines(made)[0],
    'shop/api: ingress shop/web TCP 1024, TCP 29501, TCP 29502, TCP 29503, TCP 29504',
  );
  assert.deepEqual(problemLines(made), [
    'MANY_PORTS `shop/web` to `shop/api`: 5 TCP ports were used, which no container or Service declares; the rule opens these and no other',
  ]);
});

test('inside one training job five undeclared ports open the whole protocol, four do not', () => {
  const [one, other] = ['shop/web', 'shop/api'].map(key =>
    pod(key, { labels: { app: key.slice(5), 'training.kubeflow.org/job-name': 'llm' } }),
  );
  const of = (flows: readonly string[]) =>
    generated({ pods: [...(one && other ? [one, other] : []), dns] }, flows, {
      subjects: ['shop/api'],
    });
  assert.equal(
    ruleLines(of([...MANY, 'shop/web -> shop/api UDP 5000']))[0],
    'shop/api: ingress shop/web TCP, UDP 5000',
  );
  assert.deepEqual(problemLines(of(MANY)), [
    'DYNAMIC_PORTS `shop/web` to `shop/api`: 5 undeclared ports were used inside one job, which takes new ones for each run; the rule opens every TCP port between them',
  ]);
  assert.equal(of(MANY).problems[0]?.hint, 'declare the container ports where they are fixed');
  assert.deepEqual(specOf(of(MANY))?.ingress, [
    {
      from: [{ podSelector: { matchLabels: { app: 'web' } } }],
      ports: [{ protocol: 'TCP' }],
    },
  ]);
  const four = [1023, 1024, 1025, 1026, 1027].map(port => `shop/web -> shop/api TCP ${port}`);
  assert.equal(
    ruleLines(of(four))[0],
    'shop/api: ingress shop/web TCP 1023, TCP 1024, TCP 1025, TCP 1026, TCP 1027',
  );
});

test('whole protocols are counted each for itself', () => {
  const flows = [1, 2, 3].flatMap(port =>
    ['TCP', 'UDP'].map(protocol => `shop/web -> shop/api ${protocol} ${2000 + port}`),
  );
  const made = generated({ pods: [web, api, dns] }, flows, { subjects: ['shop/api'] });
  assert.deepEqual(made.problems, []);
});

test('a port of the ephemeral range that nobody declares is opened with a warning', () => {
  const of = (port: number, declared: number) => {
    const server = pod('shop/api', { ports: [{ name: '', protocol: 'TCP', port: declared }] });
    return generated({ pods: [web, server, dns] }, [`shop/web -> shop/api TCP ${port}`], {
      subjects: ['shop/api'],
    });
  };
  const made = of(32_768, 80);
  assert.deepEqual(problemLines(made), [
    'EPHEMERAL_PORT the rule of `shop/api` for `shop/web` opens TCP 32768, which no container or Service declares',
  ]);
  assert.deepEqual(made.problems[0]?.hint, 'check that it is not the reply of a connection');
  assert.deepEqual(problemLines(of(32_767, 80)), []);
  assert.deepEqual(problemLines(of(32_768, 32_768)), []);
});

test('a port that the peer declares is no dynamic or ephemeral one', () => {
  const server = pod('data/db', { ports: [{ name: '', protocol: 'TCP', port: 40_000 }] });
  const made = generated({ pods: [api, server, dns] }, ['shop/api -> data/db TCP 40000'], {
    subjects: ['shop/api'],
  });
  assert.deepEqual(made.problems, []);
});

test('pods of a namespace that OpenShift marks for ingress controllers are named by that mark', () => {
  const router = pod('openshift-ingress/router');
  const made = generated(
    {
      pods: [router, api, dns],
      namespaces: [
        namespace('openshift-ingress', { 'network.openshift.io/policy-group': 'ingress' }),
      ],
    },
    ['openshift-ingress/router -> shop/api TCP 8080'],
    { subjects: ['shop/api'] },
  );
  assert.deepEqual(specOf(made)?.ingress, [
    {
      from: [
        { namespaceSelector: { matchLabels: { 'network.openshift.io/policy-group': 'ingress' } } },
      ],
      ports: [{ port: 8080, protocol: 'TCP' }],
    },
  ]);
});

test('the result does not depend on the order of pods, subjects and flows', () => {
  const pods = [web, api, db, dns];
  const flows = ['shop/web -> shop/api TCP 8080', 'shop/api -> data/db TCP 5432'];
  assert.deepEqual(
    generated({ pods: pods.toReversed() }, flows.toReversed()),
    generated({ pods }, flows),
  );
});

test('a DNS query to one of several DNS workloads is evidence of the rule for all of them', () => {
  const more = pod('kube-system/local', { labels: { 'k8s-app': 'kube-dns', app: 'local' } });
  const made = generated({ pods: [api, dns, more] }, ['shop/api -> kube-system/local UDP 53'], {
    subjects: ['shop/api'],
  });
  assert.deepEqual(ruleLines(made), ['shop/api: egress DNS TCP 53, UDP 53']);
  assert.equal(made.policies[0]?.rules[0]?.evidence?.events, 1n);
});

test('evidence runs from the earliest to the latest, in whichever order flows come', () => {
  const early = flow('shop/web -> shop/api TCP 1', {
    firstSeenAt: '2026-11-01T00:00:00Z',
    lastSeenAt: '2026-11-09T00:00:00Z',
  });
  const late = flow('shop/web -> shop/api TCP 2', {
    firstSeenAt: '2026-11-05T00:00:00Z',
    lastSeenAt: '2026-11-06T00:00:00Z',
  });
  for (const flows of [
    [early, late],
    [late, early],
  ]) {
    const made = generated({ pods: [web, api, dns] }, flows, { subjects: ['shop/api'] });
    const { firstSeenAt, lastSeenAt } = made.policies[0]?.rules[0]?.evidence ?? {};
    assert.deepEqual([firstSeenAt, lastSeenAt], ['2026-11-01T00:00:00Z', '2026-11-09T00:00:00Z']);
  }
});
