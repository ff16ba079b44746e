import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
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
  anyPod,
  block,
  facts,
  labelled,
  namespace,
  networkPolicy,
  pod,
  podsLabelled,
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

const rulesOf = (reasons: readonly Reason[] | undefined) =>
  reasons?.map(({ policy, rule }) => `${policy.name} ${rule?.index}`);

const WEB_TO_API = 'shop/web[Deployment] shop/api[ReplicaSet]';

test('a pair is explained by each rule that allows some of its ports, once', () => {
  const rows = explained(
    networkPolicy({
      name: 'api',
      pods: labelled({ app: 'api' }),
      ingress: [
        { peers: [podsLabelled({ app: 'web' })], ports: [tcp(1), tcp(3)] },
        { peers: [anyPod], ports: [tcp(5)] },
        { peers: [block('10.0.0.0/8')], ports: [tcp(7)] },
      ],
    }),
  );
  assert.deepEqual(rulesOf(rows.get(WEB_TO_API)?.ingress), ['api 0', 'api 1']);
  assert.deepEqual(rows.get(WEB_TO_API)?.egress, []);
  const back = rows.get('shop/api[ReplicaSet] shop/web[Deployment]');
  assert.deepEqual(back, { egress: [], ingress: [] });
  const outside = rows.get('10.0.0.0-10.255.255.255 shop/api[ReplicaSet]');
  assert.deepEqual(rulesOf(outside?.ingress), ['api 2']);
});

test('the first replica is the one whose rules explain its owner', () => {
  const rows = explained(
    networkPolicy({ name: 'first', pods: labelled({ app: 'api' }), ingress: [{}] }),
    networkPolicy({ name: 'second', pods: labelled({ app: 'other' }), ingress: [{}] }),
    networkPolicy({ name: 'web', pods: labelled({ app: 'web' }), egress: [{}] }),
  );
  assert.deepEqual(rulesOf(rows.get(WEB_TO_API)?.ingress), ['first 0']);
  assert.deepEqual(rulesOf(rows.get(WEB_TO_API)?.egress), ['web 0']);
});
