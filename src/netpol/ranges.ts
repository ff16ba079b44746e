/** Ports and IPv4 addresses are numbers, IPv6 addresses bigints; one list never mixes the two. */
export type Whole = number | bigint;

/** `from` to `to`, both inclusive. */
export type Range<T extends Whole = number> = { readonly from: T; readonly to: T };

export const next = <T extends Whole>(value: T): T =>
  (typeof value === 'bigint' ? value + 1n : Number(value) + 1) as T;

export const previous = <T extends Whole>(value: T): T =>
  (typeof value === 'bigint' ? value - 1n : Number(value) - 1) as T;

export const ascending = (one: Whole, other: Whole): number =>
  one < other ? -1 : one > other ? 1 : 0;

/** Sorted and disjoint; ranges that touch become one. */
export function unite<T extends Whole>(ranges: readonly Range<T>[]): readonly Range<T>[] {
  const sorted = [...ranges].sort((one, other) => ascending(one.from, other.from));
  const united: Range<T>[] = [];
  for (const range of sorted) {
    const last = united.at(-1);
    if (last === undefined || next(last.to) < range.from) united.push(range);
    else if (range.to > last.to) united[united.length - 1] = { from: last.from, to: range.to };
  }
  return united;
}

/** Both lists sorted and disjoint, as `unite` answers them. */
export function intersect<T extends Whole>(
  one: readonly Range<T>[],
  other: readonly Range<T>[],
): readonly Range<T>[] {
  const shared: Range<T>[] = [];
  let i = 0;
  let j = 0;
  for (let a = one[i], b = other[j]; a && b; a = one[i], b = other[j]) {
    const from = ascending(a.from, b.from) < 0 ? b.from : a.from;
    const to = ascending(a.to, b.to) < 0 ? a.to : b.to;
    if (from <= to) shared.push({ from, to });
    if (a.to < b.to) i++;
    else j++;
  }
  return shared;
}

/** What of `range` lies in none of `taken`, which is sorted and disjoint. */
function remainder<T extends Whole>(
  range: Range<T>,
  taken: readonly Range<T>[],
): readonly Range<T>[] {
  const rest: Range<T>[] = [];
  let from = range.from;
  for (const cut of taken) {
    if (cut.to < from) continue;
    if (cut.from > range.to) break;
    if (cut.from > from) rest.push({ from, to: previous(cut.from) });
    from = next(cut.to);
  }
  if (from <= range.to) rest.push({ from, to: range.to });
  return rest;
}

/** Both lists sorted and disjoint, as `unite` answers them. */
export const subtract = <T extends Whole>(
  one: readonly Range<T>[],
  other: readonly Range<T>[],
): readonly Range<T>[] => one.flatMap(range => remainder(range, other));

/** The list is sorted and disjoint, as `unite` answers it. */
export function holds<T extends Whole>(ranges: readonly Range<T>[], value: T): boolean {
  for (const { from, to } of ranges) if (value <= to) return from <= value;
  return false;
}
