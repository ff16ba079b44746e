/** What a record counts; null where its source does not count it. */
export type Counts = {
  readonly events: number;
  readonly connections: number | null;
  readonly bytes: number | null;
};

type Sum = { events: number; connections: number; bytes: number };

/** By conversation: the sum of each reporter, and the largest of each number, which has been counted. */
type Shared = { readonly byReporter: Map<string, Sum>; readonly counted: Sum };

export type ReportedTwice = { young: Map<string, Shared>; old: Map<string, Shared> };

export const newReportedTwice = (): ReportedTwice => ({ young: new Map(), old: new Map() });

/** Conversations remembered: two generations of so many. */
const GENERATION = 30_000;

const zero = (): Sum => ({ events: 0, connections: 0, bytes: 0 });

const sharedOf = (state: ReportedTwice, key: string): Shared => {
  const known = state.young.get(key);
  if (known !== undefined) return known;
  if (state.young.size >= GENERATION) {
    state.old = state.young;
    state.young = new Map();
  }
  const shared = state.old.get(key) ?? { byReporter: new Map<string, Sum>(), counted: zero() };
  state.young.set(key, shared);
  return shared;
};

/** Adds to a reporter's number; answers by how much the largest of all reporters grew. */
const grow = (shared: Shared, sum: Sum, field: keyof Sum, by: number): number => {
  sum[field] += by;
  const more = Math.max(0, sum[field] - shared.counted[field]);
  shared.counted[field] += more;
  return more;
};

/**
 * What a record adds where both ends, or several nodes, report the same conversation: the sum over all
 * records is the largest sum of one reporter, in whatever order they come.
 */
export const countReport = (
  state: ReportedTwice,
  key: string,
  reporter: string,
  { events, connections, bytes }: Counts,
): Counts => {
  const shared = sharedOf(state, key);
  const sum = shared.byReporter.get(reporter) ?? zero();
  shared.byReporter.set(reporter, sum);
  return {
    events: grow(shared, sum, 'events', events),
    connections: connections === null ? null : grow(shared, sum, 'connections', connections),
    bytes: bytes === null ? null : grow(shared, sum, 'bytes', bytes),
  };
};
