import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodClass } from '../../../src/netpol/compile/pod-classes.js';
import {
  Action,
  type Compiled,
  compile,
  formatPortSet,
  type Policy,
} from '../../../src/netpol/index.js';
import { allowedOf } from '../../../src/netpol/map/allowed.js';
import { NOTHING, type TrafficId } from '../../../src/netpol/ports/traffic.js';
import { outcomesOf } from '../../../src/netpol/rows/rows.js';
import {
  adminPolicy,
  facts,
  labelled,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
  tcp,
} from '../evaluation/build.js';

const PODS = [
  pod('shop/web', { addresses: ['10.0.0.1'] }),
  pod('shop/api', { addresses: ['10.0.0.2'] }),
  pod('shop/lost', { hostNetwork: true }),
];

const world = (...policies: readonly Policy[]): Compiled =>
  compile(facts({ pods: PODS }), policies);

function classAt({ engine }: Compiled, id: number): PodClass {
  const found = engine.index.classes[id];
  if (found === undefined) throw new Error('no class');
  return found;
}

const text = ({ engine }: Compiled, traffic: TrafficId): string => {
  const { ports, other } = engine.table.at(traffic);
  return `${formatPortSet(ports)}${other ? ' and others' : ''}`;
};

/** From each class to each other. */
const matrix = (compiled: Compiled): readonly (readonly string[])[] =>
  PODS.map((_, from) =>
    PODS.map((__, to) =>
      text(compiled, allowedOf(compiled).between(classAt(compiled, from), classAt(compiled, to))),
    ),
  );

const ALL = 'All Connections';
const NONE = 'No Connections';
const out = (ports: readonly number[]) =>
  networkPolicy({
    name: 'out',
    pods: labelled({ app: 'web' }),
    egress: [{ peers: [podsLabelled({ app: 'api' })], ports: ports.map(port => tcp(port)) }],
  });
const into = (ports: readonly number[]) =>
  networkPolicy({
    name: 'in',
    pods: labelled({ app: 'api' }),
    ingress: [{ peers: [podsLabelled({ app: 'web' })], ports: ports.map(port => tcp(port)) }],
  });

test('the map draws what both sides allow, and nothing but ports', () => {
  const open = [ALL, ALL, ALL];
  assert.deepEqual(matrix(world()), [open, open, open]);
  assert.deepEqual(matrix(world(out([80, 81]))), [[NONE, 'TCP 80-81', NONE], open, open]);
  assert.deepEqual(matrix(world(into([81, 82]))), [
    [ALL, 'TCP 81-82', ALL],
    [ALL, NONE, ALL],
    [ALL, NONE, ALL],
  ]);
  assert.deepEqual(matrix(world(out([80, 81]), into([81, 82]))), [
    [NONE, 'TCP 81', NONE],
    [ALL, NONE, ALL],
    [ALL, NONE, ALL],
  ]);
});

test('a hostNetwork pod without an address counts as not matched by networks', () => {
  const denies = adminPolicy({
    egress: [{ action: Action.DENY, peers: [networks('0.0.0.0/0')] }],
  });
  assert.deepEqual(matrix(world(denies)), [
    [NONE, NONE, ALL],
    [NONE, NONE, ALL],
    [ALL, ALL, ALL],
  ]);
});

test('one side says one by one what it says of all, and whether it is open to the rest', () => {
  const compiled = world(out([80]), into([80]));
  const allowed = allowedOf(compiled);
  for (const direction of ['INGRESS', 'EGRESS'] as const) {
    for (const id of PODS.keys()) {
      const row = allowed.row(direction, classAt(compiled, id));
      assert.equal(allowed.row(direction, classAt(compiled, id)), row);
      const oneByOne = PODS.map((_, peer) => allowed.towards(row, classAt(compiled, peer)));
      assert.deepEqual([...allowed.spread(row)], oneByOne);
      const closed = direction === 'EGRESS' ? id === 0 : id === 1;
      assert.equal(allowed.allowsRest(row), !closed, `${direction} ${id}`);
    }
  }
});

test('a domain name counts as not matched by an address outside, so that nothing is left open', () => {
  const named = adminPolicy({
    egress: [
      { peers: [{ kind: 'domain-names', names: ['example.com'] }] },
      { action: Action.DENY, peers: [networks('192.0.2.0/24')] },
    ],
  });
  const compiled = world(named);
  const allowed = allowedOf(compiled);
  const segments = allowed.segments('EGRESS', classAt(compiled, 0));
  const portsAt = [0, 0xc000_0200, 0xc000_0300].map(address =>
    text(compiled, allowed.outside(segments, address)),
  );
  assert.deepEqual(portsAt, [ALL, NONE, ALL]);
  for (const outcome of segments.v4Outcomes) {
    assert.equal(outcomesOf(compiled).at(outcome).maybe, NOTHING);
  }
});
