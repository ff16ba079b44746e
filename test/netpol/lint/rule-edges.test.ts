import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Action,
  DEFAULT_MODES,
  type Facts,
  lint,
  type Peer,
  type Policy,
  type Selector,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  block,
  facts,
  labelled,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
  service,
} from '../evaluation/build.js';

const found = (rule: string, there: Partial<Facts>, ...policies: readonly Policy[]) =>
  lint(facts(there), policies, { modes: DEFAULT_MODES, problems: [] })
    .filter(finding => finding.rule === rule)
    .map(({ message }) => message);

const from = (...peers: readonly ReturnType<typeof block>[]) =>
  networkPolicy({ ingress: [{ peers }] });

test('a length of zero means every address, however many zeros it is written with', () => {
  const rule = 'ip-block-everything';
  for (const cidr of ['0.0.0.0/0', '0.0.0.0/00', '::/0']) {
    assert.equal(found(rule, {}, from(block(cidr))).length, 1, cidr);
  }
  for (const cidr of ['10.0.0.0/10', '10.0.0.0/20', '0.0.0.0/1']) {
    assert.equal(found(rule, {}, from(block(cidr))).length, 0, cidr);
  }
});

test('an exception is without effect beside one that holds it, before it or after it', () => {
  const rule = 'except-without-effect';
  const [small, large] = ['10.1.0.0/16', '10.0.0.0/12'];
  for (const excepts of [
    [small, large],
    [large, small],
    [small, small],
  ]) {
    const told = found(rule, {}, from(block('10.0.0.0/8', ...excepts)));
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /`10\.1\.0\.0\/16`/);
  }
  assert.deepEqual(found(rule, {}, from(block('10.0.0.0/8', small, '10.2.0.0/16'))), []);
});

test('a pod whose address cannot be read is in no block', () => {
  const pods = [pod('shop/a', { addresses: ['nowhere'] })];
  assert.deepEqual(
    found('ip-block-on-pods', { pods }, from(block('::/64'), block('0.0.0.0/8'))),
    [],
  );
});

test('a closed Service names each of its ports on the pods', () => {
  const named = (key: string, port: number) =>
    pod(key, { labels: { app: 'api' }, ports: [{ name: 'http', protocol: 'TCP', port }] });
  const there = { pods: [named('shop/a', 8080), named('shop/b', 8081)], services: [service()] };
  const [message] = found('service-port-closed', there, networkPolicy({ ingress: [] }));
  assert.match(message ?? '', /nobody reaches TCP 8080, 8081 on/);
});

test('what is passed on for some pods that a policy below selects is not passed to nothing', () => {
  const passing = adminPolicy({
    pods: labelled({ app: 'a' }),
    ingress: [{ action: Action.PASS, peers: [anyPod] }],
  });
  const below = (app: string) =>
    networkPolicy({
      pods: { requirements: [{ key: 'app', operator: 'In', values: ['b', app] }] },
      ingress: [],
    });
  const pods = ['shop/a', 'shop/b', 'shop/c'].map(key => pod(key));
  assert.deepEqual(found('admin-pass-to-nothing', { pods }, passing, below('a')), []);
  assert.equal(found('admin-pass-to-nothing', { pods }, passing, below('c')).length, 1);
});

test('a policy that several others cover only together names none of them', () => {
  const allowing = (name: string, ...apps: readonly string[]) =>
    networkPolicy({ name, ingress: apps.map(app => ({ peers: [podsLabelled({ app })] })) });
  assert.deepEqual(
    found(
      'policy-contained',
      {},
      allowing('one', 'a'),
      allowing('two', 'b'),
      allowing('all', 'a', 'b'),
    ),
    ['`NetworkPolicy shop/all` isolates and allows nothing beyond other policies together'],
  );
});

test('a policy that can select no pod does not allow everything', () => {
  const nobody: Selector = {
    requirements: [
      { key: 'app', operator: 'Exists', values: [] },
      { key: 'app', operator: 'DoesNotExist', values: [] },
    ],
  };
  assert.deepEqual(
    found('policy-allows-all', {}, networkPolicy({ pods: nobody, ingress: [{}] })),
    [],
  );
  assert.equal(found('policy-allows-all', {}, networkPolicy({ ingress: [{}] })).length, 1);
});

test('a rule of an admin tier that denies every peer denies its namespaces by default', () => {
  const rule = 'namespace-without-default-deny';
  const there = { pods: [pod('shop/a')] };
  const denying = (...peers: readonly ReturnType<typeof block>[]) =>
    adminPolicy({
      ingress: [{ action: Action.DENY, peers: peers.length === 0 ? null : peers }],
      egress: [{ action: Action.DENY }],
    });
  assert.deepEqual(found(rule, there, denying()), []);
  assert.equal(found(rule, there, denying(podsLabelled({ app: 'a' }))).length, 1);
  assert.equal(found(rule, there, denying(block('0.0.0.0/0'))).length, 1);
});

test('a backend is missing where its Service is, or the port of its Service', () => {
  const pods = [
    pod('shop/api', { ports: [{ name: 'http', protocol: 'TCP', port: 8080 }] }),
    pod('shop/other', { ports: [{ name: 'http', protocol: 'TCP', port: 9090 }] }),
    pod('data/api', { ports: [{ name: 'http', protocol: 'TCP', port: 7070 }] }),
  ];
  const leading = (kind: string, port: number | string | null, name = 'api') =>
    found('route-backend-missing', {
      pods,
      services: [service()],
      routes: [
        {
          kind,
          namespace: 'shop',
          name: 'r',
          backends: [{ namespace: 'shop', service: name, port }],
        },
      ],
    });
  const told = (kind: string, which: string) => [
    `${kind} \`shop/r\` leads to ${which} of Service \`shop/api\`, which has none such`,
  ];
  assert.deepEqual(leading('Ingress', 80), []);
  assert.deepEqual(leading('Ingress', null), []);
  assert.deepEqual(leading('Ingress', 8080), told('Ingress', 'port `8080`'));
  assert.deepEqual(leading('Ingress', 'http'), told('Ingress', 'port `http`'));
  assert.deepEqual(leading('UDPRoute', null), told('UDPRoute', 'a port'));
  assert.deepEqual(leading('Route', 8080), []);
  for (const port of [80, 9090, 7070]) {
    assert.deepEqual(leading('Route', port), told('Route', `port \`${port}\``));
  }
  assert.deepEqual(leading('Ingress', 80, 'gone'), [
    'Ingress `shop/r` leads to Service `shop/gone`, which is not there',
  ]);
});

test('a workload that may reach domain names or nodes is not cut off', () => {
  const closed = adminPolicy({
    name: 'closed',
    priority: 20,
    egress: [{ action: Action.DENY, peers: [anyPod, networks('0.0.0.0/0')] }],
    ingress: [{ action: Action.DENY, peers: [anyPod] }],
  });
  const out = (action: Action, ...peers: readonly Peer[]) =>
    adminPolicy({ egress: [{ action, peers }] });
  const domains: Peer = { kind: 'domain-names', names: ['*.example.com'] };
  const nodes: Peer = { kind: 'nodes', nodes: labelled({}) };
  const pods = [pod('shop/a', { addresses: ['10.0.0.1'] })];
  const cut = (...policies: readonly Policy[]) =>
    found('workload-denied-all', { pods }, closed, ...policies);
  const message = 'all egress of `shop/a[Deployment]` is denied in effect';
  assert.deepEqual(cut(), [message]);
  assert.deepEqual(cut(out(Action.ALLOW, domains)), []);
  assert.deepEqual(cut(out(Action.ALLOW, nodes)), []);
  assert.deepEqual(cut(out(Action.DENY, nodes)), [message]);
  assert.deepEqual(cut(out(Action.ALLOW, podsLabelled({ app: 'gone' }))), [message]);
  assert.deepEqual(cut(out(Action.ALLOW, domains, anyPod)), []);
  const others = networkPolicy({ namespace: 'data', egress: [{ peers: [nodes] }] });
  assert.deepEqual(cut(others), [message]);
});

test('the cure of a missing port says which ports a route may name', () => {
  const hintFor = (kind: string) =>
    lint(
      facts({
        services: [service()],
        routes: [
          {
            kind,
            namespace: 'shop',
            name: 'r',
            backends: [{ namespace: 'shop', service: 'api', port: 1 }],
          },
        ],
      }),
      [],
      { modes: DEFAULT_MODES },
    ).map(({ hint }) => hint);
  assert.deepEqual(hintFor('Ingress'), ['name a port of the Service, not of its pods']);
  assert.deepEqual(hintFor('Route'), [
    'name a port of the Service, or write the number of one on its pods',
  ]);
});
