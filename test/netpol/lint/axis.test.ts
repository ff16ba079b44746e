import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesOf, EVERY_ADDRESS } from '../../../src/netpol/lint/address-axis.js';
import {
  ABSENT,
  type AxisSet,
  intersectAxis,
  isEmptyAxis,
  meetsAxis,
  noneOf,
  oneOf,
  PRESENT,
  rangesOf,
  subtractAxis,
  type ValueSet,
} from '../../../src/netpol/lint/axis.js';

const SETS: readonly (readonly [string, ValueSet])[] = [
  ['nothing', oneOf([])],
  ['x', oneOf(['x'])],
  ['x or y', oneOf(['x', 'y'])],
  ['anything', noneOf([])],
  ['all but x', noneOf(['x'])],
  ['all but y and z', noneOf(['y', 'z'])],
  ['any value', PRESENT],
  ['no value', ABSENT],
  ['x or no value', { ...oneOf(['x']), absent: true }],
  ['any value but y', { ...noneOf(['y']), absent: false }],
];

/** `other` stands for every value that no set lists; null for the absence of a value. */
const VALUES = ['x', 'y', 'z', 'other', null] as const;

const holds = (set: AxisSet, value: string | null): boolean => {
  assert.ok(set.type === 'values');
  return value === null ? set.absent : set.listed.has(value) !== set.except;
};

const valuesIn = (set: AxisSet) => VALUES.filter(value => holds(set, value));

for (const [name, one] of SETS) {
  test(`what ${name} shares with every other set, and what it has beyond it, holds the values that it should`, () => {
    for (const [otherName, other] of SETS) {
      assert.deepEqual(
        valuesIn(intersectAxis(one, other)),
        VALUES.filter(value => holds(one, value) && holds(other, value)),
        `and ${otherName}`,
      );
      assert.deepEqual(
        valuesIn(subtractAxis(one, other)),
        VALUES.filter(value => holds(one, value) && !holds(other, value)),
        `without ${otherName}`,
      );
    }
  });
}

test('two sets of values meet when some value, or the absence of one, is in both', () => {
  for (const [name, one] of SETS) {
    for (const [otherName, other] of SETS) {
      const shared = VALUES.some(value => holds(one, value) && holds(other, value));
      assert.equal(meetsAxis(one, other), shared, `${name} and ${otherName}`);
    }
  }
});

test('ranges meet when they share a number, their ends included', () => {
  const one = rangesOf([
    { from: 3n, to: 5n },
    { from: 8n, to: 9n },
  ]);
  const TABLE = [
    [1n, 2n, false],
    [1n, 3n, true],
    [4n, 4n, true],
    [5n, 6n, true],
    [6n, 7n, false],
    [9n, 20n, true],
    [10n, 20n, false],
    [1n, 20n, true],
  ] as const;
  for (const [from, to, meet] of TABLE) {
    assert.equal(meetsAxis(one, rangesOf([{ from, to }])), meet, `${from}-${to}`);
    assert.equal(meetsAxis(rangesOf([{ from, to }]), one), meet, `${from}-${to}`);
  }
  assert.equal(meetsAxis(one, rangesOf([])), false);
});

test('a set of values is empty when it holds neither a value nor the absence of one', () => {
  const empty = SETS.filter(([, set]) => isEmptyAxis(set)).map(([name]) => name);
  assert.deepEqual(empty, ['nothing']);
  assert.equal(isEmptyAxis(subtractAxis(oneOf(['x']), oneOf(['x', 'y']))), true);
});

test('ranges are cut and shared number by number', () => {
  const one = rangesOf([{ from: 1n, to: 10n }]);
  const other = rangesOf([
    { from: 3n, to: 4n },
    { from: 9n, to: 20n },
  ]);
  assert.deepEqual(
    intersectAxis(one, other),
    rangesOf([
      { from: 3n, to: 4n },
      { from: 9n, to: 10n },
    ]),
  );
  assert.deepEqual(
    subtractAxis(one, other),
    rangesOf([
      { from: 1n, to: 2n },
      { from: 5n, to: 8n },
    ]),
  );
  assert.equal(isEmptyAxis(subtractAxis(one, one)), true);
  assert.equal(isEmptyAxis(one), false);
});

test('an axis never changes from values to ranges or back', () => {
  const message = 'an axis holds either values or ranges';
  const [values, ranges] = [oneOf(['x']), rangesOf([{ from: 1n, to: 1n }])];
  for (const combine of [intersectAxis, subtractAxis, meetsAxis]) {
    assert.throws(() => combine(values, ranges), { message });
    assert.throws(() => combine(ranges, values), { message });
  }
});

/** IPv4 addresses come after the last IPv6 address. */
const V4 = 2n ** 128n;

test('a block covers its addresses, IPv4 after all of IPv6, and a text that is no block covers none', () => {
  const TABLE = [
    ['0.0.0.0/0', V4, V4 + 2n ** 32n - 1n],
    ['10.0.0.0/8', V4 + 167_772_160n, V4 + 184_549_375n],
    ['192.0.2.1/32', V4 + 3_221_225_985n, V4 + 3_221_225_985n],
    ['::/0', 0n, V4 - 1n],
    ['::a00:0/104', 167_772_160n, 184_549_375n],
  ] as const;
  for (const [cidr, from, to] of TABLE) {
    assert.deepEqual(addressesOf(cidr), rangesOf([{ from, to }]), cidr);
  }
  for (const cidr of ['shop', '', '10.0.0.0/33']) {
    assert.deepEqual(addressesOf(cidr), rangesOf([]), cidr);
  }
  assert.deepEqual(EVERY_ADDRESS, rangesOf([{ from: 0n, to: V4 + 2n ** 32n - 1n }]));
});
