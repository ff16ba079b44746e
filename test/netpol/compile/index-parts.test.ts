import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileTable } from '../../../src/netpol/compile/port-profile.js';
import {
  type Compiled,
  compile,
  connectivityMap,
  type Facts,
  formatMapPeer,
  formatPortSet,
  type NamespaceFact,
  withChange,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  facts,
  labelled,
  namespace,
  networkPolicy,
  networks,
  pod,
  portNamed,
} from '../evaluation/build.js';

const port = (name: string | null, number: number) =>
  ({ name, port: number, protocol: 'TCP' }) as const;

/** The classes of the namespaces with the label `team`. */
function ofTeam(team: string, ...namespaces: readonly NamespaceFact[]): readonly number[] {
  const { index } = compile(facts({ namespaces, pods: [pod('shop/a')] }), []).engine;
  return [...index.select(labelled({ team }), 'shop', labelled({ app: 'a' }))];
}

test('the first of several namespaces with one name tells its labels', () => {
  const [one, two] = [namespace('shop', { team: 'one' }), namespace('shop', { team: 'two' })];
  assert.deepEqual(ofTeam('one', one, two), [0]);
  assert.deepEqual(ofTeam('two', one, two), []);
  assert.deepEqual(ofTeam('two', two, one), [0]);
});

test('a port with the name `null` is not a port without a name', () => {
  for (const names of [
    [null, 'null'],
    ['null', null],
  ]) {
    const pods = names.map((name, place) =>
      pod(`shop/p${place}`, { labels: {}, ports: [port(name, 80)] }),
    );
    const { index } = compile(facts({ pods }), []).engine;
    assert.deepEqual([...index.classOf], [0, 1]);
  }
});

test('ports whose names begin with digits are not taken for others', () => {
  const table = profileTable();
  const one = table.of([port('1x', 1), port('23a', 5)]);
  const other = table.of([port('1x', 12), port('3a', 5)]);
  assert.deepEqual([one.id, other.id], [1, 2]);
  assert.deepEqual(other.named, [port('1x', 12), port('3a', 5)]);
});

/** Who can connect to whom, a line each. */
const linesOf = (compiled: Compiled): readonly string[] =>
  [...connectivityMap(compiled)]
    .map(({ source, destination, ports }) =>
      [formatMapPeer(source), formatMapPeer(destination), formatPortSet(ports)].join(' '),
    )
    .sort();

const small: Facts = facts({ pods: [pod('shop/web'), pod('shop/api')] });
const late = pod('shop/late', { addresses: ['10.0.0.3'], ports: [port('late', 8080)] });

test('an index keeps its own classes and profiles when a set that came of it has more', () => {
  const before = compile(small, []);
  const now = withChange(before, { pods: { put: [late] } });
  assert.equal(now.engine.index.registry, before.engine.index.registry);
  const lengths = [before, now].map(({ engine: { index } }) => [
    index.classes.length,
    index.profiles.length,
  ]);
  assert.deepEqual(lengths, [
    [2, 1],
    [3, 2],
  ]);
});

test('rows that were made before a pod with new port names came say nothing wrong of it', () => {
  const policy = networkPolicy({
    pods: labelled({ app: 'web' }),
    egress: [{ ports: [portNamed('late')] }],
  });
  const before = compile(small, [policy]);
  const known = new Set(linesOf(before));
  const now = withChange(before, { pods: { put: [late] } });
  assert.deepEqual(linesOf(now), linesOf(compile(now.facts, now.policies)));
  assert.deepEqual(
    linesOf(now).filter(line => !known.has(line) && line.startsWith('shop/web')),
    ['shop/web[Deployment] shop/late[Deployment] TCP 8080'],
  );
});

test('a rule whose networks alone reach other pods now is made anew, and the others stay', () => {
  const policy = adminPolicy({
    egress: [{ peers: [networks('10.0.0.0/29')] }, { peers: [networks('10.0.1.0/24')] }],
  });
  const world = facts({
    pods: [
      pod('shop/a', { addresses: ['10.0.0.1'] }),
      pod('shop/b', { addresses: ['10.0.0.2'] }),
      pod('shop/c', { addresses: ['10.0.1.1'] }),
    ],
  });
  const before = compile(world, [policy]);
  const now = withChange(before, { pods: { remove: ['shop/a'] } });
  assert.equal(now.engine.index.registry, before.engine.index.registry);
  const [was, is] = [before, now].map(({ engine }) => engine.policies[0]?.rules.EGRESS ?? []);
  assert.deepEqual(
    is?.map(rule => rule.networks.map(({ classes }) => [...classes])),
    [[[1]], [[2]]],
  );
  assert.equal(is?.[1], was?.[1]);
});
