import { type Compiled, ofState } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import { type ListId, NO_POLICIES } from '../compile/policy-lists.js';
import { NO_PROFILE } from '../compile/port-profile.js';
import { type CompiledPolicy, inOrder, type Program, programOf } from '../compile/program.js';
import { undecidedClasses } from '../compile/unknown-labels.js';
import { type Direction, Tier } from '../policy.js';
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

const adminPolicies = ofState(({ engine }: Compiled): readonly CompiledPolicy[] =>
  engine.policies.filter(({ policy }) => policy.tier !== Tier.NETWORK_POLICY),
);

/** Policies of the admin tiers that select a class or not, as the labels of its namespace are, which are not known. */
export const undecidedPolicies = (
  compiled: Compiled,
  direction: Direction,
  { id, namespace, hostNetwork }: PodClass,
): readonly CompiledPolicy[] =>
  compiled.engine.index.namespaces.unlabelled.has(namespace) && !hostNetwork
    ? adminPolicies(compiled).filter(({ policy, rules }) => {
        const { namespaces, pods } = policy.subject;
        return (
          rules[direction] !== null &&
          undecidedClasses(compiled.engine.index, namespaces, pods).includes(id)
        );
      })
    : [];

/** Where `programsPerhaps` has the program of all such policies. */
const WITH_ALL = 1;

/** The programs that may hold instead: without all such policies, with all, and with each of them alone. */
function programsPerhaps(
  compiled: Compiled,
  direction: Direction,
  podClass: PodClass,
  policies: readonly CompiledPolicy[],
): readonly Program[] {
  const undecided = undecidedPolicies(compiled, direction, podClass);
  if (undecided.length === 0) return [];
  const certain = policies.filter(policy => !undecided.includes(policy));
  const choices = [[], undecided, ...undecided.map(policy => [policy])];
  return choices.map(chosen =>
    programOf(
      inOrder(
        compiled.engine.policies.filter(
          policy => certain.includes(policy) || chosen.includes(policy),
        ),
      ),
      direction,
    ),
  );
}

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

/** And, to tell what would hold then, as matched. */
type Assumed = Unknowns | 'matched';

/** An end that is no pod has nothing to say, so its half is true. */
export function outcomeOf(
  compiled: Compiled,
  question: SideQuestion,
  reading: Reading,
  unknowns: Assumed = 'undecided',
): Outcome {
  const { subject, direction } = question;
  if (subject.kind === 'stranger') return unknownSubject(compiled, direction);
  if (subject.kind !== 'pod') return UNGOVERNED;
  const program = programFor(compiled, direction, subject.podClass, reading);
  const asked = { ...question, subject, reading, unknowns };
  const others =
    unknowns === 'unmatched'
      ? []
      : programsPerhaps(compiled, direction, subject.podClass, program.policies);
  if (unknowns === 'matched') return outcomeBy(compiled, others[WITH_ALL] ?? program, asked);
  const outcome = outcomeBy(compiled, program, asked);
  return others.reduce(
    (sum, other) => eitherOf(compiled.engine.table, sum, outcomeBy(compiled, other, asked)),
    outcome,
  );
}

type Asked = SideQuestion & {
  readonly subject: Extract<Party, { kind: 'pod' }>;
  readonly reading: Reading;
  readonly unknowns: Assumed;
};

/** What holds when it is not known which of two outcomes does. */
function eitherOf(table: TrafficTable, one: Outcome, other: Outcome): Outcome {
  const differing = difference(table, one, other);
  return {
    ...one,
    allow: table.subtract(one.allow, differing),
    maybe: table.unite(one.maybe, differing),
    byDefault: table.intersect(one.byDefault, other.byDefault),
    governed: one.governed || other.governed,
  };
}

/** What one program says of the peer. */
function outcomeBy(compiled: Compiled, program: Program, asked: Asked): Outcome {
  const { subject, peer, direction, loop, reading, unknowns } = asked;
  const { table, index } = compiled.engine;
  if (!program.governed) return UNGOVERNED;
  const profile =
    subject.podClass.hostNetwork && !reading.hostsAsPods ? NO_PROFILE : subject.podClass.profile;
  const { surely, perhaps } = matchRules(
    table,
    { program, direction, profile, peer, reading },
    index.nodes.all,
  );
  if (unknowns === 'matched') {
    for (let place = 0; place < perhaps.length; place++)
      surely[place] = table.unite(surely[place] ?? NOTHING, perhaps[place] ?? NOTHING);
  }
  if (unknowns !== 'undecided') perhaps.fill(NOTHING);
  return evaluate(table, program, { surely, perhaps }, loop);
}

/** What decides for the subject names ipBlocks, which no admin tier has; else both readings of them say the same. */
const hasIpBlocks = (
  compiled: Compiled,
  { subject, direction }: SideQuestion,
  reading: Reading,
): boolean =>
  subject.kind === 'pod' && programFor(compiled, direction, subject.podClass, reading).usesIpBlocks;

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
    byCni:
      isPod(peer) && hasIpBlocks(compiled, question, reading)
        ? otherwise({ byAddress: !reading.byAddress })
        : NOTHING,
    byHost:
      isHost(subject) || isHost(peer) ? otherwise({ hostsAsPods: !reading.hostsAsPods }) : NOTHING,
  };
}
