import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile, decide, type Endpoint, isolationOf } from '../../../src/netpol/index.js';
import { modes, policies, worlds } from '../evaluation/arbitrary.js';
import { facts, networkPolicy, pod } from '../evaluation/build.js';

const SOMEBODY: Endpoint = { kind: 'unresolved', reason: 'who it is' };

test('a pod is isolated in the directions in which decisions about it are governed', () => {
  const seen = new Set<string>();
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
        seen.add(JSON.stringify(told));
      }
    }),
    { numRuns: 200 },
  );
  assert.equal(seen.size, 4);
});

test('of two pods with one key the first counts', () => {
  const twice = [pod('shop/a'), { ...pod('data/a'), key: 'shop/a' }];
  const compiled = compile(facts({ pods: twice }), [networkPolicy({ ingress: [] })]);
  assert.deepEqual([...isolationOf(compiled)], [['shop/a', { ingress: true, egress: false }]]);
});
