import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile, decide, type Endpoint, isolationOf } from '../../../src/netpol/index.js';
import { modes, policies, worlds } from '../evaluation/arbitrary.js';
import { facts, networkPolicy, pod } from '../evaluation/build.js';

const SOMEBODY: Endpoint = { kind: 'unresolved', reason: 'who it is' };

test('a pod is isolated in the directions in which decisions about it are governed', () => {
  fc.assert(
    fc.property(worlds, policies, modes, (world, set, chosen) => {
      const compiled = compile(world, set, chosen);
      const isolation = isolationOf(compiled);
      assert.deepEqual([...isolation.keys()], [...new Set(world.pods.map(({ key }) => key))]);
      for (const [key, told] of isolation) {
        const end: Endpoint = { kind: 'pod', key };
        const asked = { port: 80, protocol: 'TCP' };
        const { egress } = decide(compiled, { ...asked, source: end, destination: SOMEBODY });
        const { ingress } = decide(compiled, { ...asked, source: SOMEBODY, destination: end });
        assert.deepEqual(told, { ingress: ingress.governed, egress: egress.governed });
      }
    }),
    { numRuns: 200 },
  );
});

test('of two pods with one key the first counts', () => {
  const twice = [pod('shop/a'), { ...pod('data/a'), key: 'shop/a' }];
  const compiled = compile(facts({ pods: twice }), [networkPolicy({ ingress: [] })]);
  assert.deepEqual([...isolationOf(compiled)], [['shop/a', { ingress: true, egress: false }]]);
});

test('each direction is told on its own', () => {
  const at = (namespace: string, isolated: object) => networkPolicy({ namespace, ...isolated });
  const compiled = compile(
    facts({ pods: ['none', 'in', 'out', 'both'].map(it => pod(`${it}/a`)) }),
    [at('in', { ingress: [] }), at('out', { egress: [] }), at('both', { ingress: [], egress: [] })],
  );
  assert.deepEqual(Object.fromEntries(isolationOf(compiled)), {
    'none/a': { ingress: false, egress: false },
    'in/a': { ingress: true, egress: false },
    'out/a': { ingress: false, egress: true },
    'both/a': { ingress: true, egress: true },
  });
});
