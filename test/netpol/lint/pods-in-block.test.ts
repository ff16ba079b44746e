import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAddress } from '../../../src/netpol/addresses/address.js';
import { contains, NO_ADDRESSES, parseCidr } from '../../../src/netpol/addresses/block.js';
import { podsInBlocks } from '../../../src/netpol/lint/pods-in-block.js';
import { pod } from '../evaluation/build.js';

const address = fc.oneof(
  fc.nat(255).map(last => `10.0.0.${last}`),
  fc.nat(255).map(last => `fd00::${last.toString(16)}`),
  fc.constantFrom('::ffff:10.0.0.7', 'none'),
);
const cidr = fc.oneof(
  fc
    .tuple(address, fc.integer({ min: 24, max: 32 }))
    .map(([head, bits]) => (head.includes(':') ? `${head}/${96 + bits}` : `${head}/${bits}`)),
  fc.constantFrom('0.0.0.0/0', '::/0', 'none'),
);
const pods = fc
  .array(fc.record({ addresses: fc.array(address, { maxLength: 2 }), hostNetwork: fc.boolean() }))
  .map(all => all.map((parts, place) => pod(`shop/web-${place}`, parts)));

test('the pods in a block are those with an address in it and in no exception, in their order', () => {
  fc.assert(
    fc.property(pods, cidr, fc.array(cidr, { maxLength: 2 }), (all, block, except) => {
      const isIn = (text: string, address: string): boolean => {
        const parsed = parseAddress(address);
        return parsed !== null && contains(parseCidr(text) ?? NO_ADDRESSES, parsed);
      };
      const expected = all.flatMap(one =>
        one.hostNetwork
          ? []
          : one.addresses
              .filter(text => isIn(block, text) && !except.some(hole => isIn(hole, text)))
              .map(() => one.name),
      );
      assert.deepEqual(
        podsInBlocks(all)(block, except).map(({ name }) => name),
        expected,
      );
    }),
  );
});
