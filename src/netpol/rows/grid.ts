import type { Column } from '../brand.js';

/** A row and a column for each number below: 4 MB at the most. */
const WIDTH = 1_024;

/**
 * Remembers what `compute` answers for two numbers, in arrays: millions of pairs ask for some thousand answers. Of larger
 * numbers nothing is remembered: who has so many seldom asks twice.
 */
export function grid<Id extends number>(
  compute: (one: Id, other: Id) => Id,
): (one: Id, other: Id) => Id {
  const known: Column<Id>[] = [];
  const roomFor = (one: Id, other: Id): Column<Id> => {
    const row = known[one];
    if (row !== undefined && other < row.length) return row;
    const longer = new Int32Array(Math.min(WIDTH, Math.max(64, other * 2))).fill(-1) as Column<Id>;
    if (row !== undefined) longer.set(row);
    known[one] = longer;
    return longer;
  };
  return (one, other) => {
    if (one >= WIDTH || other >= WIDTH) return compute(one, other);
    const row = roomFor(one, other);
    const before = row[other];
    if (before !== undefined && before >= 0) return before;
    const answer = compute(one, other);
    row[other] = answer;
    return answer;
  };
}
