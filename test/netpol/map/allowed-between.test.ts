import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withChange } from '../../../src/netpol/compile/change.js';
import {
  ALL_PORTS,
  allowedBetween,
  betweenPods,
  type Compiled,
  compile,
  containsPort,
  type Endpoint,
  isNoPorts,
  judge,
  NO_PORTS,
  type PortSet,
  withTwins,
} from '../../../src/netpol/index.js';
import { amongAlike } from '../../../src/netpol/map/allowed-between.js';
import { twinOf } from '../../../src/netpol/twin.js';
import { ASKED_PORTS, modes, policies, worlds } from '../evaluation/arbitrary.js';
import { facts, networkPolicy, pod } from '../evaluation/build.js';

const podEnd = (key: string): Endpoint => ({ kind: 'pod', key });

const PORTS = ASKED_PORTS.filter(port => port !== null);

const isOpen = (compiled: Compiled, ends: { source: Endpoint; destination: Endpoint }) =>
  (['TCP', 'UDP', 'SCTP'] as const).flatMap(protocol =>
    PORTS.map(port => judge(compiled, { ...ends, port, protocol }).verdict === 'ALLOWED'),
  );

const holds = (ports: PortSet) =>
  (['TCP', 'UDP', 'SCTP'] as const).flatMap(protocol =>
    PORTS.map(port => containsPort(ports, protocol, port)),
  );

/** Each pair, and whether each asked port is open between the two. */
function assertPairs(compiled: Compiled, keys: readonly string[], twins: boolean): number {
  const told = [...allowedBetween(compiled, keys)];
  const between = new Map(
    told.map(({ source, destination, ports }) => [`${source} ${destination}`, ports]),
  );
  assert.equal(between.size, told.length);
  assert.ok(told.every(({ ports }) => !isNoPorts(ports)));
  for (const [source, from] of keys.entries()) {
    for (const [destination, to] of keys.entries()) {
      const ends = { source: podEnd(from), destination: podEnd(to) };
      const ports = between.get(`${source} ${destination}`) ?? NO_PORTS;
      assert.deepEqual(holds(ports), isOpen(compiled, twins ? betweenPods(ends) : ends));
    }
  }
  return told.length;
}

test('the pairs are those between which a port is allowed, a pod and another of its workload among them', () => {
  let pairs = 0;
  fc.assert(
    fc.property(worlds, policies, modes, fc.boolean(), (world, set, chosen, twins) => {
      const compiled = compile(twins ? withTwins(world) : world, set, chosen);
      const keys = [...new Set(world.pods.map(({ key }) => key))];
      pairs += assertPairs(compiled, keys, twins);
    }),
    { numRuns: 200 },
  );
  assert.ok(pairs > 1_000, `only ${pairs} pairs`);
});

test('what a pod reaches of another that is like it is told without that one, unless policies may tell them apart', () => {
  let told = 0;
  fc.assert(
    fc.property(worlds, policies, modes, (world, set, chosen) => {
      const compiled = compile(world, set, chosen);
      for (const one of world.pods) {
        const ports = amongAlike(compiled, one.key);
        if (ports === null) continue;
        told += 1;
        const twins = withChange(compiled, { pods: { put: [twinOf(one)] } });
        const [own] = allowedBetween(twins, [one.key]);
        assert.deepEqual(holds(ports), holds(own?.ports ?? NO_PORTS));
      }
    }),
    { numRuns: 200 },
  );
  assert.ok(told > 200, `only ${told} pods`);
});

test('pairs come by source and destination, each pod with itself first', () => {
  const pods = ['a', 'b', 'c'].map(name => pod(`shop/${name}`));
  const pairs = [...allowedBetween(compile(facts({ pods }), []), ['shop/c', 'shop/a'])];
  assert.deepEqual(
    pairs.map(({ source, destination }) => `${source} ${destination}`),
    ['0 0', '0 1', '1 1', '1 0'],
  );
});

test('equal sets of ports are one object, and a key of no pod is an error', () => {
  const pods = ['a', 'b', 'c'].map(name => pod(`shop/${name}`));
  const compiled = compile(facts({ pods }), [networkPolicy({ ingress: [{}] })]);
  const keys = pods.map(({ key }) => key);
  const sets = new Set([...allowedBetween(compiled, keys)].map(({ ports }) => ports));
  assert.equal([...sets].filter(set => set !== ALL_PORTS).length, 1);
  assert.throws(() => [...allowedBetween(compiled, ['shop/a', 'shop/z'])], {
    name: 'RangeError',
    message: 'no pod has the key `shop/z`',
  });
});
