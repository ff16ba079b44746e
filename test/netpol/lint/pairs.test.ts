import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Action,
  DEFAULT_MODES,
  type Facts,
  lint,
  type PodFact,
  type Policy,
  type PortMatch,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  facts,
  labelled,
  namespaceNamed,
  networkPolicy,
  pod,
  podsLabelled,
  portNamed,
  tcp,
  udp,
} from '../evaluation/build.js';

type Modes = Partial<typeof DEFAULT_MODES>;

const found = (
  rule: string,
  there: Partial<Facts>,
  policies: readonly Policy[],
  modes: Modes = {},
): readonly string[] =>
  lint(facts(there), policies, { modes: { ...DEFAULT_MODES, ...modes }, problems: [] })
    .filter(finding => finding.rule === rule)
    .map(({ message }) => message);

const http = { name: 'http', protocol: 'TCP', port: 80 } as const;

const dnsPod = (parts: Partial<PodFact>): PodFact =>
  pod('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' }, ...parts });

test('DNS is asked on the port that its pods declare, 5353 outside OpenShift as well', () => {
  const server = dnsPod({ ports: [{ name: 'dns', protocol: 'UDP', port: 5353 }] });
  const asking = (port: number) =>
    found('dns-closed', { pods: [pod('shop/web'), server] }, [
      networkPolicy({
        egress: [{ peers: [namespaceNamed('kube-system')], ports: [udp(port), tcp(port)] }],
      }),
    ]);
  assert.deepEqual(asking(5353), []);
  const [message, ...others] = asking(53);
  assert.match(message ?? '', /^`shop\/web\[Deployment\]` cannot ask DNS .* on port 5353$/);
  assert.deepEqual(others, []);
});

test('closed DNS is told of pods whose egress a policy isolates, and of no others', () => {
  // It holds the address of the cache on the nodes, so that this is closed as well.
  const server = dnsPod({ addresses: ['169.254.20.10'] });
  const closed = networkPolicy({ namespace: 'kube-system', ingress: [] });
  const asking = (web: PodFact, ...policies: readonly Policy[]) =>
    found('dns-closed', { pods: [web, server] }, [closed, ...policies]).length;
  const open = networkPolicy({ egress: [{}] });
  assert.equal(asking(pod('shop/web')), 0);
  assert.equal(asking(pod('shop/web'), open), 1);
  assert.equal(asking(pod('shop/web', { hostNetwork: true }), open), 0);
});

const closedTo = (app: string) =>
  networkPolicy({ name: 'closed', pods: labelled({ app }), ingress: [] });

const opening = (ports: readonly PortMatch[] | null = null) =>
  networkPolicy({
    name: 'opening',
    pods: labelled({ app: 'web' }),
    egress: [{ peers: [podsLabelled({ app: 'api' })], ports }],
  });

const RULE = 'half-open-pair';

test('a rule that opens a named port opens it in its protocol, or in each where it has none', () => {
  const ports = [
    { name: 'http', protocol: 'TCP', port: 8080 },
    { name: 'http', protocol: 'UDP', port: 8081 },
    { name: 'admin', protocol: 'TCP', port: 9090 },
  ] as const;
  const pods = [pod('shop/web'), pod('shop/api', { ports })];
  for (const [protocol, targets] of [
    ['TCP', 'TCP 8080'],
    ['UDP', 'UDP 8081'],
    [null, 'TCP 8080,UDP 8081'],
  ] as const) {
    const policies = [opening([portNamed('http', protocol)]), closedTo('api')];
    const [message = ''] = found(RULE, { pods }, policies);
    assert.ok(message.includes(` => shop/api[Deployment] ${targets}\`, but`), targets);
  }
});

test('a rule is told of only where the other end closes every port that it opens', () => {
  const pods = [pod('shop/web'), pod('shop/api')];
  const told = (...ports: readonly PortMatch[]) =>
    found(RULE, { pods }, [
      opening(ports),
      networkPolicy({ pods: labelled({ app: 'api' }), ingress: [{ ports: [tcp(80)] }] }),
    ]).length;
  assert.equal(told(tcp(80), tcp(81)), 0);
  assert.equal(told(tcp(81), tcp(82)), 1);
});

test('a pair that an admin policy closes at the rule’s own end is not half open', () => {
  const pods = [pod('shop/web'), pod('shop/api', { ports: [http] })];
  const denied = adminPolicy({ egress: [{ action: Action.DENY, peers: [anyPod] }] });
  assert.equal(found(RULE, { pods }, [opening(), closedTo('api')]).length, 1);
  assert.deepEqual(found(RULE, { pods }, [opening(), closedTo('api'), denied]), []);
});

test('a pod on the host network is half of a pair only where policies select it', () => {
  const pods = [
    pod('shop/web', { hostNetwork: true, node: 'a' }),
    pod('shop/api', { ports: [http], node: 'b' }),
  ];
  const told = (hostNetwork: 'nodes' | 'pods') =>
    found(RULE, { pods }, [opening(), closedTo('api')], { hostNetwork }).length;
  assert.equal(told('nodes'), 0);
  assert.equal(told('pods'), 1);
});

/** One workload each, with one port and the role that the rule opens. */
const workers = (count: number): readonly PodFact[] =>
  Array.from({ length: count }, (_, at) =>
    pod(`shop/worker-${at}`, { labels: { role: 'worker' }, ports: [http] }),
  );

const toWorkers = networkPolicy({
  pods: labelled({ app: 'web' }),
  egress: [{ peers: [podsLabelled({ role: 'worker' })] }],
});

test('three closed pairs are named, and no more are looked for', () => {
  const closed = networkPolicy({ name: 'closed', pods: labelled({ role: 'worker' }), ingress: [] });
  const pods = [pod('shop/web'), ...workers(4)];
  const [message = ''] = found(RULE, { pods }, [toWorkers, closed]);
  assert.equal(message.match(/ => shop\/worker-\d/g)?.length, 3);
  assert.doesNotMatch(message, / more/);
});

test('a rule that opens a hundred pairs is left alone; no pod makes a pair with itself', () => {
  const senders = Array.from({ length: 10 }, (_, at) =>
    pod(`shop/web-${at}`, { labels: { app: 'web', ...(at === 0 ? { role: 'worker' } : {}) } }),
  );
  const shut = pod('shop/shut', { labels: { app: 'shut', role: 'worker' }, ports: [http] });
  // The closed pairs come last in one order and first in the other. A sender that is a worker makes nine.
  const told = (open: number) =>
    [
      [shut, ...workers(open), ...senders],
      [...senders, ...workers(open), shut],
    ].map(pods => found(RULE, { pods }, [toWorkers, closedTo('shut')]).length);
  assert.deepEqual(told(9), [1, 1]);
  assert.deepEqual(told(10).toSorted(), [0, 1]);
});

test('ports for metrics go by the word as a whole, and only where there is a Prometheus', () => {
  const named = (name: string) => [
    pod('shop/web', { ports: [{ name, protocol: 'TCP', port: 9100 }] }),
  ];
  const prometheus = pod('monitoring/prometheus');
  const told = (pods: readonly PodFact[]) =>
    found('metrics-closed', { pods }, [networkPolicy({ ingress: [] })]).length;
  assert.equal(told([...named('metrics'), prometheus]), 1);
  assert.equal(told([...named('biometrics'), prometheus]), 0);
  assert.equal(told(named('metrics')), 0);
});
