import type { Address } from '../addresses/address.js';
import type { Column } from '../brand.js';
import { type Compiled, ofFamily, ofState } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { readingOf, type Unknowns } from '../decide/side.js';
import { Direction } from '../policy.js';
import { EVERYTHING_ALLOWED, NOTHING, OTHER_PROTOCOLS, type TrafficId } from '../ports/traffic.js';
import { grid } from '../rows/grid.js';
import type { OutcomeId } from '../rows/outcome-table.js';
import { type Row, rowAt, spreadRow } from '../rows/row.js';
import { outcomesOf, rowFor, segmentsFor } from '../rows/rows.js';
import { type Segments, segmentAt } from '../rows/segments.js';

/** Ports that are allowed, by numbers of the traffic table, without other protocols. */
export type Allowed = {
  row(direction: Direction, subject: PodClass): Row;
  /** What one side's row says of a peer. */
  towards(row: Row, peer: PodClass): TrafficId;
  /** The same towards all classes by their ids; good until the next call. */
  spread(row: Row): Column<TrafficId>;
  /** Both sides, of two pods. */
  between(source: PodClass, destination: PodClass): TrafficId;
  both(one: TrafficId, other: TrafficId): TrafficId;
  segments(direction: Direction, subject: PodClass): Segments;
  outside(segments: Segments, address: Address): TrafficId;
  /** Some ordinary peer that no rule tells apart is allowed something. */
  allowsRest(row: Row): boolean;
};

/** By numbers of outcomes. */
const portsOfOutcomes = ofFamily((): TrafficId[] => []);
const bothSides = ofFamily(({ table }) => grid(table.intersect));

const allowedWith = (unknowns: Unknowns) =>
  ofState((compiled): Allowed => {
    const { engine } = compiled;
    const { table } = engine;
    const outcomes = outcomesOf(compiled);
    const reading = readingOf(compiled);
    const onlyPorts = table.subtract(EVERYTHING_ALLOWED, OTHER_PROTOCOLS);
    const byOutcome = portsOfOutcomes(engine);
    const portsOf = (outcome: OutcomeId): TrafficId => {
      const known = byOutcome[outcome];
      if (known !== undefined) return known;
      const answer = table.intersect(outcomes.at(outcome).allow, onlyPorts);
      byOutcome[outcome] = answer;
      return answer;
    };
    const both = bothSides(engine);
    const room = () => Array<Row | undefined>(engine.index.classes.length).fill(undefined);
    const rows = { INGRESS: room(), EGRESS: room() };
    const row = (direction: Direction, subject: PodClass): Row => {
      const known = rows[direction][subject.id];
      if (known !== undefined) return known;
      const answer = rowFor(compiled, direction, subject, [reading, unknowns]);
      rows[direction][subject.id] = answer;
      return answer;
    };
    const towards = (of: Row, peer: PodClass): TrafficId =>
      portsOf(rowAt(engine, outcomes, of, peer.id));
    const scratch = new Int32Array(engine.index.classes.length) as Column<TrafficId>;
    const spread = (of: Row): Column<TrafficId> => {
      spreadRow(engine, outcomes, of, [scratch, portsOf]);
      return scratch;
    };
    return {
      row,
      towards,
      spread,
      both,
      between: (source, destination) => {
        const egress = towards(row(Direction.EGRESS, source), destination);
        if (egress === NOTHING) return NOTHING;
        return both(egress, towards(row(Direction.INGRESS, destination), source));
      },
      segments: (direction, subject) =>
        segmentsFor(compiled, direction, subject, [reading, unknowns]),
      outside: (segments, address) => portsOf(segmentAt(segments, address)),
      allowsRest: of =>
        [...of.rest, ...(of.unaddressed ?? [])].some(outcome => portsOf(outcome) !== NOTHING),
    };
  });

const ALLOWED = { undecided: allowedWith('undecided'), unmatched: allowedWith('unmatched') };

/** `unmatched` is what the map draws: a peer of which a fact is missing counts as not matched. `undecided`: what is certain. */
export const allowedOf = (compiled: Compiled, unknowns: Unknowns = 'unmatched'): Allowed =>
  ALLOWED[unknowns](compiled);
