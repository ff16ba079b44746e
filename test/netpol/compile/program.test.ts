import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Program } from '../../../src/netpol/compile/program.js';
import {
  Action,
  compile,
  decide,
  EVERYTHING,
  type Policy,
  type Rule,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  baselinePolicy,
  block,
  connection,
  facts,
  networkPolicy,
  networks,
  pod,
  portNamed,
  rule,
  tcp,
} from '../evaluation/build.js';

const pods = [pod('shop/a'), pod('shop/b')];

/** What decides for the first pod in direction `INGRESS`. */
function programOf(...policies: readonly Policy[]): Program {
  const { lists, listOf } = compile(facts({ pods }), policies).engine;
  return lists.INGRESS.program(listOf.INGRESS[0] ?? assert.fail());
}

const ingress = [{ peers: [anyPod] }];
const RANKED: readonly Policy[] = [
  adminPolicy({ name: 'a1', priority: 1, ingress }),
  adminPolicy({ name: 'a2', priority: 2, ingress }),
  adminPolicy({ name: 'a2 later', priority: 2, ingress }),
  adminPolicy({ name: 'a10', priority: 10, ingress }),
  networkPolicy({ name: 'n', ingress }),
  networkPolicy({ name: 'n later', ingress }),
  baselinePolicy({ name: 'b0', priority: 0, ingress }),
  baselinePolicy({ name: 'b3', priority: 3, ingress }),
];

const ORDERS: readonly (readonly [string, readonly number[]])[] = [
  ['in order', [0, 1, 2, 3, 4, 5, 6, 7]],
  ['the last tier first', [7, 6, 4, 5, 3, 1, 2, 0]],
  ['tiers among each other', [3, 4, 0, 7, 1, 5, 6, 2]],
  ['a NetworkPolicy between admin policies', [1, 2, 4, 0, 5, 3, 7, 6]],
];

for (const [title, order] of ORDERS) {
  test(`tiers decide in their order, and within a tier the lower priority first: ${title}`, () => {
    const given = order.flatMap(place => RANKED[place] ?? []);
    assert.deepEqual(
      programOf(...given).policies.map(({ policy }) => policy.name),
      RANKED.map(({ name }) => name),
    );
  });
}

test('a lower priority decides wherever it stands among other policies', () => {
  const open = adminPolicy({ priority: 5, ingress: [{ action: Action.ALLOW, peers: [anyPod] }] });
  const closed = adminPolicy({ priority: 6, ingress: [{ action: Action.DENY, peers: [anyPod] }] });
  const between = networkPolicy({ ingress: [] });
  for (const policies of [
    [open, between, closed],
    [closed, between, open],
    [between, closed, open],
  ]) {
    const { verdict } = decide(
      compile(facts({ pods }), policies),
      connection('shop/b -> shop/a TCP 1'),
    );
    assert.equal(verdict, 'ALLOWED');
  }
});

const GOVERNED: readonly (readonly [string, readonly Policy[], boolean])[] = [
  ['no policy', [], false],
  ['an admin policy without rules', [adminPolicy({ ingress: [] })], false],
  ['a baseline policy without rules', [baselinePolicy({ ingress: [] })], false],
  ['an admin policy of the other direction', [adminPolicy({ egress: [{}] })], false],
  [
    'an admin policy with a rule for others',
    [adminPolicy({ ingress: [{ peers: [networks('192.0.2.0/24')] }] })],
    true,
  ],
  ['a NetworkPolicy without rules', [networkPolicy({ ingress: [] })], true],
];

for (const [title, policies, governed] of GOVERNED) {
  test(`${title} ${governed ? 'governs' : 'does not govern'} whom it selects`, () => {
    const decision = decide(
      compile(facts({ pods }), policies),
      connection('shop/b -> shop/a TCP 1'),
    );
    assert.equal(decision.ingress.governed, governed);
    assert.equal(programOf(...policies).governed, governed);
  });
}

const USES: readonly (readonly [string, Partial<Rule>, readonly string[]])[] = [
  ['pods and numbers', { peers: [anyPod], ports: [tcp(1)] }, []],
  ['everybody', {}, []],
  ['an ipBlock', { peers: [anyPod, block('10.0.0.0/8')] }, ['usesIpBlocks']],
  ['networks', { peers: [networks('10.0.0.0/8')] }, ['usesNetworks']],
  ['a port name', { ports: [tcp(1), portNamed('http')] }, ['usesNames']],
];

for (const [title, parts, expected] of USES) {
  test(`a program knows what it has to look at: ${title}`, () => {
    const policy: Policy = { ...adminPolicy({}), ingress: [rule(), rule(parts, 1)] };
    const { usesIpBlocks, usesNetworks, usesNames } = programOf(policy);
    const uses = Object.entries({ usesIpBlocks, usesNetworks, usesNames });
    assert.deepEqual(
      uses.flatMap(([name, isUsed]) => (isUsed ? [name] : [])),
      expected,
    );
  });
}

test('a program knows the places of the rules that tell no ordinary pod from the rest', () => {
  const peers = [networks('10.0.0.0/8')];
  const admin = adminPolicy({ ingress: [{ peers }, {}, { peers: [anyPod] }] });
  const network = networkPolicy({ ingress: [{ peers: [block('10.0.0.0/8')] }, {}] });
  assert.deepEqual(programOf(network, admin).ofAll, [1, 2, 4]);
});

test('a subject without namespaces means `default` where the policy has no namespace', () => {
  const policy: Policy = {
    ...adminPolicy({ ingress: [{}] }),
    subject: { namespaces: null, pods: EVERYTHING },
  };
  const world = facts({ pods: [...pods, pod('default/c'), pod('default/d')] });
  const [compiled] = compile(world, [policy]).engine.policies;
  assert.deepEqual([...(compiled?.subjects ?? [])], [2, 3]);
});
