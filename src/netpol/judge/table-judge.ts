import { isV4 } from '../addresses/address.js';
import type { Compiled } from '../compile/compiled.js';
import { Direction } from '../policy.js';
import { UNGOVERNED_OUTCOME } from '../rows/outcome-table.js';
import { denseCodes } from './dense-codes.js';
import { portCodesOf } from './judge.js';
import { outsideSides } from './outside-sides.js';
import type { Seat } from './seat.js';
import { type SideRows, sideMatrixOf, UNKNOWN_SIDE } from './side-matrix.js';
import { sidesOf } from './sides.js';

/** What the tables know of the ends of flows, by their places; -1: nothing. */
type Ends = {
  readonly classes: Int32Array;
  /** Places in the facts. */
  readonly pods: Int32Array;
  /** IPv4, outside the cluster. */
  readonly addresses: Float64Array;
};

const endsOf = (seats: readonly Seat[]): Ends => ({
  classes: Int32Array.from(seats, ({ podClass }) => podClass?.id ?? -1),
  pods: Int32Array.from(seats, ({ pod }) => pod),
  addresses: Float64Array.from(seats, ({ address }) =>
    address !== null && isV4(address) ? address : -1,
  ),
});

/** Answers one direction of a flow, in numbers of sides, from flat tables. */
function lookUp(
  compiled: Compiled,
  direction: Direction,
  { starts, cells }: SideRows,
  { classes, addresses }: Ends,
) {
  const sides = sidesOf(compiled);
  const ungoverned = sides.table.plain(UNGOVERNED_OUTCOME);
  const outside = outsideSides(sides, direction, compiled.engine.index.classes);
  const ofOutsider = (subject: number): number =>
    (addresses[subject] ?? -1) < 0 ? UNKNOWN_SIDE : ungoverned;
  const towardsOutsider = (id: number, peer: number): number => {
    const address = addresses[peer] ?? -1;
    return address < 0 ? UNKNOWN_SIDE : outside(id, address);
  };
  return (subject: number, peer: number): number => {
    const id = classes[subject] ?? -1;
    if (id < 0) return ofOutsider(subject);
    const peerId = classes[peer] ?? -1;
    if (peerId < 0) return towardsOutsider(id, peer);
    return cells[(starts[id] ?? 0) + peerId] ?? UNKNOWN_SIDE;
  };
}

/** Not a code: the tables do not know the flow. */
export const NO_CODE = -1;

/** Answers a flow by the places of its ends; `NO_CODE` where the tables do not know it. */
export type TableJudge = (
  source: number,
  destination: number,
  protocol: number,
  port: number,
) => number;

/**
 * Answers flows of pods and of IPv4 addresses outside from flat tables. They do not know a pod with itself, an address
 * and a hostNetwork pod, IPv6, and ends of other kinds; nor anything where there are too many classes.
 */
export function tableJudge(compiled: Compiled, seats: readonly Seat[], flows: number): TableJudge {
  const matrix = sideMatrixOf(compiled);
  if (matrix === null) return () => NO_CODE;
  const ends = endsOf(seats);
  const { classes, pods } = ends;
  for (const id of new Set(classes)) matrix.fill(id);
  const { table } = sidesOf(compiled);
  const both = denseCodes(compiled.engine.table, table, portCodesOf(compiled), flows);
  const egress = lookUp(compiled, Direction.EGRESS, matrix.egress, ends);
  const ingress = lookUp(compiled, Direction.INGRESS, matrix.ingress, ends);
  return (source, destination, protocol, port) => {
    const pod = pods[source] ?? -1;
    if (pod >= 0 && pod === pods[destination]) return NO_CODE;
    const out = egress(source, destination);
    const into = ingress(destination, source);
    if (out === UNKNOWN_SIDE || into === UNKNOWN_SIDE) return NO_CODE;
    return both(out, into, protocol, port);
  };
}
