import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Action,
  compile,
  connectivityMap,
  DEFAULT_MODES,
  explainerOf,
  formatMapPeer,
  type Policy,
  type Reason,
  reasonText,
} from '../../../src/netpol/index.js';
import type { Explanation } from '../../../src/netpol/list/explanation.js';
import {
  adminPolicy,
  anyPod,
  baselinePolicy,
  block,
  facts,
  labelled,
  namespace,
  networkPolicy,
  pod,
  podsLabelled,
  service,
  tcp,
} from '../evaluation/build.js';

const REASON: Reason = {
  direction: 'INGRESS',
  tier: 'NETWORK_POLICY',
  policy: { kind: 'NetworkPolicy', namespace: 'shop', name: 'api' },
  rule: { index: 2, name: null, action: 'ALLOW' },
  place: { file: 'api.yaml', line: 3, column: 5 },
};

test('a reason names policy, rule and place as far as they are known', () => {
  const admin = { kind: 'ClusterNetworkPolicy', namespace: null, name: 'guard' };
  const TEXTS: readonly (readonly [Partial<Reason>, string])[] = [
    [{}, 'NetworkPolicy shop/api ALLOW by rule spec.ingress[2] (api.yaml:3:5)'],
    [
      {
        direction: 'EGRESS',
        tier: 'ADMIN',
        policy: admin,
        rule: { index: 0, name: 'no telnet', action: 'DENY' },
      },
      'ClusterNetworkPolicy guard DENY by rule spec.egress[0] `no telnet` (api.yaml:3:5)',
    ],
    [
      { rule: null },
      'NetworkPolicy shop/api selects it, and none of its rules matches (api.yaml:3:5)',
    ],
    [
      { place: { file: null, line: 1, column: 2 } },
      'NetworkPolicy shop/api ALLOW by rule spec.ingress[2] (-:1:2)',
    ],
  ];
  for (const [parts, text] of TEXTS) assert.equal(reasonText({ ...REASON, ...parts }), text);
});

const there = facts({
  namespaces: [namespace('shop')],
  pods: [
    pod('shop/web'),
    pod('shop/api-1', {
      labels: { app: 'api' },
      workload: { kind: 'ReplicaSet', name: 'api' },
    }),
    pod('shop/api-2', {
      labels: { app: 'other' },
      workload: { kind: 'ReplicaSet', name: 'api' },
    }),
  ],
});

/** Explanations of all rows, by `source destination`. */
function explained(...policies: readonly Policy[]): ReadonlyMap<string, Explanation> {
  const compiled = compile(there, policies, DEFAULT_MODES);
  const explain = explainerOf(compiled);
  return new Map(
    [...connectivityMap(compiled)].map(row => [
      `${formatMapPeer(row.source)} ${formatMapPeer(row.destination)}`,
      explain(row),
    ]),
  );
}

/** `policy rule: ports, addresses`, and `-` where no policy decides. */
const told = (deciders: Explanation['egress'] | undefined) =>
  deciders?.map(({ reason, conn, ranges }) => {
    const who = reason === null ? '-' : `${reason.policy.name} ${reason.rule?.index}`;
    return `${who}: ${[conn, ...(ranges ?? [])].join(', ')}`;
  });

const WEB_TO_API = 'shop/web[Deployment] shop/api[ReplicaSet]';
const ALL = 'All Connections';

test('a pair is explained by each rule that allows some of its ports, once, and by the ports', () => {
  const rows = explained(
    networkPolicy({
      name: 'api',
      pods: labelled({ app: 'api' }),
      ingress: [
        { peers: [podsLabelled({ app: 'web' })], ports: [tcp(1), tcp(3), tcp(4)] },
        { peers: [anyPod], ports: [tcp(4), tcp(5)] },
        { peers: [block('10.0.0.0/8')], ports: [tcp(7)] },
      ],
    }),
  );
  assert.deepEqual(told(rows.get(WEB_TO_API)?.ingress), ['api 0: TCP 1,3-4', 'api 1: TCP 4-5']);
  assert.deepEqual(told(rows.get(WEB_TO_API)?.egress), ['-: TCP 1,3-5']);
  const back = rows.get('shop/api[ReplicaSet] shop/web[Deployment]');
  assert.deepEqual([told(back?.egress), told(back?.ingress)], [[`-: ${ALL}`], [`-: ${ALL}`]]);
  const outside = rows.get('10.0.0.0-10.255.255.255 shop/api[ReplicaSet]');
  assert.deepEqual(told(outside?.ingress), ['api 2: TCP 7']);
  assert.deepEqual(told(outside?.egress), ['-: TCP 7']);
});

test('a range is explained by the addresses that each rule decides, where rules differ', () => {
  const rows = explained(
    networkPolicy({
      name: 'out',
      pods: labelled({ app: 'web' }),
      egress: [
        { peers: [block('10.0.0.0/9')] },
        { peers: [block('10.128.0.0/10'), block('10.192.0.0/10')] },
        { peers: [block('10.0.0.0/8')], ports: [tcp(80)] },
        { peers: [block('10.64.0.0/10', '10.64.1.0/24'), block('10.200.0.0/16')], ports: [tcp(1)] },
        { peers: [block('2001:db8::/33'), block('2001:db8:8000::/33')] },
        { peers: [block('2001:db8:8000::/33')], ports: [tcp(80)] },
      ],
    }),
  );
  const v4 = rows.get('shop/web[Deployment] 10.0.0.0-10.255.255.255');
  assert.deepEqual(told(v4?.egress), [
    `out 0: ${ALL}, 10.0.0.0-10.127.255.255`,
    'out 2: TCP 80',
    'out 3: TCP 1, 10.64.0.0-10.64.0.255, 10.64.2.0-10.127.255.255, 10.200.0.0-10.200.255.255',
    `out 1: ${ALL}, 10.128.0.0-10.255.255.255`,
  ]);
  assert.deepEqual(told(v4?.ingress), [`-: ${ALL}`]);
  const v6 = rows.get('shop/web[Deployment] 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff');
  const half = '2001:db8:8000::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff';
  assert.deepEqual(told(v6?.egress), [`out 4: ${ALL}`, `out 5: TCP 80, ${half}`]);
});

test('what an admin rule decides, passes on and leaves to the default is told apart', () => {
  const web = labelled({ app: 'web' });
  const [allow, pass] = [Action.ALLOW, Action.PASS];
  const admin = adminPolicy({
    name: 'admin',
    pods: web,
    egress: [
      { action: allow, peers: [anyPod], ports: [tcp(1)] },
      { action: pass, peers: [anyPod], ports: [tcp(1, 2)] },
    ],
  });
  const below = baselinePolicy({
    name: 'below',
    pods: web,
    egress: [{ action: allow, peers: [anyPod], ports: [tcp(2, 3)] }],
  });
  const rest = 'SCTP 1-65535,TCP 4-65535,UDP 1-65535';
  assert.deepEqual(told(explained(admin, below).get(WEB_TO_API)?.egress), [
    'admin 0: TCP 1',
    'admin 1: TCP 2',
    'below 0: TCP 2-3',
    `-: ${rest}`,
  ]);
  const network = networkPolicy({ name: 'own', pods: web, egress: [{ ports: [tcp(2, 9)] }] });
  assert.deepEqual(told(explained(admin, below, network).get(WEB_TO_API)?.egress), [
    'admin 0: TCP 1',
    'admin 1: TCP 2',
    'own 0: TCP 2-9',
  ]);
});

test('where rules decide every port nothing is left to the default', () => {
  const ports = (['TCP', 'UDP', 'SCTP'] as const).map(protocol => ({
    ...tcp(1, 65_535),
    protocol,
  }));
  const below = baselinePolicy({
    name: 'below',
    pods: labelled({ app: 'web' }),
    egress: [{ action: Action.ALLOW, peers: [anyPod], ports }],
  });
  assert.deepEqual(told(explained(below).get(WEB_TO_API)?.egress), [`below 0: ${ALL}`]);
});

test('a row with the ingress controller is explained by the rules of its backend', () => {
  const there = facts({
    pods: [pod('shop/api', { ports: [{ name: 'http', port: 80, protocol: 'TCP' }] })],
    services: [service()],
    routes: [
      {
        kind: 'Ingress',
        namespace: 'shop',
        name: 'shop',
        backends: [{ namespace: 'shop', service: 'api', port: 80 }],
      },
    ],
  });
  const own = networkPolicy({
    name: 'own',
    ingress: [
      { peers: [anyPod] },
      { ports: [tcp(80)] },
      { peers: [{ kind: 'pods', namespaces: labelled({}), pods: labelled({ app: 'x' }) }] },
    ],
  });
  const compiled = compile(there, [own], DEFAULT_MODES);
  const row = [...connectivityMap(compiled)].find(
    ({ source }) => source.kind === 'ingress-controller',
  );
  assert.ok(row);
  const { egress, ingress } = explainerOf(compiled)(row);
  assert.deepEqual(
    [told(egress), told(ingress)],
    [['-: TCP 80'], ['own 0: TCP 80', 'own 1: TCP 80']],
  );
});

test('the first replica is the one whose rules explain its owner', () => {
  const rows = explained(
    networkPolicy({ name: 'first', pods: labelled({ app: 'api' }), ingress: [{}] }),
    networkPolicy({ name: 'second', pods: labelled({ app: 'other' }), ingress: [{}] }),
    networkPolicy({ name: 'web', pods: labelled({ app: 'web' }), egress: [{}] }),
  );
  assert.deepEqual(told(rows.get(WEB_TO_API)?.ingress), [`first 0: ${ALL}`]);
  assert.deepEqual(told(rows.get(WEB_TO_API)?.egress), [`web 0: ${ALL}`]);
});
