/** Remembers what `compute` answers for two numbers, in arrays: millions of pairs ask for some thousand answers. */
export function grid(
  compute: (one: number, other: number) => number,
): (one: number, other: number) => number {
  const known: Int32Array[] = [];
  const roomFor = (one: number, other: number): Int32Array => {
    const row = known[one];
    if (row !== undefined && other < row.length) return row;
    const longer = new Int32Array(Math.max(64, other * 2)).fill(-1);
    if (row !== undefined) longer.set(row);
    known[one] = longer;
    return longer;
  };
  return (one, other) => {
    const row = roomFor(one, other);
    const before = row[other] ?? -1;
    if (before >= 0) return before;
    const answer = compute(one, other);
    row[other] = answer;
    return answer;
  };
}
