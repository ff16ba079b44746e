import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compiled,
  type Connection,
  compile,
  decide,
  judge,
  judgeAll,
} from '../../../src/netpol/index.js';
import { sideMatrixOf } from '../../../src/netpol/judge/side-matrix.js';
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

test('the matrix holds the side of every class towards every other', () => {
  const compiled = small();
  const matrix = sideMatrixOf(compiled);
  if (matrix === null) throw new Error('no matrix');
  const { classes } = compiled.engine.index;
  assert.equal(matrix.egress.cells.length, 16);
  assert.equal(matrix.ingress.cells.length, 16);
  for (const { id } of classes) matrix.fill(id);
  for (const [direction, rows] of [
    ['EGRESS', matrix.egress],
    ['INGRESS', matrix.ingress],
  ] as const) {
    for (const subject of classes) {
      const start = rows.starts[subject.id] ?? -1;
      assert.deepEqual(
        [...rows.cells.subarray(start, start + 4)],
        classes.map(peer => sidesOf(compiled).towardsPod(direction, subject, peer)),
      );
    }
  }
});

test('rows of the matrix are shared by subjects that agree, and written once', () => {
  const matrix = sideMatrixOf(small());
  if (matrix === null) throw new Error('no matrix');
  for (const id of [3, 0, 1, 2, 2, 0, 3, 9, -1]) matrix.fill(id);
  // The pod of `data` first, then the two that one policy selects, then the hostNetwork pod.
  assert.deepEqual([...matrix.egress.starts], [4, 4, 8, 0]);
  assert.deepEqual([...matrix.ingress.starts], [4, 4, 8, 0]);
  assert.deepEqual([...matrix.egress.cells.subarray(12)], [0, 0, 0, 0]);
});
