import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../../src/netpol/addresses/address.js';
import { cutsOf, parseCidr } from '../../../src/netpol/addresses/block.js';
import { type AddressCells, addressCells } from '../../../src/netpol/compile/address-cells.js';
import type { ClassId } from '../../../src/netpol/compile/class-id.js';
import { compile, connectivityMap, formatMapPeer, withChange } from '../../../src/netpol/index.js';
import { adminPolicy, facts, networks, pod } from '../evaluation/build.js';

type Entry = readonly [address: string, cell: string, podClass: number];

function cellsOf(...entries: readonly Entry[]): AddressCells {
  const cells = addressCells();
  for (const [text, cell, podClass] of entries) {
    const address = parseAddress(text);
    if (address === null) throw new Error(`no address: ${text}`);
    cells.add(cell, address, podClass as ClassId);
  }
  return cells;
}

function blockOf(text: string) {
  const block = parseCidr(text);
  if (block === null) throw new Error(`no block: ${text}`);
  return block;
}

/** From the first to the last of three addresses of one cell lie the addresses 2 to 5. */
const SPLITS: readonly (readonly [string, string, boolean])[] = [
  ['ends below them', '0/31', false],
  ['begins with the first', '2/31', true],
  ['is the first', '2/32', true],
  ['lies between them', '3/32', true],
  ['is the last', '5/32', true],
  ['begins behind them', '6/31', false],
  ['holds them all', '0/29', false],
];

/** The suffix of a block in IPv6, which has 96 bits more. */
const inV6 = (suffix: string): string => suffix.replace(/\d+$/, bits => String(Number(bits) + 96));

const ORDERS: readonly (readonly number[])[] = [
  [2, 3, 5],
  [5, 3, 2],
  [3, 5, 2],
  [5, 2, 3],
];

for (const [title, suffix, expected] of SPLITS) {
  test(`addresses of one cell are ${expected ? '' : 'not '}parted by a block that ${title}`, () => {
    for (const order of ORDERS) {
      const v4 = cellsOf(...order.map(last => [`10.0.0.${last}`, '4.0', 0] as const));
      const v6 = cellsOf(...order.map(last => [`fd00::${last}`, '6.0', 0] as const));
      const ofV4 = cutsOf([blockOf(`10.0.0.${suffix}`)]);
      const ofV6 = cutsOf([blockOf(`fd00::${inV6(suffix)}`)]);
      assert.deepEqual([v4.splits(ofV4), v6.splits(ofV6)], [expected, expected]);
      assert.deepEqual([v4.splits(ofV6), v6.splits(ofV4)], [false, false]);
    }
  });
}

test('a block that begins with the first address of a cell and holds the last one parts nothing', () => {
  const v4 = cellsOf(['10.0.0.2', '4.0', 0], ['10.0.0.3', '4.0', 0]);
  const v6 = cellsOf(['fd00::2', '6.0', 0], ['fd00::3', '6.0', 0]);
  assert.equal(v4.splits(cutsOf([blockOf('10.0.0.2/31')])), false);
  assert.equal(v6.splits(cutsOf([blockOf('fd00::2/127')])), false);
});

test('the classes in a block come in the order of their numbers, whatever cell was first', () => {
  const cells = cellsOf(
    ['10.0.0.1', '4.1', 0],
    ['10.0.1.1', '4.2', 1],
    ['10.0.0.2', '4.1', 11],
    ['10.0.0.3', '4.1', 2],
    ['10.0.1.2', '4.2', 2],
  );
  assert.deepEqual(cells.classesIn(blockOf('10.0.0.0/16')), [0, 1, 2, 11]);
  assert.deepEqual(cells.classesIn(blockOf('10.0.0.0/24')), [0, 2, 11]);
  assert.deepEqual(cells.classesIn(blockOf('10.0.1.0/24')), [1, 2]);
});

for (const addresses of [
  ['fd00::1', 'fd00::2'],
  ['10.0.0.2', '10.0.0.1'],
] as const) {
  test(`a put policy that denies one of two equal pods leaves the other: ${addresses.join(', ')}`, () => {
    const twins = addresses.map((address, place) =>
      pod(`shop/t${place}`, { labels: {}, addresses: [address] }),
    );
    const before = compile(facts({ pods: [...twins, pod('shop/api')] }), []);
    const denied = adminPolicy({
      egress: [{ action: 'DENY', peers: [networks(addresses[1])] }],
    });
    const now = withChange(before, { policies: { put: [denied] } });
    const reached = [...connectivityMap(now)]
      .filter(({ source }) => formatMapPeer(source) === 'shop/api[Deployment]')
      .map(({ destination }) => formatMapPeer(destination));
    assert.ok(reached.includes('shop/t0[Deployment]'));
    assert.ok(!reached.includes('shop/t1[Deployment]'));
  });
}
