import type { Address } from '../addresses/address.js';
import { type Compiled, kept, own } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { readingOf } from '../decide/side.js';
import { Direction } from '../policy.js';
import { EVERYTHING_ALLOWED, NOTHING, OTHER_PROTOCOLS } from '../ports/traffic.js';
import { type Row, rowAt } from '../rows/row.js';
import { outcomesOf, rowFor, segmentsFor } from '../rows/rows.js';
import { type Segments, segmentAt } from '../rows/segments.js';

/**
 * What the map draws: ports that are allowed where a peer of which a fact is missing counts as not
 * matched. Numbers of the traffic table, without other protocols.
 */
export type Allowed = {
  row(direction: Direction, subject: PodClass): Row;
  /** What one side's row says of a peer. */
  towards(row: Row, peer: PodClass): number;
  /** Both sides, of two pods. */
  between(source: PodClass, destination: PodClass): number;
  both(one: number, other: number): number;
  segments(direction: Direction, subject: PodClass): Segments;
  outside(segments: Segments, address: Address): number;
  /** Some ordinary peer that no rule tells apart is allowed something. */
  allowsRest(row: Row): boolean;
};

/** Two numbers to one, in two steps of arrays: four million pairs ask. */
function grid(compute: (one: number, other: number) => number) {
  const known: Int32Array[] = [];
  return (one: number, other: number): number => {
    let row = known[one];
    if (row === undefined || other >= row.length) {
      const longer = new Int32Array(Math.max(64, other * 2)).fill(-1);
      if (row !== undefined) longer.set(row);
      row = longer;
      known[one] = row;
    }
    const before = row[other] ?? -1;
    if (before >= 0) return before;
    const answer = compute(one, other);
    row[other] = answer;
    return answer;
  };
}

export const allowedOf = (compiled: Compiled): Allowed =>
  own(compiled.engine, 'allowed', () => {
    const { engine } = compiled;
    const { table } = engine;
    const outcomes = outcomesOf(compiled);
    const reading = readingOf(compiled);
    const onlyPorts = table.subtract(EVERYTHING_ALLOWED, OTHER_PROTOCOLS);
    const byOutcome = kept(engine, 'allowed by outcome', () => [] as number[]);
    const portsOf = (outcome: number): number => {
      const known = byOutcome[outcome];
      if (known !== undefined) return known;
      const answer = table.intersect(outcomes.at(outcome).allow, onlyPorts);
      byOutcome[outcome] = answer;
      return answer;
    };
    const both = kept(engine, 'both sides', () => grid(table.intersect));
    const rows: Record<Direction, Row[]> = { INGRESS: [], EGRESS: [] };
    const row = (direction: Direction, subject: PodClass): Row => {
      const known = rows[direction][subject.id];
      if (known !== undefined) return known;
      const answer = rowFor(compiled, direction, subject, [reading, 'unmatched']);
      rows[direction][subject.id] = answer;
      return answer;
    };
    const towards = (of: Row, peer: PodClass): number =>
      portsOf(rowAt(engine, outcomes, of, peer.id));
    return {
      row,
      towards,
      both,
      between: (source, destination) => {
        const egress = towards(row(Direction.EGRESS, source), destination);
        if (egress === NOTHING) return NOTHING;
        return both(egress, towards(row(Direction.INGRESS, destination), source));
      },
      segments: (direction, subject) => segmentsFor(compiled, direction, subject, reading),
      outside: (segments, address) => portsOf(segmentAt(segments, address)),
      allowsRest: of => of.rest.some(outcome => portsOf(outcome) !== NOTHING),
    };
  });
