import { type Compiled, ofState } from '../compile/compiled.js';
import { EXCEPTION, type SideFinder, withOwnNode } from '../decide/case.js';
import { agreedOn, answerAll } from '../decide/decide.js';
import { type Point, protocolOf, validPort } from '../decide/point.js';
import { sideOf } from '../decide/side.js';
import { Direction } from '../policy.js';
import { UNGOVERNED_OUTCOME } from '../rows/outcome-table.js';
import type { Connection } from '../verdict.js';
import { codeOf, type Judgement, judgementOf } from './code.js';
import { NOT_OPEN, openJudge } from './open-judge.js';
import { COLUMN_PROTOCOLS, type PortCodes, portCodes } from './port-codes.js';
import { type Seat, seatOf } from './seat.js';
import type { SideId } from './side-table.js';
import { type Sides, sidesOf } from './sides.js';

/** Places of protocols in columns; all that policies cannot name stand last. */
export const FLOW_PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP'] as const;

/** Answers one flow between two seats in one byte; `protocol` is a place, `port` 0 where it is not known. */
export type Judge = (source: Seat, destination: Seat, protocol: number, port: number) => number;

/** Row 15 has to be asked here: a row knows classes of pods only. */
const isItself = (source: Seat, destination: Seat): boolean =>
  source.pod >= 0 && source.pod === destination.pod;

/** Row 16, of a hostNetwork pod, which rows know as a class only: pods of a class are on several nodes. */
const isOwnNode = (compiled: Compiled, source: Seat, destination: Seat): boolean =>
  (source.podClass?.hostNetwork === true) !== (destination.podClass?.hostNetwork === true) &&
  source.party !== null &&
  destination.party !== null &&
  withOwnNode(compiled, { source: source.party, destination: destination.party });

/** Pods and addresses on both ends, and nothing above the rules: what rows can answer. */
const isOrdinary = ({ podClass, address }: Seat): boolean => podClass !== null || address !== null;

function sideTowards(sides: Sides, direction: Direction, subject: Seat, peer: Seat): SideId {
  if (subject.podClass === null) return sides.table.plain(UNGOVERNED_OUTCOME);
  if (peer.podClass !== null) return sides.towardsPod(direction, subject.podClass, peer.podClass);
  return sides.towardsAddress(direction, subject.podClass, peer.address ?? 0);
}

/** Flows with a Service behind them, and addresses that several pods hold: remembered, since flows repeat them. */
function slowJudge(compiled: Compiled, sides: Sides): Judge {
  const known = new Map<string, number>();
  const answer = (connection: Connection): number => {
    const { whole, answers } = answerAll(compiled, connection, question =>
      sides.table.at(sides.towards(question)),
    );
    const governed = answers.some(one => one.egressGoverned || one.ingressGoverned);
    return codeOf(whole, governed);
  };
  return (source, destination, protocol, port) => {
    const key = `${source.number} ${destination.number} ${protocol} ${port}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const code = answer({
      source: source.endpoint,
      destination: destination.endpoint,
      protocol: FLOW_PROTOCOLS[protocol] ?? 'ICMP',
      port: port > 0 ? port : null,
    });
    known.set(key, code);
    return code;
  };
}

export const portCodesOf = ofState(
  (compiled): PortCodes => portCodes(compiled.engine.table, sidesOf(compiled).table),
);

export const judgeOf = ofState((compiled): Judge => {
  const sides = sidesOf(compiled);
  const codes = portCodesOf(compiled);
  const open = openJudge(compiled, sides, codes);
  const slow = slowJudge(compiled, sides);
  return (source, destination, protocol, port) => {
    if (!isOrdinary(source) || !isOrdinary(destination) || isItself(source, destination)) {
      const code = open(source, destination, protocol, port);
      return code === NOT_OPEN ? slow(source, destination, protocol, port) : code;
    }
    const egress = sideTowards(sides, Direction.EGRESS, source, destination);
    const ingress = sideTowards(sides, Direction.INGRESS, destination, source);
    const code = codes.both(egress, ingress, protocol, port);
    return isOwnNode(compiled, source, destination)
      ? codeOf(EXCEPTION, judgementOf(code).governed)
      : code;
  };
});

/** The verdict of `decide` without reasons, for many connections one after the other. */
export function judge(compiled: Compiled, connection: Connection): Judgement {
  const { source, destination, protocol, port } = connection;
  const code = judgeOf(compiled)(
    seatOf(compiled, source),
    seatOf(compiled, destination),
    COLUMN_PROTOCOLS.indexOf(protocolOf(protocol)),
    validPort(port) ?? 0,
  );
  return judgementOf(code);
}

/** What each direction says, without reasons. */
export type Halves = { readonly egress: Point; readonly ingress: Point };

type HalvesAndWhole = Halves & { readonly whole: Point };

/**
 * The verdict and basis of `decide` and of both its halves, for few connections of many subjects: rule by rule, without
 * the rows that answer for all peers of a subject.
 */
export const judgeAlone = (compiled: Compiled, connection: Connection): HalvesAndWhole =>
  halvesBy(compiled, connection, question => sideOf(compiled, question));

/**
 * The same, of two pods by the rows of their classes, where all of these are made for others too. An address is asked rule by
 * rule: what a subject's policies say of every address costs more than the few that somebody asks about.
 */
export function judgeHalves(compiled: Compiled, connection: Connection): HalvesAndWhole {
  const sides = sidesOf(compiled);
  return halvesBy(compiled, connection, question =>
    question.peer.kind === 'pod'
      ? sides.table.at(sides.towards(question))
      : sideOf(compiled, question),
  );
}

function halvesBy(
  compiled: Compiled,
  connection: Connection,
  sideFinder: SideFinder,
): HalvesAndWhole {
  const asked = { ...connection, port: validPort(connection.port) };
  const { found, answers, whole } = answerAll(compiled, asked, sideFinder);
  return {
    whole,
    egress: agreedOn(
      found,
      answers.map(({ egress }) => egress),
    ),
    ingress: agreedOn(
      found,
      answers.map(({ ingress }) => ingress),
    ),
  };
}
