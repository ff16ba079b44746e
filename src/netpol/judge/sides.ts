import type { Address } from '../addresses/address.js';
import { type Compiled, own } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { Party } from '../decide/party.js';
import { programFor, readingOf, type SideQuestion, sideOf } from '../decide/side.js';
import type { Direction } from '../policy.js';
import { UNGOVERNED_OUTCOME } from '../rows/outcome-table.js';
import { type Row, rowAt } from '../rows/row.js';
import { outcomesOf, rowFor, segmentsFor } from '../rows/rows.js';
import { type Segments, segmentAt } from '../rows/segments.js';
import { type SideTable, sideTable } from './side-table.js';

/** All that answers for one class of subjects in one direction. */
type Lane = {
  readonly row: Row;
  /** In the other reading of ipBlock, where that can matter. */
  readonly cni: Row | null;
  /** In the other reading of hostNetwork. */
  readonly host: () => Row;
  readonly segments: () => Segments;
};

export type Sides = {
  readonly table: SideTable;
  towardsPod(direction: Direction, subject: PodClass, peer: PodClass): number;
  towardsAddress(direction: Direction, subject: PodClass, address: Address): number;
  towards(question: SideQuestion): number;
};

function laneOf(compiled: Compiled, direction: Direction, subject: PodClass): Lane {
  const reading = readingOf(compiled);
  const usesIpBlocks = programFor(compiled, direction, subject, reading).usesIpBlocks;
  const read = (changed: Partial<typeof reading>): Row =>
    rowFor(compiled, direction, subject, [{ ...reading, ...changed }, 'undecided']);
  let segments: Segments | null = null;
  return {
    row: read({}),
    cni: usesIpBlocks ? read({ byAddress: !reading.byAddress }) : null,
    host: () => read({ hostsAsPods: !reading.hostsAsPods }),
    segments: () => {
      segments ??= segmentsFor(compiled, direction, subject, reading);
      return segments;
    },
  };
}

/** Sides from rows; the same as `sideOf` says pair by pair, and remembered. */
export const sidesOf = (compiled: Compiled): Sides =>
  own(compiled.engine, 'sides', () => {
    const { engine } = compiled;
    const outcomes = outcomesOf(compiled);
    const table = sideTable(engine.table, outcomes);
    const lanes = { INGRESS: [] as Lane[], EGRESS: [] as Lane[] };
    const laneFor = (direction: Direction, subject: PodClass): Lane => {
      const known = lanes[direction][subject.id];
      if (known !== undefined) return known;
      const lane = laneOf(compiled, direction, subject);
      lanes[direction][subject.id] = lane;
      return lane;
    };
    const towardsPod = (direction: Direction, subject: PodClass, peer: PodClass): number => {
      const lane = laneFor(direction, subject);
      const outcome = rowAt(engine, outcomes, lane.row, peer.id);
      const isHost = subject.hostNetwork || peer.hostNetwork;
      if (lane.cni === null && !isHost) return table.plain(outcome);
      const cni = lane.cni === null ? outcome : rowAt(engine, outcomes, lane.cni, peer.id);
      const host = isHost ? rowAt(engine, outcomes, lane.host(), peer.id) : outcome;
      return table.read(outcome, cni, host);
    };
    const towardsAddress = (direction: Direction, subject: PodClass, address: Address): number => {
      const outcome = segmentAt(laneFor(direction, subject).segments(), address);
      // A hostNetwork subject is governed in one reading only, so ask for both.
      if (!subject.hostNetwork) return table.plain(outcome);
      const reading = readingOf(compiled);
      const otherwise = { ...reading, hostsAsPods: !reading.hostsAsPods };
      const host = segmentAt(segmentsFor(compiled, direction, subject, otherwise), address);
      return table.read(outcome, outcome, host);
    };
    const ofPod = (question: SideQuestion, subject: PodClass): number => {
      const { peer, direction } = question;
      if (peer.kind === 'pod') return towardsPod(direction, subject, peer.podClass);
      return isPlain(peer)
        ? towardsAddress(direction, subject, peer.address)
        : table.numberOf(sideOf(compiled, question));
    };
    const towards = (question: SideQuestion): number => {
      const { subject, loop } = question;
      if (subject.kind === 'pod' && !loop) return ofPod(question, subject.podClass);
      const open = subject.kind === 'pod' || subject.kind === 'stranger';
      return open ? table.numberOf(sideOf(compiled, question)) : table.plain(UNGOVERNED_OUTCOME);
    };
    return { table, towardsPod, towardsAddress, towards };
  });

/** An address of which nothing more is known, or is to be guessed. */
export const isPlain = (party: Party): party is Extract<Party, { kind: 'address' }> =>
  party.kind === 'address' && party.name === null && !party.perhapsNode;
