import type { Address } from '../addresses/address.js';
import type { Column } from '../brand.js';
import { type Compiled, ofState } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { Reading } from '../decide/match.js';
import type { Party } from '../decide/party.js';
import { programFor, readingOf, type SideQuestion, sideOf, type Unknowns } from '../decide/side.js';
import { Direction } from '../policy.js';
import { type OutcomeId, UNGOVERNED_OUTCOME } from '../rows/outcome-table.js';
import { type Row, rowAt, spreadOrdinary } from '../rows/row.js';
import { blocksReachPods, outcomesOf, rowFor, segmentsFor } from '../rows/rows.js';
import { type Segments, segmentAt } from '../rows/segments.js';
import { type SideId, type SideTable, sideTable } from './side-table.js';

/** All that answers for one class of subjects in one direction. */
type Lane = {
  readonly row: Row;
  /** In the other reading of ipBlock, where that can matter. */
  readonly cni: Row | null;
  /** In the other reading of hostNetwork. */
  readonly host: () => Row;
  readonly segments: () => Segments;
  /** In the other reading of hostNetwork. */
  readonly hostSegments: () => Segments;
};

type Lanes = (direction: Direction, subject: PodClass) => Lane;

export type Sides = {
  readonly table: SideTable;
  towardsPod(direction: Direction, subject: PodClass, peer: PodClass): SideId;
  towardsAddress(direction: Direction, subject: PodClass, address: Address): SideId;
  /** Of a subject that is not hostNetwork, towards every address outside the cluster. */
  outside(direction: Direction, subject: PodClass): Segments;
  /** Any peer: what rows do not know is asked pair by pair. */
  towards(question: SideQuestion): SideId;
  /** Subjects that are not hostNetwork and for whom this is one object have equal rows. */
  sharedRow(direction: Direction, subject: PodClass): object;
  /** Of a subject that is not hostNetwork towards every class by its id; hostNetwork ones, and numbers that do not fit, become `largest`. */
  rowInto(direction: Direction, subject: PodClass, target: Uint16Array, largest: number): void;
};

const remembered = <Value>(make: () => Value): (() => Value) => {
  let value: Value | null = null;
  return () => {
    value ??= make();
    return value;
  };
};

type How = readonly [Reading, Unknowns];

function laneOf(
  compiled: Compiled,
  direction: Direction,
  subject: PodClass,
  {
    chosen,
    otherBlocks,
    otherHosts,
  }: Readonly<Record<'chosen' | 'otherBlocks' | 'otherHosts', How>>,
): Lane {
  const program = programFor(compiled, direction, subject, chosen[0]);
  const read = (how: How): Row => rowFor(compiled, direction, subject, how);
  const outside = (how: How): Segments => segmentsFor(compiled, direction, subject, how);
  return {
    row: read(chosen),
    cni: blocksReachPods(compiled.engine, program) ? read(otherBlocks) : null,
    host: remembered(() => read(otherHosts)),
    segments: remembered(() => outside(chosen)),
    hostSegments: remembered(() => outside(otherHosts)),
  };
}

function lanesOf(compiled: Compiled): Lanes {
  // Arrays of full length from the start: one that is filled at random places becomes a hash table.
  const { length } = compiled.engine.index.classes;
  const room = () => Array<Lane | undefined>(length).fill(undefined);
  const lanes = { [Direction.INGRESS]: room(), [Direction.EGRESS]: room() };
  const reading = readingOf(compiled);
  const how = (changed: Partial<Reading>): How => [{ ...reading, ...changed }, 'undecided'];
  const readings = {
    chosen: how({}),
    otherBlocks: how({ byAddress: !reading.byAddress }),
    otherHosts: how({ hostsAsPods: !reading.hostsAsPods }),
  };
  return (direction, subject) => {
    const known = lanes[direction][subject.id];
    if (known !== undefined) return known;
    const lane = laneOf(compiled, direction, subject, readings);
    lanes[direction][subject.id] = lane;
    return lane;
  };
}

function towardsPodOf(compiled: Compiled, table: SideTable, lanes: Lanes): Sides['towardsPod'] {
  const { engine } = compiled;
  const outcomes = outcomesOf(compiled);
  return (direction, subject, peer) => {
    const lane = lanes(direction, subject);
    const outcome = rowAt(engine, outcomes, lane.row, peer.id);
    const isHost = subject.hostNetwork || peer.hostNetwork;
    if (lane.cni === null && !isHost) return table.plain(outcome);
    const cni = lane.cni === null ? outcome : rowAt(engine, outcomes, lane.cni, peer.id);
    const host = isHost ? rowAt(engine, outcomes, lane.host(), peer.id) : outcome;
    return table.read(outcome, cni, host);
  };
}

const towardsAddressOf =
  (table: SideTable, lanes: Lanes): Sides['towardsAddress'] =>
  (direction, subject, address) => {
    const { segments, hostSegments } = lanes(direction, subject);
    const outcome = segmentAt(segments(), address);
    // A hostNetwork subject is governed in one reading only.
    return subject.hostNetwork
      ? table.read(outcome, outcome, segmentAt(hostSegments(), address))
      : table.plain(outcome);
  };

function rowIntoOf(compiled: Compiled, table: SideTable, lanes: Lanes): Sides['rowInto'] {
  const { engine } = compiled;
  const { classes } = engine.index;
  const chosen = new Int32Array(classes.length) as Column<OutcomeId>;
  const other = new Int32Array(classes.length) as Column<OutcomeId>;
  const same = (outcome: OutcomeId): OutcomeId => outcome;
  const readBoth = (row: Row, cni: Row, target: Uint16Array, largest: number): void => {
    spreadOrdinary(engine, row, [chosen, same]);
    spreadOrdinary(engine, cni, [other, same]);
    for (let id = 0; id < target.length; id++) {
      const outcome = chosen[id] ?? UNGOVERNED_OUTCOME;
      target[id] = Math.min(table.read(outcome, other[id] ?? UNGOVERNED_OUTCOME, outcome), largest);
    }
  };
  return (direction, subject, target, largest) => {
    const { row, cni } = lanes(direction, subject);
    if (cni !== null) readBoth(row, cni, target, largest);
    else spreadOrdinary(engine, row, [target, one => Math.min(table.plain(one), largest)]);
    for (const id of engine.index.hosts) target[id] = largest;
  };
}

/** An address of which nothing more is known, or is to be guessed. */
export const isPlain = (party: Party): party is Extract<Party, { kind: 'address' }> =>
  party.kind === 'address' && party.name === null && !party.perhapsNode;

/** Sides from rows; the same as `sideOf` says pair by pair, and remembered. */
export const sidesOf = ofState((compiled): Sides => {
  const table = sideTable(compiled.engine.table, outcomesOf(compiled));
  const lanes = lanesOf(compiled);
  const towardsPod = towardsPodOf(compiled, table, lanes);
  const towardsAddress = towardsAddressOf(table, lanes);
  const ofPod = (question: SideQuestion, subject: PodClass): SideId => {
    const { peer, direction } = question;
    if (peer.kind === 'pod') return towardsPod(direction, subject, peer.podClass);
    return isPlain(peer)
      ? towardsAddress(direction, subject, peer.address)
      : table.numberOf(sideOf(compiled, question));
  };
  const towards = (question: SideQuestion): SideId => {
    const { subject, loop } = question;
    if (subject.kind === 'pod' && !loop) return ofPod(question, subject.podClass);
    const open = subject.kind === 'pod' || subject.kind === 'stranger';
    return open ? table.numberOf(sideOf(compiled, question)) : table.plain(UNGOVERNED_OUTCOME);
  };
  // The row in the other reading of ipBlock follows from the same policies and named ports.
  const sharedRow: Sides['sharedRow'] = (direction, subject) => lanes(direction, subject).row;
  const outside: Sides['outside'] = (direction, subject) => lanes(direction, subject).segments();
  const rowInto = rowIntoOf(compiled, table, lanes);
  return { table, towardsPod, towardsAddress, outside, towards, sharedRow, rowInto };
});
