import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompiledRule } from '../../../src/netpol/compile/compiled-rule.js';
import { selectsEverything } from '../../../src/netpol/compile/select.js';
import {
  Action,
  compile,
  EVERYTHING,
  type Peer,
  SelectorOperator,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  block,
  facts,
  labelled,
  namespaceNamed,
  networks,
  pod,
  podsLabelled,
} from '../evaluation/build.js';

const pods = [
  pod('default/a', { addresses: ['10.0.0.1'] }),
  pod('shop/a', { addresses: ['10.0.0.2'] }),
  pod('shop/b'),
];

function ruleFor(peers: readonly Peer[] | null, action: Action = Action.ALLOW): CompiledRule {
  const { policies } = compile(facts({ pods }), [
    adminPolicy({ ingress: [{ peers, action }] }),
  ]).engine;
  const [rule] = policies[0]?.rules.INGRESS ?? [];
  if (rule === undefined) throw new Error('no rule');
  return rule;
}

/** Whom the rule means, each kind of peer by the classes that it holds. */
const meant = ({ action, everyone, allPods, nodes, domains, ...kinds }: CompiledRule) => ({
  action,
  everyone,
  allPods,
  pods: kinds.pods.map(({ classes }) => [...classes]),
  ipBlocks: kinds.ipBlocks.map(({ classes }) => [...classes]),
  networks: kinds.networks.map(({ classes }) => [...classes]),
  nodes: [...nodes],
  domains: [...domains],
});

const NOBODY = {
  action: 'ALLOW',
  everyone: false,
  allPods: false,
  pods: [],
  ipBlocks: [],
  networks: [],
  nodes: [],
  domains: [],
};
const NODES = labelled({ role: 'a' });

const CASES: readonly (readonly [string, readonly Peer[] | null, object])[] = [
  ['no list of peers', null, { everyone: true }],
  ['an empty list', [], {}],
  ['all pods of all namespaces', [anyPod], { allPods: true }],
  ['all pods, and some', [anyPod, podsLabelled({ app: 'a' })], { allPods: true, pods: [[0]] }],
  [
    'some pods of all namespaces',
    [{ kind: 'pods', namespaces: EVERYTHING, pods: labelled({ app: 'a' }) }],
    { pods: [[0, 1]] },
  ],
  ['all pods of one namespace', [namespaceNamed('shop')], { pods: [[1, 2]] }],
  ['all pods of the own namespace', [podsLabelled({})], { pods: [[0]] }],
  [
    'blocks of either kind',
    [block('10.0.0.0/8', '10.0.0.1/32'), networks('10.0.0.1/32', '10.0.0.2/32')],
    { ipBlocks: [[1]], networks: [[0, 1]] },
  ],
  [
    'nodes and names',
    [
      { kind: 'nodes', nodes: NODES },
      { kind: 'domain-names', names: ['a.example', 'b.example'] },
    ],
    { nodes: [NODES], domains: ['a.example', 'b.example'] },
  ],
  ['a peer that is not known', [anyPod, { kind: 'unknown' }], {}],
];

for (const [title, peers, expected] of CASES) {
  test(`whom a rule means: ${title}`, () => {
    assert.deepEqual(meant(ruleFor(peers)), { ...NOBODY, ...expected });
  });
}

test('a rule with a peer that is not known fails closed: what does not allow denies everyone', () => {
  for (const action of [Action.DENY, Action.PASS]) {
    const found = meant(ruleFor([podsLabelled({ app: 'a' }), { kind: 'unknown' }], action));
    assert.deepEqual(found, { ...NOBODY, action: 'DENY', everyone: true });
  }
});

test('only a selector without requirements selects everything', () => {
  assert.equal(selectsEverything(EVERYTHING), true);
  assert.equal(selectsEverything(labelled({ app: 'a' })), false);
  assert.equal(
    selectsEverything({
      requirements: [{ key: 'app', operator: SelectorOperator.DOES_NOT_EXIST, values: [] }],
    }),
    false,
  );
});
