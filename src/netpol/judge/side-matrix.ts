import { type Compiled, own } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { Direction } from '../policy.js';
import { type Sides, sidesOf } from './sides.js';

/** Not a number of a side: ask for it. */
export const UNKNOWN_SIDE = 0xffff;

/** Up to this many classes two matrices are kept: 32 MB each at most. */
const LARGEST = 4_096;

/** Numbers of sides towards every class, in rows; subjects that agree share a row. */
export type SideRows = {
  /** Where the row of a subject begins in `cells`, by the id of its class. */
  readonly starts: Int32Array;
  readonly cells: Uint16Array;
};

export type SideMatrix = {
  readonly egress: SideRows;
  readonly ingress: SideRows;
  /** Fills in the rows of a subject. Reading them before is a mistake. */
  fill(subject: number): void;
};

const emptyRows = (classes: number): SideRows => ({
  starts: new Int32Array(classes),
  cells: new Uint16Array(classes * classes),
});

/** Writes the row of one subject after another, those that agree once. */
function writerOf(sides: Sides, direction: Direction, { starts, cells }: SideRows) {
  const size = starts.length;
  const known = new Map<object, number>();
  let end = 0;
  return (subject: PodClass): void => {
    const shared = sides.sharedRow(direction, subject);
    const before = shared === null ? undefined : known.get(shared);
    starts[subject.id] = before ?? end;
    if (before !== undefined) return;
    if (shared !== null) known.set(shared, end);
    sides.rowInto(direction, subject, cells.subarray(end, end + size), UNKNOWN_SIDE);
    end += size;
  };
}

/**
 * Flat tables of the sides between classes of pods, filled a row at a time. A flow between two pods
 * then costs two reads, where following the rows costs a dozen. Null where there are too many
 * classes.
 */
export const sideMatrixOf = (compiled: Compiled): SideMatrix | null =>
  own(compiled.engine, 'side matrix', () => {
    const { classes } = compiled.engine.index;
    if (classes.length > LARGEST) return null;
    const sides = sidesOf(compiled);
    const filled = new Uint8Array(classes.length);
    const [egress, ingress] = [emptyRows(classes.length), emptyRows(classes.length)];
    const writeEgress = writerOf(sides, Direction.EGRESS, egress);
    const writeIngress = writerOf(sides, Direction.INGRESS, ingress);
    return {
      egress,
      ingress,
      fill: id => {
        const subject = classes[id];
        if (subject === undefined || filled[id] === 1) return;
        filled[id] = 1;
        writeEgress(subject);
        writeIngress(subject);
      },
    };
  });
