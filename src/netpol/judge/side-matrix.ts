import type { ClassId } from '../compile/class-id.js';
import { ofState } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { Direction } from '../policy.js';
import type { SideId } from './side-table.js';
import { type Sides, sidesOf } from './sides.js';

/** Not a number of a side: ask for it. */
export const UNKNOWN_SIDE = 0xffff as SideId;

/** A subject without a row. */
const NO_ROW = -1;

/** Numbers that the rows of one direction hold at most: 64 MB. */
const MOST_CELLS = 2 ** 25;

/** Numbers of sides towards every class, in rows; subjects that agree share a row. */
export type SideRows = {
  /** The side of one class towards another; `UNKNOWN_SIDE` where it has to be asked for. */
  at(subject: ClassId, peer: ClassId): SideId;
  /** Writes the row of a class. Subjects that agree are written once; where no room is left, nothing is. */
  fill(subject: ClassId): void;
};

export type SideMatrix = Readonly<Record<Direction, SideRows>>;

/** Room for rows that grows with them. */
function rowRoom(width: number) {
  let cells = new Uint16Array(width * 16);
  let end = 0;
  return {
    cell: (place: number): SideId => (cells[place] ?? UNKNOWN_SIDE) as SideId,
    /** The row that comes next; null where it would be one too many. */
    next: (): { readonly start: number; readonly row: Uint16Array } | null => {
      if (end + width > MOST_CELLS) return null;
      if (end + width > cells.length) {
        const larger = new Uint16Array(Math.min(cells.length * 2, MOST_CELLS));
        larger.set(cells);
        cells = larger;
      }
      end += width;
      return { start: end - width, row: cells.subarray(end - width, end) };
    },
  };
}

function rowsOf(sides: Sides, direction: Direction, classes: readonly PodClass[]): SideRows {
  const starts = new Int32Array(classes.length).fill(NO_ROW);
  const room = rowRoom(classes.length);
  const known = new Map<object, number>();
  return {
    at: (subject, peer) => {
      const start = starts[subject] ?? NO_ROW;
      return start === NO_ROW ? UNKNOWN_SIDE : room.cell(start + peer);
    },
    fill: id => {
      const subject = classes[id];
      // A hostNetwork pod's sides depend on more than one reading.
      if (subject === undefined || subject.hostNetwork || starts[id] !== NO_ROW) return;
      const shared = sides.sharedRow(direction, subject);
      const before = known.get(shared);
      const fresh = before === undefined ? room.next() : null;
      if (fresh !== null) {
        known.set(shared, fresh.start);
        sides.rowInto(direction, subject, fresh.row, UNKNOWN_SIDE);
      }
      starts[id] = before ?? fresh?.start ?? NO_ROW;
    },
  };
}

/**
 * Flat tables of the sides between classes of pods, filled a row at a time. A flow between two pods then costs two
 * reads, where following the rows costs a dozen.
 */
export const sideMatrixOf = ofState((compiled): SideMatrix => {
  const { classes } = compiled.engine.index;
  const sides = sidesOf(compiled);
  return {
    INGRESS: rowsOf(sides, Direction.INGRESS, classes),
    EGRESS: rowsOf(sides, Direction.EGRESS, classes),
  };
});
