import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassId } from '../../../src/netpol/compile/class-id.js';
import {
  type Compiled,
  type Connection,
  compile,
  decide,
  judge,
  judgeAll,
} from '../../../src/netpol/index.js';
import { sideMatrixOf, UNKNOWN_SIDE } from '../../../src/netpol/judge/side-matrix.js';
import { sidesOf } from '../../../src/netpol/judge/sides.js';
import {
  connection,
  facts,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  tcp,
} from '../evaluation/build.js';

const COUNT = 80;
const names = Array.from({ length: COUNT }, (_, place) => `p${place}`);

/** Each pod lets one port in that no other does: so many sides that their columns have to grow. */
const manySides = (): Compiled =>
  compile(
    facts({ pods: names.map(name => pod(`shop/${name}`)) }),
    names.map((name, place) =>
      networkPolicy({
        name,
        pods: labelled({ app: name }),
        ingress: [{ ports: [tcp(1_000 + 2 * place)] }],
      }),
    ),
  );

const asked: readonly Connection[] = names
  .slice(1)
  .flatMap((name, place) =>
    [1_001, 1_002, 1_003].map(first =>
      connection(`shop/p0 -> shop/${name} TCP ${first + 2 * place}`),
    ),
  );

test('however many sides and stretches of ports there are, each flow has its own verdict', () => {
  const compiled = manySides();
  const expected = asked.map((_, place) => (place % 3 === 1 ? 'ALLOWED' : 'DENIED'));
  const all = judgeAll(compiled, asked);
  assert.deepEqual(
    asked.map((_, flow) => all.at(flow).verdict),
    expected,
  );
  const again = judgeAll(compiled, asked.toReversed());
  assert.deepEqual(
    asked.map((_, flow) => again.at(flow).verdict),
    expected.toReversed(),
  );
  assert.deepEqual(
    asked.map(one => judge(compiled, one).verdict),
    expected,
  );
  assert.deepEqual(
    asked.map(one => decide(compiled, one).verdict),
    expected,
  );
});

test('one side with many stretches of ports answers in each of them', () => {
  const ports = Array.from({ length: 300 }, (_, place) => tcp(2 + 3 * place));
  const compiled = compile(facts({ pods: [pod('shop/a'), pod('shop/b')] }), [
    networkPolicy({ ingress: [{ ports }] }),
  ]);
  const flows = Array.from({ length: 903 }, (_, place) =>
    connection(`shop/a -> shop/b TCP ${place + 1}`),
  );
  const all = judgeAll(compiled, flows);
  assert.deepEqual(
    flows.map((_, flow) => all.at(flow).verdict),
    flows.map((_, flow) => (flow % 3 === 1 && flow < 900 ? 'ALLOWED' : 'DENIED')),
  );
});

const small = (): Compiled =>
  compile(
    facts({
      pods: [pod('shop/a'), pod('shop/b'), pod('shop/h', { hostNetwork: true }), pod('data/c')],
    }),
    [networkPolicy({ ingress: [{ peers: [podsLabelled({ app: 'a' })] }], egress: [] })],
  );

test('the matrix holds the sides of the classes that were written, but those of hostNetwork pods', () => {
  const compiled = small();
  const matrix = sideMatrixOf(compiled);
  const { classes } = compiled.engine.index;
  for (const direction of ['EGRESS', 'INGRESS'] as const) {
    const rows = matrix[direction];
    assert.equal(rows.at(0 as ClassId, 1 as ClassId), UNKNOWN_SIDE);
    for (const { id } of classes) rows.fill(id);
    for (const [subject, peer] of classes.flatMap(one => classes.map(two => [one, two] as const))) {
      const beyond = subject.hostNetwork || peer.hostNetwork;
      const side = sidesOf(compiled).towardsPod(direction, subject, peer);
      assert.equal(rows.at(subject.id, peer.id), beyond ? UNKNOWN_SIDE : side);
    }
  }
});

test('rows of the matrix are written in any order, once, and only of classes that there are', () => {
  const compiled = small();
  const { EGRESS } = sideMatrixOf(compiled);
  for (const id of [3, 0, 1, 2, 2, 0, 3, 9, -1] as ClassId[]) EGRESS.fill(id);
  const sides = sidesOf(compiled);
  const [a, b, , c] = compiled.engine.index.classes;
  if (a === undefined || b === undefined || c === undefined) throw new Error('no classes');
  assert.equal(EGRESS.at(c.id, a.id), sides.towardsPod('EGRESS', c, a));
  assert.equal(EGRESS.at(b.id, c.id), sides.towardsPod('EGRESS', b, c));
  assert.equal(EGRESS.at(9 as ClassId, 0 as ClassId), UNKNOWN_SIDE);
});

test('the matrix has room for as many different rows as there are classes', () => {
  const compiled = manySides();
  const { INGRESS } = sideMatrixOf(compiled);
  const { classes } = compiled.engine.index;
  for (const { id } of classes) INGRESS.fill(id);
  const sides = sidesOf(compiled);
  for (const subject of classes) {
    for (const peer of classes.slice(0, 3)) {
      const side = sides.towardsPod('INGRESS', subject, peer);
      assert.equal(INGRESS.at(subject.id, peer.id), side);
    }
  }
});
