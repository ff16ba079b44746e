import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/netpol/index.js';
import { denseCodes } from '../../../src/netpol/judge/dense-codes.js';
import { portCodesOf } from '../../../src/netpol/judge/judge.js';
import { COLUMN_PROTOCOLS } from '../../../src/netpol/judge/port-codes.js';
import { sideMatrixOf } from '../../../src/netpol/judge/side-matrix.js';
import type { SideId } from '../../../src/netpol/judge/side-table.js';
import { sidesOf } from '../../../src/netpol/judge/sides.js';
import { NOTHING } from '../../../src/netpol/ports/traffic.js';
import {
  facts,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  tcp,
  udp,
} from '../evaluation/build.js';

const PORTS = [0, 1, 52, 53, 54, 79, 80, 81, 443, 8_079, 8_080, 8_090, 8_091, 65_534, 65_535];

const compiled = compile(facts({ pods: ['web', 'api', 'db'].map(name => pod(`shop/${name}`)) }), [
  networkPolicy({
    pods: labelled({ app: 'api' }),
    ingress: [{ peers: [podsLabelled({ app: 'web' })], ports: [tcp(80), tcp(8_080, 8_090)] }],
    egress: [{ ports: [udp(53)] }],
  }),
  networkPolicy({ name: 'all', pods: labelled({ app: 'db' }), ingress: [{ ports: [tcp(1)] }, {}] }),
]);
const { table } = sidesOf(compiled);
const codes = portCodesOf(compiled);
const matrix = sideMatrixOf(compiled);
for (const { id } of compiled.engine.index.classes) {
  matrix.EGRESS.fill(id);
  matrix.INGRESS.fill(id);
}

/** Each answer of `both` by sides, protocol and port. */
const answers = (both: typeof codes.both, sides: readonly SideId[]): readonly number[] =>
  sides.flatMap(egress =>
    sides.flatMap(ingress =>
      COLUMN_PROTOCOLS.flatMap((_, protocol) =>
        PORTS.map(port => both(egress, ingress, protocol, port)),
      ),
    ),
  );

test('the table answers for all pairs of sides, protocols and ports what the stretches do', () => {
  const sides = [...Array(table.count()).keys()] as SideId[];
  assert.ok(sides.length > 4);
  const both = denseCodes(compiled.engine.table, table, codes, Number.POSITIVE_INFINITY);
  assert.notEqual(both, codes.both);
  const expected = answers(codes.both, sides);
  assert.ok(new Set(expected).size > 3);
  assert.deepEqual(answers(both, sides), expected);
});

test('a side that came after the table is asked of the stretches', () => {
  const both = denseCodes(compiled.engine.table, table, codes, Number.POSITIVE_INFINITY);
  const late = table.numberOf({ ...table.at(0 as SideId), allow: NOTHING, governed: true });
  const sides = [0 as SideId, late];
  assert.equal(late, table.count() - 1);
  assert.deepEqual(answers(both, sides), answers(codes.both, sides));
});

test('fewer flows than a table would have entries are not worth one', () => {
  const dense = (flows: number) => denseCodes(compiled.engine.table, table, codes, flows);
  assert.equal(dense(1), codes.both);
  assert.equal(dense(table.count() ** 2), codes.both);
});
