import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockOf, canonicalAddress, canonicalCidr, liesWithin } from '../../../src/netpol/index.js';

test('an address has one spelling', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['10.0.0.1', '10.0.0.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::', '::'],
    ['::1.2.3.4', '::102:304'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['10.0.0.01', null],
    ['::ffff:10.0.0.01', null],
    ['1::2::3', null],
    [' 10.0.0.1', null],
    ['10.1', null],
    ['0x0a000001', null],
    ['256.0.0.1', null],
    ['fe80::1%eth0', null],
    ['10.0.0.1/32', null],
    ['', null],
  ];
  for (const [text, address] of cases) assert.equal(canonicalAddress(text), address, text);
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
    ['fe80::%eth0/64', null],
    ['010.0.0.0/8', null],
    ['10.0.0.0/08', null],
    ['10.0.0.0/-1', null],
    ['10.0.0.0/', null],
    ['10.0.0.0', null],
    ['10.0.0.0/8/8', null],
  ];
  for (const [text, block] of cases) assert.equal(canonicalCidr(text), block, text);
});

test('a store may write one address without its prefix', () => {
  assert.equal(blockOf('10.0.0.1'), '10.0.0.1/32');
  assert.equal(blockOf('2001:db8::1'), '2001:db8::1/128');
  assert.equal(blockOf('10.0.0.0/8'), '10.0.0.0/8');
});

test('an address lies in blocks of its own family', () => {
  const cases: readonly (readonly [string, readonly string[], boolean])[] = [
    ['10.1.2.3', ['192.0.2.0/24', '10.0.0.0/8'], true],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['11.0.0.0', ['10.0.0.0/8'], false],
    ['10.1.2.3', ['::/0'], false],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:db8::1', ['0.0.0.0/0'], false],
    ['10.1.2.3', [], false],
    ['web', ['0.0.0.0/0'], false],
  ];
  for (const [text, blocks, lies] of cases) assert.equal(liesWithin(text, blocks), lies, text);
  assert.throws(() => liesWithin('10.0.0.1', ['10.0.0.0/33']), /`10.0.0.0\/33` is no block/);
});
