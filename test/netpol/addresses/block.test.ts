import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAddress, parseAddress } from '../../../src/netpol/addresses/address.js';
import {
  contains,
  cutsOf,
  NO_ADDRESSES,
  onlyAddress,
  parseCidr,
  uniteBlocks,
} from '../../../src/netpol/addresses/block.js';
import { METADATA_ADDRESSES } from '../../../src/netpol/index.js';

/** `a-b` a range. */
const rangesOf = (cidr: string): string | null => {
  const block = parseCidr(cidr);
  return (
    block &&
    [...block.v4, ...block.v6]
      .map(({ from, to }) => `${formatAddress(from)}-${formatAddress(to)}`)
      .join(' ')
  );
};

const CIDRS: Readonly<Record<string, string | null>> = {
  '10.0.0.0/8': '10.0.0.0-10.255.255.255',
  '10.1.2.3': '10.1.2.3-10.1.2.3',
  '0.0.0.0/0': '0.0.0.0-255.255.255.255',
  '10.1.2.3/32': '10.1.2.3-10.1.2.3',
  '10.1.2.3/33': null,
  '10.1.2.3/': null,
  '10.1.2.3/8/8': null,
  '10.1.2.3/08': null,
  '10.1.2.3/x': null,
  '10.1.2/8': null,
  '10.1.2.256/8': null,
  '/8': null,
  'fd00::1': 'fd00::1-fd00::1',
  'fd00::1/64': 'fd00::-fd00::ffff:ffff:ffff:ffff',
  '::/0': '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '::/129': null,
  '::ffff:10.0.0.0/104': '10.0.0.0-10.255.255.255',
  '::ffff:10.0.0.0/96': '0.0.0.0-255.255.255.255',
  '::ffff:10.0.0.0/95': null,
};

for (const [cidr, expected] of Object.entries(CIDRS)) {
  test(`the block ${cidr} is ${expected ?? 'none'}`, () => {
    assert.equal(rangesOf(cidr), expected);
  });
}

const ADDRESSES: Readonly<Record<string, string | null>> = {
  '1:2:3:4:5:6:1.2.3.4': '1:2:3:4:5:6:102:304',
  '::1.2.3.4': '::102:304',
  '::ffff:1.2.3.4': '1.2.3.4',
  '::1.2.3.4:5': null,
  '1.2.3.4::': null,
  '::1.2.3': null,
  '::12345': null,
  '::1g': null,
  '::g1': null,
  '1:2:3:4:5:6:7:8': '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7': null,
  '1:2:3:4:5:6:7::8': null,
  '1:2:3:4:5:6::8': '1:2:3:4:5:6:0:8',
  '1:2:3:4:5:6:7::': '1:2:3:4:5:6:7:0',
  '1::2::3': null,
  'g::1': null,
  '1::g': null,
  '::': '::',
  '': null,
};

for (const [text, expected] of Object.entries(ADDRESSES)) {
  test(`the address \`${text}\` is ${expected ?? 'none'}`, () => {
    const address = parseAddress(text);
    assert.equal(address === null ? null : formatAddress(address), expected);
  });
}

const blockOf = (...cidrs: readonly string[]) =>
  uniteBlocks(cidrs.map(cidr => parseCidr(cidr) ?? NO_ADDRESSES));

test('only a block of one address of one family is one address', () => {
  const one = (...cidrs: readonly string[]) => {
    const address = onlyAddress(blockOf(...cidrs));
    return address === null ? null : formatAddress(address);
  };
  assert.equal(one('10.0.0.1/32'), '10.0.0.1');
  assert.equal(one('fd00::1/128'), 'fd00::1');
  assert.equal(one('10.0.0.0/31'), null);
  assert.equal(one('10.0.0.1/32', '10.0.0.3/32'), null);
  assert.equal(one('10.0.0.1/32', 'fd00::1/128'), null);
  assert.equal(one(), null);
});

test('cuts are the borders of all blocks, in order, each once, without those of the whole family', () => {
  const cuts = (...cidrs: readonly string[]) => {
    const { v4, v6 } = cutsOf(cidrs.map(cidr => parseCidr(cidr) ?? NO_ADDRESSES));
    return [...v4, ...v6].map(formatAddress);
  };
  assert.deepEqual(cuts('0.0.0.0/0', '::/0'), []);
  assert.deepEqual(cuts('192.0.2.0/24', '10.0.0.0/8', '10.0.0.0/16', '9.0.0.0/8'), [
    '9.0.0.0',
    '10.0.0.0',
    '10.1.0.0',
    '11.0.0.0',
    '192.0.2.0',
    '192.0.3.0',
  ]);
  assert.deepEqual(cuts('128.0.0.0/1', '255.255.255.255/32', '0.0.0.0/32'), [
    '0.0.0.1',
    '128.0.0.0',
    '255.255.255.255',
  ]);
  assert.deepEqual(cuts('fd00::/64', '2001:db8::/32', '8000::/1', '::/128', 'ff00::/8'), [
    '::1',
    '2001:db8::',
    '2001:db9::',
    '8000::',
    'fd00::',
    'fd00:0:0:1::',
    'ff00::',
  ]);
  assert.deepEqual(cuts('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'), [
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ]);
});

test('an address is found among many ranges', () => {
  const block = blockOf('10.0.0.0/32', '10.0.0.2/32', '10.0.0.4/31', '10.0.0.9/32', 'fd00::2/127');
  const inside = ['0', '1', '2', '3', '4', '5', '6', '8', '9', '10'].filter(last =>
    contains(block, parseAddress(`10.0.0.${last}`) ?? 0),
  );
  assert.deepEqual(inside, ['0', '2', '4', '5', '9']);
  assert.equal(contains(block, parseAddress('fd00::3') ?? 0), true);
  assert.equal(contains(block, parseAddress('fd00::4') ?? 0), false);
  assert.equal(contains(NO_ADDRESSES, 1), false);
  assert.equal(contains(NO_ADDRESSES, 1n), false);
});

test('the metadata services of the clouds are known, as addresses are written', () => {
  assert.deepEqual(
    [...METADATA_ADDRESSES],
    [
      '169.254.169.254',
      '169.254.169.252',
      '169.254.170.2',
      '100.100.100.200',
      'fd00:ec2::254',
      'fd20:ce::254',
    ],
  );
  for (const text of METADATA_ADDRESSES) assert.equal(formatAddress(parseAddress(text) ?? 0), text);
});
