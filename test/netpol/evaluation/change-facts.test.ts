import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Change,
  type Compiled,
  compareSets,
  compile,
  connectivityMap,
  EVERYTHING,
  equalPorts,
  type Facts,
  formatMapPeer,
  formatPortSet,
  judge,
  type NamespaceFact,
  type PodFact,
  type Policy,
  type PortSet,
  subtractPorts,
  withChange,
} from '../../../src/netpol/index.js';
import { modes, policies, worlds } from './arbitrary.js';
import { facts, labelled, networkPolicy, pod } from './build.js';

/** `put` replaces its namesakes or comes last, the plain way. */
function applied<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  put: readonly Item[],
  removed: readonly string[],
): readonly Item[] {
  const kept = items.flatMap(item => {
    const other = put.find(one => keyOf(one) === keyOf(item));
    if (other !== undefined) return [other];
    return removed.includes(keyOf(item)) ? [] : [item];
  });
  return [...kept, ...put.filter(one => !items.some(item => keyOf(item) === keyOf(one)))];
}

const policyKey = ({ kind, namespace, name }: Policy): string => `${kind} ${namespace} ${name}`;
const named = (set: readonly Policy[]) => set.map((one, place) => ({ ...one, name: `p${place}` }));

type State = { readonly facts: Facts; readonly policies: readonly Policy[] };

const after = (state: State, { pods, namespaces, policies: set }: Change): State => ({
  facts: {
    ...state.facts,
    pods: applied(state.facts.pods, ({ key }: PodFact) => key, pods?.put ?? [], pods?.remove ?? []),
    namespaces: applied(
      state.facts.namespaces,
      ({ name }: NamespaceFact) => name,
      namespaces?.put ?? [],
      namespaces?.remove ?? [],
    ),
  },
  policies: applied(state.policies, policyKey, set?.put ?? [], []),
});

/** What another world has, put into this one bit by bit; `odd` leaves hostNetwork pods among it. */
const step: fc.Arbitrary<Change> = fc
  .record({
    world: worlds,
    set: policies.map(named),
    removed: fc.subarray(['a/p0', 'b/p0', 'c/p1', 'a/p1', 'b/p2', 'a/p3']),
    which: fc.subarray(['pods', 'remove', 'namespaces', 'policies'], { minLength: 1 }),
    odd: fc.nat(7).map(number => number === 0),
    gone: fc.subarray(['a', 'b']),
  })
  .map(({ world, set, removed, which, odd, gone }) => ({
    pods: {
      put: which.includes('pods')
        ? world.pods.filter(({ hostNetwork }) => odd || !hostNetwork)
        : [],
      remove: which.includes('remove') ? removed : [],
    },
    ...(which.includes('namespaces') && {
      namespaces: { put: world.namespaces.slice(0, 1), remove: gone.slice(1) },
    }),
    ...(which.includes('policies') && { policies: { put: set.slice(0, 2) } }),
  }));

const rowsOf = (compiled: Compiled): ReadonlyMap<string, PortSet> =>
  new Map(
    [...connectivityMap(compiled)].map(({ source, destination, ports }) => [
      `${formatMapPeer(source)} => ${formatMapPeer(destination)}`,
      ports,
    ]),
  );

const textsOf = (compiled: Compiled): readonly string[] =>
  [...rowsOf(compiled)].map(([pair, ports]) => `${pair} : ${formatPortSet(ports)}`).sort();

/** Every pod to every other and to an address, as verdict and basis. */
const verdictsOf = (compiled: Compiled): readonly unknown[] => {
  const ends = [
    ...compiled.facts.pods.map(({ key }) => ({ kind: 'pod' as const, key })),
    { kind: 'address' as const, address: '10.0.0.5' },
  ];
  return ends.flatMap(source =>
    ends.map(destination => judge(compiled, { source, destination, protocol: 'TCP', port: 80 })),
  );
};

const isRange = (pair: string): boolean => /(^| )[\d.:a-f]+-[\d.:a-f]+( |$)/.test(pair);
const NONE: PortSet = { TCP: [], UDP: [], SCTP: [] };

/** What two maps say differently of pairs of workloads. */
function expected(before: Compiled, now: Compiled): readonly string[] {
  const [was, is] = [rowsOf(before), rowsOf(now)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter(pair => !isRange(pair))
    .map(pair => ({ pair, one: was.get(pair) ?? NONE, other: is.get(pair) ?? NONE }))
    .filter(({ one, other }) => !equalPorts(one, other))
    .map(
      ({ pair, one, other }) =>
        `${pair} + ${formatPortSet(subtractPorts(other, one))} - ${formatPortSet(subtractPorts(one, other))}`,
    )
    .sort();
}

const found = (before: Compiled, now: Compiled): readonly string[] =>
  compareSets(before, now)
    .pairs.map(
      ({ source, destination, newlyAllowed, newlyBlocked }) =>
        `${formatMapPeer(source)} => ${formatMapPeer(destination)} + ${formatPortSet(newlyAllowed)} - ${formatPortSet(newlyBlocked)}`,
    )
    .filter(line => !isRange(line.split(' + ')[0] ?? ''))
    .sort();

const isKin = (one: Compiled, other: Compiled): boolean =>
  one.engine.index.registry === other.engine.index.registry;

test('changes of pods, namespaces and policies, one after another, answer as a full compilation', () => {
  let [carried, all] = [0, 0];
  fc.assert(
    fc.property(
      worlds,
      policies.map(named),
      fc.array(step, { minLength: 1, maxLength: 4 }),
      modes,
      (world, set, steps, chosen) => {
        let state: State = { facts: world, policies: set };
        let compiled = compile(world, set, chosen);
        for (const change of steps) {
          textsOf(compiled);
          state = after(state, change);
          const now = withChange(compiled, change);
          const full = compile(state.facts, state.policies, chosen);
          assert.deepEqual(
            now.facts.pods.map(({ key }) => key),
            full.facts.pods.map(({ key }) => key),
          );
          assert.deepEqual(textsOf(now), textsOf(full));
          assert.deepEqual(verdictsOf(now), verdictsOf(full));
          assert.deepEqual(
            now.problems.map(({ message }) => message).sort(),
            full.problems.map(({ message }) => message).sort(),
          );
          assert.deepEqual(found(compiled, now), expected(compiled, now));
          all++;
          if (isKin(compiled, now)) carried++;
          compiled = now;
        }
      },
    ),
    { numRuns: 150 },
  );
  assert.ok(carried > all / 5, `${carried} of ${all} changes were carried along`);
});

const shop: Facts = facts({
  pods: [
    pod('shop/web', { labels: { app: 'web' } }),
    pod('shop/api', { labels: { app: 'api' } }),
    pod('bank/api', { labels: { app: 'api' } }),
  ],
  namespaces: [
    { name: 'shop', labels: { team: 'one' } },
    { name: 'bank', labels: { team: 'two' } },
  ],
});

const onlyTeamOne = networkPolicy({
  namespace: 'bank',
  pods: EVERYTHING,
  ingress: [{ peers: [{ kind: 'pods', namespaces: labelled({ team: 'one' }), pods: EVERYTHING }] }],
});

const reaches = (compiled: Compiled, source: string, destination: string): boolean =>
  rowsOf(compiled).has(`${source} => ${destination}`);

test('a namespace that loses its label is no peer any more', () => {
  const before = compile(shop, [onlyTeamOne]);
  const now = withChange(before, { namespaces: { put: [{ name: 'shop', labels: {} }] } });
  assert.ok(isKin(before, now));
  assert.ok(reaches(before, 'shop/web[Deployment]', 'bank/api[Deployment]'));
  assert.ok(!reaches(now, 'shop/web[Deployment]', 'bank/api[Deployment]'));
  assert.ok(reaches(before, 'shop/web[Deployment]', 'bank/api[Deployment]'));
});

test('a pod that comes is judged by the policies that select it, and one that comes back as before', () => {
  const before = compile(shop, [onlyTeamOne]);
  const db = pod('bank/db', { labels: { app: 'db' } });
  const grown = withChange(before, { pods: { put: [db] } });
  const shrunk = withChange(grown, { pods: { remove: ['bank/db'] } });
  const again = withChange(shrunk, { pods: { put: [db] } });
  assert.ok(isKin(before, again));
  for (const compiled of [grown, again]) {
    assert.ok(reaches(compiled, 'shop/web[Deployment]', 'bank/db[Deployment]'));
    assert.ok(!reaches(compiled, 'bank/api[Deployment]', 'bank/db[Deployment]'));
  }
  assert.ok(!reaches(shrunk, 'shop/web[Deployment]', 'bank/db[Deployment]'));
  assert.deepEqual(textsOf(shrunk), textsOf(before));
});

test('a change of one pod leaves the rows of pods that it does not concern', () => {
  const before = compile(shop, [onlyTeamOne]);
  textsOf(before);
  const now = withChange(before, { pods: { put: [pod('shop/web2', { labels: { app: 'web' } })] } });
  assert.equal(now.engine.family, before.engine.family);
  assert.deepEqual([...now.engine.listOf.INGRESS], [...before.engine.listOf.INGRESS]);
});
