import type { Block } from '../addresses/block.js';
import type { Column } from '../brand.js';
import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { Program } from '../compile/program.js';
import { type End, everyAddress } from '../decide/end.js';
import type { Party } from '../decide/party.js';
import { programFor } from '../decide/side.js';
import { representatives } from '../decide/stretches.js';
import type { Direction } from '../policy.js';
import type { Range } from '../ranges.js';
import { type OutcomeId, UNGOVERNED_OUTCOME } from '../rows/outcome-table.js';
import { placeIn, type Segments } from '../rows/segments.js';
import type { SideId } from './side-table.js';
import type { Sides } from './sides.js';

/** The numbers of the sides of a pod towards all that an end can mean. */
export type OpenSides = {
  /** Towards some pod of which nothing is known; null where the end cannot be one. */
  readonly towardsStranger: SideId | null;
  /** Towards all others, each number once. */
  readonly towardsOthers: readonly SideId[];
};

/** An end that is no pod, no Service, and not one of several pods. */
export type OpenEnd = Exclude<End, { readonly kind: 'service' }>;

/** Outcomes on a range of addresses: of the stretch that holds its start and of all that begin inside. */
function outcomesOn<T extends number | bigint>(
  starts: ArrayLike<T>,
  outcomes: Column<OutcomeId>,
  { from, to }: Range<T>,
): readonly OutcomeId[] {
  const found: OutcomeId[] = [];
  for (let at = placeIn(starts, from, [0, starts.length - 1]); at < starts.length; at++) {
    if ((starts[at] ?? from) > to) break;
    found.push(outcomes[at] ?? UNGOVERNED_OUTCOME);
  }
  return found;
}

const outcomesIn = ({ v4, v4Outcomes, v6, v6Outcomes }: Segments, block: Block) => [
  ...block.v4.flatMap(range => outcomesOn(v4, v4Outcomes, range)),
  ...block.v6.flatMap(range => outcomesOn(v6, v6Outcomes, range)),
];

type Subject = { readonly direction: Direction; readonly podClass: PodClass };

type Address = Extract<Party, { readonly kind: 'address' }>;

/** What the sides towards open ends are made from. */
type Parts = {
  readonly compiled: Compiled;
  readonly sides: Sides;
  readonly everywhere: Block;
};

const distinct = (numbers: Iterable<SideId>): readonly SideId[] => [...new Set(numbers)];

/** Every reading's blocks tell addresses apart. */
const programOf = ({ compiled }: Parts, { direction, podClass }: Subject): Program =>
  programFor(compiled, direction, podClass, { hostsAsPods: true });

const towards = ({ sides }: Parts, { direction, podClass }: Subject, peer: Party): SideId =>
  sides.towards({ direction, subject: { kind: 'pod', pod: -1, podClass }, peer, loop: false });

/** Addresses of which no more is known, or may be guessed, than the address. */
function plainly(parts: Parts, subject: Subject, block: Block): readonly SideId[] {
  const { sides } = parts;
  const { direction, podClass } = subject;
  // A hostNetwork pod's sides depend on more than one reading.
  return podClass.hostNetwork
    ? distinct(
        representatives(block, [programOf(parts, subject)]).map(address =>
          sides.towardsAddress(direction, podClass, address),
        ),
      )
    : distinct(
        outcomesIn(sides.outside(direction, podClass), block).map(outcome =>
          sides.table.plain(outcome),
        ),
      );
}

/** Addresses that have a name, or may be a node's. */
const oneByOne = (
  parts: Parts,
  subject: Subject,
  block: Block,
  about: Pick<Address, 'name' | 'perhapsNode'>,
): readonly SideId[] =>
  distinct(
    representatives(block, [programOf(parts, subject)]).map(address =>
      towards(parts, subject, { kind: 'address', address, ...about }),
    ),
  );

function towardsNode(parts: Parts, subject: Subject, party: Party): SideId {
  const { usesNodes, usesDomains } = programOf(parts, subject);
  const [address, ...others] = party.kind === 'node' ? party.node.addresses : [];
  // Without rules that select nodes a node is its address; domains are names of addresses outside.
  return address === undefined || others.length > 0 || usesNodes || usesDomains
    ? towards(parts, subject, party)
    : parts.sides.towardsAddress(subject.direction, subject.podClass, address);
}

/** Every address; worked out once for each class and direction. */
function everywhereOf(parts: Parts) {
  const room = () => new Map<PodClass, readonly SideId[]>();
  const known = { INGRESS: room(), EGRESS: room() };
  return (subject: Subject): readonly SideId[] => {
    const ofClass = known[subject.direction];
    const before = ofClass.get(subject.podClass);
    if (before !== undefined) return before;
    const found = plainly(parts, subject, parts.everywhere);
    ofClass.set(subject.podClass, found);
    return found;
  };
}

/** Some pod, or any address at all, a node's among them. */
function unknownOf(parts: Parts, everywhere: ReturnType<typeof everywhereOf>) {
  const room = () => new Map<PodClass, OpenSides>();
  const known = { INGRESS: room(), EGRESS: room() };
  const answer = (subject: Subject): OpenSides => ({
    towardsStranger: towards(parts, subject, { kind: 'stranger' }),
    towardsOthers: programOf(parts, subject).usesNodes
      ? oneByOne(parts, subject, parts.everywhere, { name: null, perhapsNode: true })
      : everywhere(subject),
  });
  return (subject: Subject): OpenSides => {
    const ofClass = known[subject.direction];
    const before = ofClass.get(subject.podClass);
    if (before !== undefined) return before;
    const found = answer(subject);
    ofClass.set(subject.podClass, found);
    return found;
  };
}

export function openSides(compiled: Compiled, sides: Sides) {
  const parts: Parts = { compiled, sides, everywhere: everyAddress(compiled) };
  const everywhere = everywhereOf(parts);
  const unknown = unknownOf(parts, everywhere);
  const named = (subject: Subject, block: Block, name: string): readonly SideId[] =>
    programOf(parts, subject).usesDomains
      ? oneByOne(parts, subject, block, { name, perhapsNode: false })
      : everywhere(subject);
  const others = (subject: Subject, end: Exclude<OpenEnd, { kind: 'unknown' }>) => {
    if (end.kind === 'parties') {
      return distinct(end.parties.map(party => towardsNode(parts, subject, party)));
    }
    return end.name === null
      ? plainly(parts, subject, end.block)
      : named(subject, end.block, end.name);
  };
  return (direction: Direction, podClass: PodClass, end: OpenEnd): OpenSides => {
    const subject: Subject = { direction, podClass };
    return end.kind === 'unknown'
      ? unknown(subject)
      : { towardsStranger: null, towardsOthers: others(subject, end) };
  };
}
