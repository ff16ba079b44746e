import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { EXCEPTION, withOwnNode } from '../decide/case.js';
import { nodePorts } from '../decide/cases.js';
import type { Party } from '../decide/party.js';
import { Direction } from '../policy.js';
import { UNGOVERNED_OUTCOME } from '../rows/outcome-table.js';
import { type CaseSets, caseSets, type SidePair } from './case-sets.js';
import { codeOf, judgementOf } from './code.js';
import { type OpenEnd, openSides } from './open-sides.js';
import { COLUMN_PROTOCOLS, type PortCodes } from './port-codes.js';
import type { Seat } from './seat.js';
import type { SideId } from './side-table.js';
import type { Sides } from './sides.js';

/** Not a code: a Service is behind the flow, or an end is one of several pods. */
export const NOT_OPEN = -1;

type OpenSeat = Seat & { readonly end: OpenEnd };

const isOpen = (seat: Seat): seat is OpenSeat =>
  seat.end.kind !== 'service' && (seat.end.kind !== 'parties' || seat.party !== null);

/** The sides of two ends that are no pods: only of an unknown end policies may speak. */
function strangers(sides: Sides) {
  const ungoverned = sides.table.plain(UNGOVERNED_OUTCOME);
  const stranger: Party = { kind: 'stranger' };
  const ofStranger = (direction: Direction): SideId =>
    sides.towards({ subject: stranger, peer: stranger, direction, loop: false });
  const known = {
    INGRESS: ofStranger(Direction.INGRESS),
    EGRESS: ofStranger(Direction.EGRESS),
  } as const;
  return {
    ungoverned,
    of: (direction: Direction): SideId => known[direction],
    ofEnd: (direction: Direction, { kind }: OpenEnd): readonly SideId[] =>
      kind === 'unknown' ? [known[direction], ungoverned] : [ungoverned],
  };
}

function pairsOf(compiled: Compiled, sides: Sides) {
  const others = strangers(sides);
  const sidesTowards = openSides(compiled, sides);
  /** The sides of a pod, and those of the end towards it. */
  const withPod = (direction: Direction, podClass: PodClass, end: OpenEnd) => {
    const opposite = direction === Direction.EGRESS ? Direction.INGRESS : Direction.EGRESS;
    const { towardsStranger, towardsOthers } = sidesTowards(direction, podClass, end);
    const plain = [...towardsOthers].map((side): SidePair => [side, others.ungoverned]);
    return towardsStranger === null
      ? plain
      : [[towardsStranger, others.of(opposite)] as const, ...plain];
  };
  return (source: OpenSeat, destination: OpenSeat): readonly SidePair[] => {
    if (source.podClass !== null) {
      return withPod(Direction.EGRESS, source.podClass, destination.end);
    }
    if (destination.podClass !== null) {
      const pairs = withPod(Direction.INGRESS, destination.podClass, source.end);
      return pairs.map(([own, others]): SidePair => [others, own]);
    }
    return others
      .ofEnd(Direction.EGRESS, source.end)
      .flatMap(egress =>
        others
          .ofEnd(Direction.INGRESS, destination.end)
          .map((ingress): SidePair => [egress, ingress]),
      );
  };
}

/** The number of the cases that two ends come to: the same for all pods of a class, which are placed before other seats. */
function setsOf(compiled: Compiled, sides: Sides, sets: CaseSets) {
  const pairs = pairsOf(compiled, sides);
  const classes = compiled.engine.index.classes.length;
  const placeOf = ({ podClass, number }: Seat): number =>
    podClass === null ? classes + number : podClass.id;
  /** By the place of the source, and by that of the destination. */
  const known: Map<number, number>[] = [];
  const knownFrom = (place: number): Map<number, number> => {
    const before = known[place];
    if (before !== undefined) return before;
    const fresh = new Map<number, number>();
    known[place] = fresh;
    return fresh;
  };
  return (source: OpenSeat, destination: OpenSeat): number => {
    const fromSource = knownFrom(placeOf(source));
    const place = placeOf(destination);
    const before = fromSource.get(place);
    if (before !== undefined) return before;
    const open = source.end.kind !== 'parties' || destination.end.kind !== 'parties';
    const set = sets.numberOf(pairs(source, destination), open);
    fromSource.set(place, set);
    return set;
  };
}

/** A node answers at some ports for a Service. */
function leadsToService(compiled: Compiled) {
  const services = nodePorts(compiled.engine);
  return ({ party }: Seat, protocol: number, port: number): boolean =>
    services.size > 0 &&
    party?.kind === 'node' &&
    services.has(`${COLUMN_PROTOCOLS[protocol]} ${port}`);
}

/**
 * Flows with an end that is no pod and no address outside, or that is the same pod twice: nodes, blocks, names, and what is
 * not known. Such an end is held once against each class of pods, from the class's own stretches of addresses, and the
 * cases that it comes to are answered once for each port: 300,000 distinct flows of 2,000 deployments take some
 * 0.3 s, where asking them one by one took a minute.
 */
export function openJudge(compiled: Compiled, sides: Sides, codes: PortCodes) {
  const sets = caseSets(codes);
  const setOf = setsOf(compiled, sides, sets);
  const isService = leadsToService(compiled);
  const { table } = sides;
  const isGoverned = (side: SideId): boolean => table.at(side).governed;
  const itself = (podClass: PodClass): number =>
    codeOf(
      EXCEPTION,
      isGoverned(sides.towardsPod(Direction.EGRESS, podClass, podClass)) ||
        isGoverned(sides.towardsPod(Direction.INGRESS, podClass, podClass)),
    );
  return (source: Seat, destination: Seat, protocol: number, port: number): number => {
    if (!isOpen(source) || !isOpen(destination)) return NOT_OPEN;
    if (isService(destination, protocol, port)) return NOT_OPEN;
    if (source.podClass !== null && source.pod === destination.pod) return itself(source.podClass);
    const code = sets.code(setOf(source, destination), protocol, port);
    return isOwnNode(compiled, source, destination)
      ? codeOf(EXCEPTION, judgementOf(code).governed)
      : code;
  };
}

const isOwnNode = (compiled: Compiled, { party: source }: Seat, { party: destination }: Seat) =>
  source !== null && destination !== null && withOwnNode(compiled, { source, destination });
