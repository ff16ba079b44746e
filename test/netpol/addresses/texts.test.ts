import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../../src/netpol/addresses/address.js';

test('four numbers from 0 to 255 without leading zeros are an IPv4 address', () => {
  assert.equal(parseAddress('0.0.0.0'), 0);
  assert.equal(parseAddress('1.2.3.4'), 0x01_02_03_04);
  assert.equal(parseAddress('10.0.100.255'), 0x0a_00_64_ff);
  assert.equal(parseAddress('255.255.255.255'), 0xff_ff_ff_ff);
});

for (const text of [
  '01.2.3.4',
  '1.2.3.00',
  '256.0.0.1',
  '1000.0.0.1',
  '0001.0.0.1',
  '1.2.3',
  '1.2.3.4.5',
  '1..2.3',
  '1.2.3.',
  '.1.2.3',
  '1/.2.3.4',
  '1;.2.3.4',
  'a.b.c.d',
  ' 1.2.3.4',
  '1.2.3.-4',
  '',
]) {
  test(`\`${text}\` is no address`, () => {
    assert.equal(parseAddress(text), null);
  });
}
