import type { Column } from '../brand.js';
import type { ClassId } from '../compile/class-id.js';
import type { Compiled } from '../compile/compiled.js';
import { Direction } from '../policy.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import type { Row } from '../rows/row.js';
import { type Allowed, allowedOf } from './allowed.js';
import { namedBy, type Workload, workloadsOf } from './workloads.js';

/** Pairs of places in `workloadsOf`, and the number of what is allowed between them. */
export type PairColumns = {
  readonly sources: Int32Array;
  readonly destinations: Int32Array;
  readonly traffic: Column<TrafficId>;
};

/** Numbers that are appended one by one and kept without an object each: a map can have millions of rows. */
function numbers() {
  let room = new Int32Array(1_024);
  let length = 0;
  return {
    push(number: number): void {
      if (length === room.length) {
        const larger = new Int32Array(length * 2);
        larger.set(room);
        room = larger;
      }
      room[length++] = number;
    },
    done: (): Int32Array => room.slice(0, length),
  };
}

function pairColumns() {
  const [sources, destinations, traffic] = [numbers(), numbers(), numbers()];
  return {
    push(source: number, destination: number, ports: TrafficId): void {
      sources.push(source);
      destinations.push(destination);
      traffic.push(ports);
    },
    done: (): PairColumns => ({
      sources: sources.done(),
      destinations: destinations.done(),
      traffic: traffic.done() as Column<TrafficId>,
    }),
  };
}

/** The row of each workload, as a place among the distinct rows. */
function distinctRows(allowed: Allowed, direction: Direction, workloads: readonly Workload[]) {
  const places = new Map<Row, number>();
  const rowOf = Int32Array.from(workloads, ({ podClass }) => {
    const row = allowed.row(direction, podClass);
    const place = places.get(row) ?? places.size;
    places.set(row, place);
    return place;
  });
  return { rows: [...places.keys()], rowOf };
}

/** Rows one after the other, each a number for every workload. */
function matrixOf(
  allowed: Allowed,
  rows: readonly Row[],
  classes: Column<ClassId>,
): Column<TrafficId> {
  const matrix = new Int32Array(rows.length * classes.length) as Column<TrafficId>;
  for (const [place, row] of rows.entries()) {
    const ports = allowed.spread(row);
    const start = place * classes.length;
    for (let at = 0; at < classes.length; at++)
      matrix[start + at] = ports[classes[at] ?? 0] ?? NOTHING;
  }
  return matrix;
}

/** Up to this many numbers a matrix is worth its room: 64 MB. */
const LARGEST = 2 ** 24;

/** All pairs by flat matrices: 4,000,000 pairs in some 50 ms. */
export function densePairs(compiled: Compiled, workloads: readonly Workload[]): PairColumns {
  const allowed = allowedOf(compiled);
  const count = workloads.length;
  const classes = Int32Array.from(workloads, ({ podClass }) => podClass.id) as Column<ClassId>;
  const out = distinctRows(allowed, Direction.EGRESS, workloads);
  const into = distinctRows(allowed, Direction.INGRESS, workloads);
  const egress = matrixOf(allowed, out.rows, classes);
  const ingress = matrixOf(allowed, into.rows, classes);
  const columns = into.rowOf.map(row => row * count);
  const pairs = pairColumns();
  const pairsFrom = (from: number, start: number): void => {
    for (let to = 0; to < count; to++) {
      const one = egress[start + to] ?? NOTHING;
      if (one === NOTHING || from === to) continue;
      const ports = allowed.both(one, ingress[(columns[to] ?? 0) + from] ?? NOTHING);
      if (ports !== NOTHING) pairs.push(from, to, ports);
    }
  };
  for (let from = 0; from < count; from++) pairsFrom(from, (out.rowOf[from] ?? 0) * count);
  return pairs.done();
}

/** Places of workloads, by whether their row is open to peers that no rule tells apart. */
function byRest(allowed: Allowed, direction: Direction, workloads: readonly Workload[]) {
  const isOpen = ({ podClass }: Workload): boolean =>
    allowed.allowsRest(allowed.row(direction, podClass));
  const open: number[] = [];
  const closed: number[] = [];
  for (const [place, workload] of workloads.entries()) {
    (isOpen(workload) ? open : closed).push(place);
  }
  return { open, closed };
}

/**
 * Pair by pair, where there are too many for matrices. A closed row names the few peers that it can
 * be open to; only where both ends are open is every pair looked at, and is then a pair of the map.
 */
export function sparsePairs(compiled: Compiled, workloads: readonly Workload[]): PairColumns {
  const allowed = allowedOf(compiled);
  const pairs = pairColumns();
  const ask = (from: number, to: number): void => {
    const [source, destination] = [workloads[from], workloads[to]];
    if (source === undefined || destination === undefined || from === to) return;
    const ports = allowed.between(source.podClass, destination.podClass);
    if (ports !== NOTHING) pairs.push(from, to, ports);
  };
  const named = (direction: Direction, place: number): readonly number[] => {
    const workload = workloads[place];
    return workload === undefined
      ? []
      : namedBy(compiled, allowed.row(direction, workload.podClass));
  };
  const egress = byRest(allowed, Direction.EGRESS, workloads);
  const ingress = byRest(allowed, Direction.INGRESS, workloads);
  for (const from of egress.closed) {
    for (const to of named(Direction.EGRESS, from)) ask(from, to);
  }
  const openEgress = new Set(egress.open);
  for (const to of ingress.closed) {
    for (const from of named(Direction.INGRESS, to)) if (openEgress.has(from)) ask(from, to);
  }
  for (const from of egress.open) for (const to of ingress.open) ask(from, to);
  return pairs.done();
}

/** All pairs of workloads with some connection; a workload is not paired with itself. */
export function workloadPairs(compiled: Compiled): PairColumns {
  const workloads = workloadsOf(compiled);
  return workloads.length ** 2 <= LARGEST
    ? densePairs(compiled, workloads)
    : sparsePairs(compiled, workloads);
}
