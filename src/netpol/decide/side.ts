import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { type ListId, NO_POLICIES } from '../compile/policy-lists.js';
import { NO_PROFILE } from '../compile/port-profile.js';
import type { Program } from '../compile/program.js';
import type { Direction } from '../policy.js';
import {
  EVERYTHING_ALLOWED,
  NOTHING,
  type TrafficId,
  type TrafficTable,
} from '../ports/traffic.js';
import { matchRules } from './direct.js';
import type { Reading } from './match.js';
import { evaluate, type Outcome, UNGOVERNED } from './outcome.js';
import type { Party } from './party.js';

/** An outcome in the chosen modes, and where the other modes would say otherwise. */
export type Side = Outcome & {
  /** Row 11: the other reading of ipBlock gives another verdict here. */
  readonly byCni: TrafficId;
  /** Row 17: the other reading of hostNetwork does. */
  readonly byHost: TrafficId;
};

export const readingOf = ({ modes }: Compiled): Reading => ({
  byAddress: modes.ipBlockPods === 'by-address',
  hostsAsPods: modes.hostNetwork === 'pods',
});

export const listOf = (
  { engine }: Compiled,
  direction: Direction,
  podClass: PodClass,
  reading: Pick<Reading, 'hostsAsPods'>,
): ListId =>
  podClass.hostNetwork && !reading.hostsAsPods
    ? NO_POLICIES
    : (engine.listOf[direction][podClass.id] ?? NO_POLICIES);

export const programFor = (
  compiled: Compiled,
  direction: Direction,
  podClass: PodClass,
  reading: Pick<Reading, 'hostsAsPods'>,
): Program =>
  compiled.engine.lists[direction].program(listOf(compiled, direction, podClass, reading));

/** A subject of which nothing is known: any policy of the direction may select it. */
const unknownSubject = ({ engine }: Compiled, direction: Direction): Outcome =>
  engine.policies.some(({ rules }) => rules[direction] !== null)
    ? { ...UNGOVERNED, allow: NOTHING, maybe: EVERYTHING_ALLOWED, byDefault: NOTHING }
    : UNGOVERNED;

const isHost = (party: Party): boolean => party.kind === 'pod' && party.podClass.hostNetwork;

/** The other ends that an ipBlock may or may not match, by mode. */
const isPod = ({ kind }: Party): boolean =>
  kind === 'pod' || kind === 'controller' || kind === 'stranger';

/** The traffic on which two outcomes give different verdicts. */
export function difference(table: TrafficTable, one: Outcome, other: Outcome): TrafficId {
  if (one === other) return NOTHING;
  const apart = (a: TrafficId, b: TrafficId) =>
    table.unite(table.subtract(a, b), table.subtract(b, a));
  return table.unite(apart(one.allow, other.allow), apart(one.maybe, other.maybe));
}

export type SideQuestion = {
  readonly subject: Party;
  readonly peer: Party;
  readonly direction: Direction;
  /** A Service led the pod back to itself. */
  readonly loop: boolean;
};

/** How a peer of which a fact is missing is taken: as undecided, or as not matched. */
export type Unknowns = 'undecided' | 'unmatched';

/** An end that is no pod has nothing to say, so its half is true. */
export function outcomeOf(
  compiled: Compiled,
  question: SideQuestion,
  reading: Reading,
  unknowns: Unknowns = 'undecided',
): Outcome {
  const { subject, peer, direction, loop } = question;
  if (subject.kind === 'stranger') return unknownSubject(compiled, direction);
  if (subject.kind !== 'pod') return UNGOVERNED;
  const { table, index } = compiled.engine;
  const program = programFor(compiled, direction, subject.podClass, reading);
  if (!program.governed) return UNGOVERNED;
  const profile =
    subject.podClass.hostNetwork && !reading.hostsAsPods ? NO_PROFILE : subject.podClass.profile;
  const { surely, perhaps } = matchRules(
    table,
    { program, direction, profile, peer, reading },
    index.nodes.all,
  );
  if (unknowns === 'unmatched') perhaps.fill(NOTHING);
  return evaluate(table, program, { surely, perhaps }, loop);
}

/** Evaluates one pair by itself; rows of many pairs must say the same. */
export function sideOf(compiled: Compiled, question: SideQuestion): Side {
  const reading = readingOf(compiled);
  const { table } = compiled.engine;
  const { subject, peer } = question;
  const outcome = outcomeOf(compiled, question, reading);
  const otherwise = (changed: Partial<Reading>): TrafficId =>
    difference(table, outcome, outcomeOf(compiled, question, { ...reading, ...changed }));
  return {
    ...outcome,
    byCni: isPod(peer) ? otherwise({ byAddress: !reading.byAddress }) : NOTHING,
    byHost:
      isHost(subject) || isHost(peer) ? otherwise({ hostsAsPods: !reading.hostsAsPods }) : NOTHING,
  };
}
