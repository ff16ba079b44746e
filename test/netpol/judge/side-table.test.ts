import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Side } from '../../../src/netpol/decide/side.js';
import { compile } from '../../../src/netpol/index.js';
import type { SideId } from '../../../src/netpol/judge/side-table.js';
import { sidesOf } from '../../../src/netpol/judge/sides.js';
import type { TrafficId } from '../../../src/netpol/ports/traffic.js';
import { facts } from '../evaluation/build.js';

const set = (number: number): TrafficId => number as TrafficId;

const side: Side = {
  allow: set(1),
  maybe: set(12),
  byDefault: set(0),
  undefinedProtocol: false,
  governed: true,
  byCni: set(0),
  byHost: set(0),
};

test('sides have one number where they are equal in every part, and only there', () => {
  const { table } = sidesOf(compile(facts({}), []));
  const number = table.numberOf(side);
  assert.equal(table.numberOf({ ...side }), number);
  assert.deepEqual(table.at(number), side);
  const others = [
    { ...side, allow: set(11), maybe: set(2) },
    { ...side, byCni: set(1) },
    { ...side, byHost: set(1) },
    { ...side, governed: false },
    { ...side, undefinedProtocol: true },
  ];
  assert.equal(new Set([side, ...others].map(table.numberOf)).size, 6);
  assert.throws(() => table.at(table.count() as SideId), /no side has the number/);
});
