import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cidrOf, parseCidr, parseIpAddress } from '../../src/query/address.js';

test('an address has one spelling', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['10.0.0.1', '10.0.0.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::', '::'],
    ['10.0.0.01', null],
    ['10.1', null],
    ['0x0a000001', null],
    ['256.0.0.1', null],
    ['fe80::1%eth0', null],
    ['10.0.0.1/32', null],
    ['', null],
  ];
  for (const [text, address] of cases) assert.equal(parseIpAddress(text), address, text);
});

test('a block has its host bits cleared', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.1.2.3/32', '10.1.2.3/32'],
    ['2001:db8:ffff::1/33', '2001:db8:8000::/33'],
    ['::/0', '::/0'],
    ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
    ['::ffff:10.1.2.3/64', null],
    ['10.0.0.0/33', null],
    ['10.0.0.0/08', null],
    ['10.0.0.0/-1', null],
    ['10.0.0.0/', null],
    ['10.0.0.0', null],
    ['10.0.0.0/8/8', null],
  ];
  for (const [text, block] of cases) assert.equal(parseCidr(text), block, text);
});

test('a store may write one address without its prefix', () => {
  assert.equal(cidrOf('10.0.0.1'), '10.0.0.1/32');
  assert.equal(cidrOf('2001:db8::1'), '2001:db8::1/128');
  assert.equal(cidrOf('10.0.0.0/8'), '10.0.0.0/8');
});
