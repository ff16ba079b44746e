import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Change,
  type Compiled,
  compareSets,
  compile,
  connectivityMap,
  equalPorts,
  type Facts,
  formatMapPeer,
  formatPortSet,
  isNoPorts,
  type Policy,
  type PortSet,
  type SetDifference,
  subtractPorts,
  withChange,
} from '../../../src/netpol/index.js';
import { modes, policies, worlds } from './arbitrary.js';
import { adminPolicy, block, facts, networkPolicy, pod, tcp } from './build.js';

const rowsOf = (compiled: Compiled): ReadonlyMap<string, PortSet> =>
  new Map(
    [...connectivityMap(compiled)].map(({ source, destination, ports }) => [
      `${formatMapPeer(source)} => ${formatMapPeer(destination)}`,
      ports,
    ]),
  );

const textsOf = (compiled: Compiled): readonly string[] =>
  [...rowsOf(compiled)].map(([pair, ports]) => `${pair} : ${formatPortSet(ports)}`).sort();

const namesOf = (set: readonly Policy[]): readonly Policy[] =>
  set.map((policy, place) => ({ ...policy, name: `p${place}` }));

/** Some policies, and a change that replaces, removes and adds some of them. */
const changes = fc
  .tuple(policies.map(namesOf), policies, fc.array(fc.nat(9), { maxLength: 2 }), fc.nat(3))
  .map(([before, fresh, gone, shift]) => {
    const put = fresh.map((policy, place) => ({ ...policy, name: `p${place + shift}` }));
    const remove = gone.flatMap(place => before[place] ?? []);
    return { before, change: { policies: { put, remove } } satisfies Change };
  });

const keyOf = ({ kind, namespace, name }: Policy): string => `${kind} ${namespace} ${name}`;

/** The policies after a change, written out the plain way. */
function applied(before: readonly Policy[], { put, remove }: Required<Change>['policies']) {
  const fresh = new Map((put ?? []).map(policy => [keyOf(policy), policy]));
  const gone = new Set((remove ?? []).map(policy => keyOf({ ...before[0], ...policy } as Policy)));
  const kept = before
    .filter(policy => fresh.has(keyOf(policy)) || !gone.has(keyOf(policy)))
    .map(policy => fresh.get(keyOf(policy)) ?? policy);
  const known = new Set(before.map(keyOf));
  return [...kept, ...[...fresh.values()].filter(policy => !known.has(keyOf(policy)))];
}

test('a changed set answers as one that was compiled from the start', () => {
  fc.assert(
    fc.property(worlds, changes, modes, (world, { before, change }, chosen) => {
      const compiled = compile(world, before, chosen);
      textsOf(compiled);
      const changed = withChange(compiled, change);
      const full = compile(world, applied(before, change.policies), chosen);
      assert.deepEqual(textsOf(changed), textsOf(full));
      assert.deepEqual(changed.policies.map(keyOf), full.policies.map(keyOf));
      assert.deepEqual(textsOf(compiled), textsOf(compile(world, before, chosen)));
    }),
    { numRuns: 200 },
  );
});

const found = ({ pairs }: SetDifference) =>
  new Map(
    pairs.map(({ source, destination, ...sets }) => [
      `${formatMapPeer(source)} => ${formatMapPeer(destination)}`,
      sets,
    ]),
  );

const isRange = (pair: string): boolean => /(^| )[\d.:a-f]+-[\d.:a-f]+( |$)/.test(pair);

/** What two maps say differently of pairs of workloads, found the plain way. */
function expected(before: Compiled, after: Compiled) {
  const [was, is] = [rowsOf(before), rowsOf(after)];
  const none: PortSet = { TCP: [], UDP: [], SCTP: [] };
  const pairs = [...new Set([...was.keys(), ...is.keys()])].filter(pair => !isRange(pair));
  return pairs
    .map(pair => ({ pair, one: was.get(pair) ?? none, other: is.get(pair) ?? none }))
    .filter(({ one, other }) => !equalPorts(one, other))
    .map(({ pair, one, other }) => [
      pair,
      {
        before: one,
        after: other,
        newlyAllowed: subtractPorts(other, one),
        newlyBlocked: subtractPorts(one, other),
      },
    ]);
}

const byPair = (entries: Iterable<readonly [string, unknown] | unknown[]>) =>
  [...entries].sort((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1));

test('the difference of two states is that of their maps, from a change and from two folders', () => {
  fc.assert(
    fc.property(worlds, changes, modes, (world, { before, change }, chosen) => {
      const compiled = compile(world, before, chosen);
      const changed = withChange(compiled, change);
      const plain = byPair(expected(compiled, changed));
      const ofPairs = (difference: SetDifference) =>
        byPair([...found(difference)].filter(([pair]) => !isRange(pair)));
      assert.deepEqual(ofPairs(compareSets(compiled, changed)), plain);
      const folder = compile(world, changed.policies, chosen);
      assert.deepEqual(ofPairs(compareSets(compiled, folder)), plain);
      assert.deepEqual(
        byPair(found(compareSets(compiled, folder))),
        byPair(found(compareSets(compiled, changed))),
      );
    }),
    { numRuns: 200 },
  );
});

test('a state does not differ from itself, nor from the same input compiled again', () => {
  fc.assert(
    fc.property(worlds, policies, modes, (world, set, chosen) => {
      const compiled = compile(world, set, chosen);
      const nothing = { pairs: [], addedWorkloads: [], removedWorkloads: [] };
      assert.deepEqual(compareSets(compiled, compiled), nothing);
      assert.deepEqual(compareSets(compiled, compile(world, set, chosen)), nothing);
    }),
    { numRuns: 100 },
  );
});

const shop: Facts = facts({
  pods: [
    pod('shop/web', { addresses: ['10.0.0.1'] }),
    pod('shop/web2', { addresses: ['10.0.0.2'], labels: { app: 'web' } }),
    pod('shop/api', { addresses: ['10.0.1.1'] }),
  ],
});

test('a changed policy that parts pods of one class by their addresses is exact', () => {
  const compiled = compile(shop, []);
  const changed = withChange(compiled, {
    policies: {
      put: [
        adminPolicy({
          egress: [{ action: 'DENY', peers: [{ kind: 'networks', cidrs: ['10.0.0.2/32'] }] }],
        }),
      ],
    },
  });
  const rows = rowsOf(changed);
  assert.ok(rows.has('shop/api[Deployment] => shop/web[Deployment]'));
  assert.ok(!rows.has('shop/api[Deployment] => shop/web2[Deployment]'));
});

test('ranges outside the cluster are compared address by address and merged', () => {
  const open = compile(shop, []);
  const closed = withChange(open, {
    policies: {
      put: [
        networkPolicy({
          pods: { requirements: [] },
          egress: [{ peers: [block('10.0.0.0/8')], ports: [tcp(80)] }],
        }),
      ],
    },
  });
  const [below, inside, above] = compareSets(open, closed).pairs.filter(
    ({ source, destination }) =>
      formatMapPeer(source) === 'shop/api[Deployment]' && destination.kind === 'range',
  );
  assert.equal(below && formatMapPeer(below.destination), '0.0.0.0-9.255.255.255');
  assert.ok(below && isNoPorts(below.after));
  assert.equal(inside && formatMapPeer(inside.destination), '10.0.0.0-10.255.255.255');
  assert.equal(inside && formatPortSet(inside.after), 'TCP 80');
  assert.equal(
    inside && formatPortSet(inside.newlyBlocked),
    'SCTP 1-65535,TCP 1-79,81-65535,UDP 1-65535',
  );
  assert.equal(above && formatMapPeer(above.destination), '11.0.0.0-255.255.255.255');
});

test('workloads that come and go with changed pods are named', () => {
  const before = compile(shop, [networkPolicy({ ingress: [] })]);
  const after = withChange(before, {
    pods: { put: [pod('shop/new')], remove: ['shop/web2'] },
    namespaces: { put: [{ name: 'shop', labels: { team: 'x' } }] },
  });
  assert.deepEqual(
    after.facts.pods.map(({ key }) => key),
    ['shop/web', 'shop/api', 'shop/new'],
  );
  const { addedWorkloads, removedWorkloads } = compareSets(before, after);
  assert.deepEqual(addedWorkloads.map(formatMapPeer), ['shop/new[Deployment]']);
  assert.deepEqual(removedWorkloads.map(formatMapPeer), ['shop/web2[Deployment]']);
});
