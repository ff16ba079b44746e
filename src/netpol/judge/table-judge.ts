import { isV4 } from '../addresses/address.js';
import type { Column } from '../brand.js';
import type { ClassId } from '../compile/class-id.js';
import type { Compiled } from '../compile/compiled.js';
import { Direction } from '../policy.js';
import { UNGOVERNED_OUTCOME } from '../rows/outcome-table.js';
import { denseCodes } from './dense-codes.js';
import { portCodesOf } from './judge.js';
import { outsideSides } from './outside-sides.js';
import type { Seat } from './seat.js';
import { type SideMatrix, sideMatrixOf, UNKNOWN_SIDE } from './side-matrix.js';
import type { SideId } from './side-table.js';
import { sidesOf } from './sides.js';

const NO_CLASS = -1 as ClassId;

/** What the tables know of the ends of flows, by their places; -1: nothing. */
type Ends = {
  readonly classes: Column<ClassId>;
  /** Places in the facts. */
  readonly pods: Int32Array;
  /** IPv4, outside the cluster. */
  readonly addresses: Float64Array;
};

const endsOf = (seats: readonly Seat[]): Ends => ({
  classes: Int32Array.from(seats, ({ podClass }) => podClass?.id ?? NO_CLASS) as Column<ClassId>,
  pods: Int32Array.from(seats, ({ pod }) => pod),
  addresses: Float64Array.from(seats, ({ address }) =>
    address !== null && isV4(address) ? address : -1,
  ),
});

/** Answers one direction of a flow, in numbers of sides, from flat tables. */
function lookUp(
  compiled: Compiled,
  direction: Direction,
  matrix: SideMatrix,
  { classes, addresses }: Ends,
) {
  const rows = matrix[direction];
  const sides = sidesOf(compiled);
  const ungoverned = sides.table.plain(UNGOVERNED_OUTCOME);
  const outside = outsideSides(sides, direction, compiled.engine.index.classes);
  const ofOutsider = (subject: number): SideId =>
    (addresses[subject] ?? -1) < 0 ? UNKNOWN_SIDE : ungoverned;
  const towardsOutsider = (id: ClassId, peer: number): SideId => {
    const address = addresses[peer] ?? -1;
    return address < 0 ? UNKNOWN_SIDE : outside(id, address);
  };
  return (subject: number, peer: number): SideId => {
    const id = classes[subject] ?? NO_CLASS;
    if (id < 0) return ofOutsider(subject);
    const peerId = classes[peer] ?? NO_CLASS;
    if (peerId < 0) return towardsOutsider(id, peer);
    return rows.at(id, peerId);
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

/** A row of the matrix costs one write for each class; a flow without it takes as long as some hundred of them. */
const WRITES_A_FLOW = 128;

/** Writes the rows of the classes that enough flows ask of. */
function fillRows(matrix: SideMatrix, { classes }: Ends, flows: FlowEnds, width: number): void {
  const fill = (direction: Direction, subjects: Int32Array): void => {
    const counts = new Int32Array(width);
    for (const subject of subjects) {
      const id = classes[subject] ?? NO_CLASS;
      if (id >= 0) counts[id] = (counts[id] ?? 0) + 1;
    }
    for (const [id, count] of counts.entries()) {
      if (count * WRITES_A_FLOW >= width) matrix[direction].fill(id as ClassId);
    }
  };
  fill(Direction.EGRESS, flows.sources);
  fill(Direction.INGRESS, flows.destinations);
}

type FlowEnds = { readonly sources: Int32Array; readonly destinations: Int32Array };

/**
 * Answers flows of pods and of IPv4 addresses outside from flat tables. They do not know a pod with itself,
 * hostNetwork pods, IPv6, ends of other kinds, and classes that few of `flows` ask of.
 */
export function tableJudge(
  compiled: Compiled,
  seats: readonly Seat[],
  flows: FlowEnds,
): TableJudge {
  const matrix = sideMatrixOf(compiled);
  const ends = endsOf(seats);
  const { pods } = ends;
  fillRows(matrix, ends, flows, compiled.engine.index.classes.length);
  const { table } = sidesOf(compiled);
  const codes = portCodesOf(compiled);
  const both = denseCodes(compiled.engine.table, table, codes, flows.sources.length);
  const egress = lookUp(compiled, Direction.EGRESS, matrix, ends);
  const ingress = lookUp(compiled, Direction.INGRESS, matrix, ends);
  return (source, destination, protocol, port) => {
    const pod = pods[source] ?? -1;
    if (pod >= 0 && pod === pods[destination]) return NO_CODE;
    const out = egress(source, destination);
    if (out === UNKNOWN_SIDE) return NO_CODE;
    const into = ingress(destination, source);
    return into === UNKNOWN_SIDE ? NO_CODE : both(out, into, protocol, port);
  };
}
