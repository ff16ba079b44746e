import { type Compiled, own } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { Direction } from '../policy.js';
import { sidesOf } from './sides.js';

/** Not a number of a side: ask for it. */
export const UNKNOWN_SIDE = 0xffff;

/** Up to this many classes two matrices are kept: 32 MB each. */
const LARGEST = 4_096;

/** Numbers of sides, subject by subject: `subject * classes + peer`. */
export type SideMatrix = {
  readonly classes: number;
  readonly egress: Uint16Array;
  readonly ingress: Uint16Array;
  /** Fills in the rows of a subject. Reading them before is a mistake. */
  fill(subject: number): void;
};

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
    const size = classes.length * classes.length;
    const filled = new Uint8Array(classes.length);
    const [egress, ingress] = [new Uint16Array(size), new Uint16Array(size)];
    const fillRow = (table: Uint16Array, direction: Direction, subject: PodClass): void => {
      const start = subject.id * classes.length;
      const row = table.subarray(start, start + classes.length);
      sides.rowInto(direction, subject, row, UNKNOWN_SIDE);
    };
    return {
      classes: classes.length,
      egress,
      ingress,
      fill: id => {
        const subject = classes[id];
        if (subject === undefined || filled[id] === 1) return;
        filled[id] = 1;
        fillRow(egress, Direction.EGRESS, subject);
        fillRow(ingress, Direction.INGRESS, subject);
      },
    };
  });
