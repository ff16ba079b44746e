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

const values = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 2 });

const set: fc.Arbitrary<AxisSet> = fc.oneof(
  { weight: 4, arbitrary: values.map(oneOf) },
  { weight: 1, arbitrary: values.map(noneOf) },
  fc.constantFrom(PRESENT, ABSENT),
);

const box: fc.Arbitrary<Box> = fc
  .tuple(fc.dictionary(fc.constantFrom('app', 'tier', 'team'), set), fc.bigInt(1n, 9n))
  .map(([axes, port]) => {
    const ports = rangesOf([{ from: port, to: port + 2n }]);
    return new Map<string, AxisSet>([...Object.entries(axes), ['port', ports]]);
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
