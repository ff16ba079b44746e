import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/netpol/index.js';
import { sidesOf } from '../../../src/netpol/judge/sides.js';
import { facts } from '../evaluation/build.js';

const side = {
  allow: 1,
  maybe: 12,
  byDefault: 0,
  undefinedProtocol: false,
  governed: true,
  byCni: 0,
  byHost: 0,
};

test('sides have one number where they are equal in every part, and only there', () => {
  const { table } = sidesOf(compile(facts({}), []));
  const number = table.numberOf(side);
  assert.equal(table.numberOf({ ...side }), number);
  assert.deepEqual(table.at(number), side);
  const others = [
    { ...side, allow: 11, maybe: 2 },
    { ...side, byCni: 1 },
    { ...side, byHost: 1 },
    { ...side, governed: false },
    { ...side, undefinedProtocol: true },
  ];
  assert.equal(new Set([side, ...others].map(table.numberOf)).size, 6);
  assert.throws(() => table.at(table.count()), /no side has the number/);
});
