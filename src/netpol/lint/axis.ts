import { intersect, type Range, subtract } from '../ranges.js';

/**
 * The values that one property of a connection may take: a label's value (or its absence), a
 * protocol, a range of addresses or ports. Closed under intersection and difference, so that
 * questions about *all possible* pods can be answered without listing pods.
 */
export type AxisSet = ValueSet | RangeSet;

/** Strings: those listed, or all but those listed; and whether the property may be absent. */
export type ValueSet = {
  readonly type: 'values';
  readonly absent: boolean;
  readonly except: boolean;
  readonly listed: ReadonlySet<string>;
};

/** Whole numbers, as sorted and disjoint ranges. */
export type RangeSet = { readonly type: 'ranges'; readonly ranges: readonly Range<bigint>[] };

export const oneOf = (values: Iterable<string>): ValueSet => ({
  type: 'values',
  absent: false,
  except: false,
  listed: new Set(values),
});

export const noneOf = (values: Iterable<string>): ValueSet => ({
  type: 'values',
  absent: true,
  except: true,
  listed: new Set(values),
});

export const PRESENT: ValueSet = {
  type: 'values',
  absent: false,
  except: true,
  listed: new Set(),
};

export const ABSENT: ValueSet = { type: 'values', absent: true, except: false, listed: new Set() };

export const rangesOf = (ranges: readonly Range<bigint>[]): RangeSet => ({
  type: 'ranges',
  ranges,
});

export const isEmptyAxis = (set: AxisSet): boolean =>
  set.type === 'ranges'
    ? set.ranges.length === 0
    : !set.absent && !set.except && set.listed.size === 0;

/** Both sets must be of one type: an axis never changes its own. */
export const intersectAxis = (one: AxisSet, other: AxisSet): AxisSet =>
  one.type === 'ranges'
    ? rangesOf(intersect(one.ranges, numbersOf(other)))
    : intersectValues(one, valuesOf(other));

/** Whether `intersectAxis` is not empty, without making it: most questions end here. */
export const meetsAxis = (one: AxisSet, other: AxisSet): boolean =>
  one.type === 'ranges'
    ? rangesMeet(one.ranges, numbersOf(other))
    : valuesMeet(one, valuesOf(other));

const rangesMeet = (one: readonly Range<bigint>[], other: readonly Range<bigint>[]): boolean => {
  let [i, j] = [0, 0];
  for (let a = one[0], b = other[0]; a && b; a = one[i], b = other[j]) {
    if (a.from <= b.to && b.from <= a.to) return true;
    if (a.to < b.to) i++;
    else j++;
  }
  return false;
};

const valuesMeet = (one: ValueSet, other: ValueSet): boolean => {
  if ((one.absent && other.absent) || (one.except && other.except)) return true;
  const [listing, by] = one.except ? [other, one] : [one, other];
  for (const value of listing.listed) if (by.listed.has(value) !== by.except) return true;
  return false;
};

export const subtractAxis = (one: AxisSet, other: AxisSet): AxisSet =>
  one.type === 'ranges'
    ? rangesOf(subtract(one.ranges, numbersOf(other)))
    : intersectValues(one, complementOf(valuesOf(other)));

const numbersOf = (set: AxisSet): readonly Range<bigint>[] => {
  if (set.type !== 'ranges') throw new Error('an axis holds either values or ranges');
  return set.ranges;
};

const valuesOf = (set: AxisSet): ValueSet => {
  if (set.type !== 'values') throw new Error('an axis holds either values or ranges');
  return set;
};

const complementOf = (set: ValueSet): ValueSet => ({
  type: 'values',
  absent: !set.absent,
  except: !set.except,
  listed: set.listed,
});

const intersectValues = (one: ValueSet, other: ValueSet): ValueSet => {
  const absent = one.absent && other.absent;
  if (one.except && other.except) {
    return {
      type: 'values',
      absent,
      except: true,
      listed: new Set([...one.listed, ...other.listed]),
    };
  }
  return { type: 'values', absent, except: false, listed: commonValues(one, other) };
};

/** The listed values of two sets of which at least one lists what it holds. */
const commonValues = (one: ValueSet, other: ValueSet): ReadonlySet<string> => {
  if (one.except) return commonValues(other, one);
  return new Set([...one.listed].filter(value => other.listed.has(value) !== other.except));
};
