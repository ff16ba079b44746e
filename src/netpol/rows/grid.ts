import type { Column } from '../brand.js';

/** Remembers what `compute` answers for two numbers, in arrays: millions of pairs ask for some thousand answers. */
export function grid<Id extends number>(
  compute: (one: Id, other: Id) => Id,
): (one: Id, other: Id) => Id {
  const known: Column<Id>[] = [];
  const roomFor = (one: Id, other: Id): Column<Id> => {
    const row = known[one];
    if (row !== undefined && other < row.length) return row;
    const longer = new Int32Array(Math.max(64, other * 2)).fill(-1) as Column<Id>;
    if (row !== undefined) longer.set(row);
    known[one] = longer;
    return longer;
  };
  return (one, other) => {
    const row = roomFor(one, other);
    const before = row[other];
    if (before !== undefined && before >= 0) return before;
    const answer = compute(one, other);
    row[other] = answer;
    return answer;
  };
}
