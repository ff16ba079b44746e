import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ABSENT,
  type AxisSet,
  noneOf,
  oneOf,
  PRESENT,
  rangesOf,
} from '../../../src/netpol/lint/axis.js';
import { type Box, intersectBoxes } from '../../../src/netpol/lint/box.js';
import { boxIndex } from '../../../src/netpol/lint/box-index.js';
import { intervalIndex } from '../../../src/netpol/lint/interval-index.js';
import { unite } from '../../../src/netpol/ranges.js';

const values = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 2 });

const set: fc.Arbitrary<AxisSet> = fc.oneof(
  { weight: 4, arbitrary: values.map(oneOf) },
  { weight: 1, arbitrary: values.map(noneOf) },
  fc.constantFrom(PRESENT, ABSENT),
);

/** Of any width, so that they nest, overlap, touch and lie apart. */
const ranges: fc.Arbitrary<AxisSet> = fc
  .array(fc.tuple(fc.bigInt(1n, 40n), fc.bigInt(0n, 12n)), { minLength: 1, maxLength: 3 })
  .map(some => rangesOf(unite(some.map(([from, width]) => ({ from, to: from + width })))));

const box: fc.Arbitrary<Box> = fc
  .tuple(fc.dictionary(fc.constantFrom('app', 'tier', 'team'), set), fc.option(ranges))
  .map(([axes, ports]) => {
    const held = ports === null ? [] : [['port', ports] as const];
    return new Map<string, AxisSet>([...Object.entries(axes), ...held]);
  });

test('every box that shares something with one is found, in order, and of the others few', () => {
  let [found, all] = [0, 0];
  fc.assert(
    fc.property(fc.array(box, { maxLength: 30 }), box, (boxes, asked) => {
      const places = boxIndex(boxes)(asked);
      const sharing = [...boxes.keys()].filter(place => {
        const other = boxes[place];
        return other !== undefined && intersectBoxes(asked, other) !== null;
      });
      const told = new Set(places);
      assert.ok(sharing.every(place => told.has(place)));
      assert.deepEqual(
        places,
        [...told].sort((one, other) => one - other),
      );
      found += places.length;
      all += boxes.length;
    }),
  );
  assert.ok(found < all * 0.9, `${found} of ${all}`);
});

test('of policies for one workload each, one is left to be held against another of that workload', () => {
  const boxes = Array.from({ length: 100 }, (_, place) => new Map([['app', oneOf([`a${place}`])]]));
  const index = boxIndex([...boxes, new Map()]);
  assert.deepEqual(index(new Map([['app', oneOf(['a7'])]])), [7, 100]);
  assert.deepEqual(index(new Map([['app', oneOf(['a7', 'a3'])]])), [3, 7, 100]);
  assert.equal(index(new Map()).length, 101);
});

test('the ranges that meet one are counted and found, each with its place', () => {
  const range = fc
    .tuple(fc.bigInt(0n, 60n), fc.bigInt(0n, 30n))
    .map(([from, width]) => ({ from, to: from + width }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 40 }), range, (held, asked) => {
      const index = intervalIndex(held.map((one, place) => ({ range: one, place })));
      const meeting = [...held.keys()].filter(place => {
        const one = held[place];
        return one !== undefined && one.from <= asked.to && asked.from <= one.to;
      });
      assert.deepEqual(
        index.meeting(asked).toSorted((one, other) => one - other),
        meeting,
      );
      assert.equal(index.count(asked), meeting.length);
    }),
  );
});

test('of many blocks inside of one that holds them all, few are left to be held against one', () => {
  const block = (from: number, width: number): Box =>
    new Map([['peer.address', rangesOf([{ from: BigInt(from), to: BigInt(from + width) }])]]);
  const index = boxIndex([
    block(0, 1_000_000),
    ...Array.from({ length: 500 }, (_, place) => block(place * 256, 255)),
  ]);
  assert.deepEqual(index(block(7 * 256 + 3, 1)), [0, 8]);
  assert.deepEqual(index(block(900_000, 1)), [0]);
});
