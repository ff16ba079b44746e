import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blockFinder, liesWithin } from '../../../src/netpol/index.js';

const v4 = fc
  .array(fc.constantFrom(0, 1, 10, 127, 128, 255), { minLength: 4, maxLength: 4 })
  .map(parts => parts.join('.'));
const v6 = fc
  .array(fc.constantFrom('0', '1', 'fd00', '8000', 'ffff'), { minLength: 8, maxLength: 8 })
  .map(parts => parts.join(':'));
const blocks = fc.oneof(
  fc.tuple(v4, fc.integer({ min: 0, max: 32 })),
  fc.tuple(v6, fc.integer({ min: 0, max: 128 })),
);
const cidr = blocks.map(([address, bits]) => `${address}/${bits}`);

const bitsOf = (block: string): number => Number(block.split('/')[1]);

test('a block is found where one holds the address, and it is one of the smallest that do', () => {
  fc.assert(
    fc.property(fc.array(cidr, { maxLength: 12 }), fc.oneof(v4, v6), (cidrs, address) => {
      const holding = cidrs.filter(one => liesWithin(address, [one]));
      const found = blockFinder(cidrs)(address);
      if (holding.length === 0) return assert.equal(found, null);
      assert.ok(found !== null && holding.includes(found), `${found} of ${holding}`);
      return assert.equal(bitsOf(found), Math.max(...holding.map(bitsOf)));
    }),
    { numRuns: 500 },
  );
});

test('no block holds what is no address, and what is no block is refused', () => {
  assert.equal(blockFinder(['0.0.0.0/0', '::/0'])('api.example.org'), null);
  assert.throws(() => blockFinder(['10.0.0.0/33']), /`10\.0\.0\.0\/33` is no block of addresses/);
});
