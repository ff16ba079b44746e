import type { Column } from '../brand.js';
import type { ClassId } from '../compile/class-id.js';
import { type Engine, ofFacts } from '../compile/compiled.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import { NO_PROFILE } from '../compile/port-profile.js';
import { isOfAll } from '../compile/program.js';
import { matchRules } from '../decide/direct.js';
import { evaluate } from '../decide/outcome.js';
import { Direction } from '../policy.js';
import { NOTHING } from '../ports/traffic.js';
import {
  blocksFor,
  type Evaluator,
  evaluatorOf,
  guessedPlaces,
  type RowQuestion,
} from './evaluator.js';
import { type MatchStates, matchStates, type RuleMembers, START } from './match-states.js';
import { type OutcomeId, type OutcomeTable, UNGOVERNED_OUTCOME } from './outcome-table.js';

/** The outcome of one subject, in one direction, towards every class of pods; numbers of the outcome table. */
export type Row = {
  /** Sorted classes of ordinary pods that some rule tells from the rest, and their outcomes. */
  readonly touched: Column<ClassId>;
  readonly values: Column<OutcomeId>;
  /** The outcome of the rest by the id of its profile; of length 1 where profiles do not matter. */
  readonly rest: Column<OutcomeId>;
  /** The same of the rest whose address is not known; null where that makes no difference. */
  readonly unaddressed: Column<OutcomeId> | null;
  /** Outcomes of hostNetwork classes, as far as they were asked for; where they count as nodes one speaks for its likes. */
  readonly hosts: Map<ClassId, OutcomeId>;
  readonly question: RowQuestion;
};

const usesNames = ({ named }: CompiledRule): boolean => named.length > 0;

/** What all rows of one index share: room for the states, and who is not an ordinary pod with a known address. */
type Workbench = {
  readonly stateOf: Int32Array;
  /** The profile of each class. */
  readonly profileOf: Int32Array;
  readonly hosts: ReadonlySet<ClassId>;
  /** The first hostNetwork class with the same node and addresses: all that is seen of one that counts as a node. */
  readonly looksLike: ReadonlyMap<ClassId, ClassId>;
  /** Ordinary pods whose address is not known, sorted. */
  readonly withoutAddress: readonly ClassId[];
  /** Of the members of a selector or block the ordinary pods; each list is looked through once. */
  ordinary(ids: ArrayLike<ClassId>): ArrayLike<ClassId>;
};

function ordinaryOf(hosts: ReadonlySet<ClassId>): Workbench['ordinary'] {
  if (hosts.size === 0) return ids => ids;
  const known = new WeakMap<ArrayLike<ClassId>, ArrayLike<ClassId>>();
  return ids => {
    const before = known.get(ids);
    if (before !== undefined) return before;
    const ordinary = (Int32Array.from(ids) as Column<ClassId>).filter(id => !hosts.has(id));
    known.set(ids, ordinary);
    return ordinary;
  };
}

function looksOf({ index }: Engine): ReadonlyMap<ClassId, ClassId> {
  const first = new Map<string, ClassId>();
  return new Map(
    index.hosts.map(id => {
      const podClass = index.classes[id];
      const look = `${podClass?.node} ${podClass?.nodes.join()} ${podClass?.addresses.join()}`;
      const found = first.get(look) ?? id;
      first.set(look, found);
      return [id, found];
    }),
  );
}

const workbenchOf = ofFacts((engine): Workbench => {
  const hosts = new Set(engine.index.hosts);
  return {
    stateOf: new Int32Array(engine.index.classes.length),
    profileOf: Int32Array.from(engine.index.classes, ({ profile }) => profile.id),
    hosts,
    looksLike: looksOf(engine),
    withoutAddress: engine.index.withoutAddress.filter(id => !hosts.has(id)),
    ordinary: ordinaryOf(hosts),
  };
});

/** Ordinary pods that a rule matches for certain, and tells from others; hostNetwork pods are asked one by one. */
const membersOf =
  ({ ordinary }: Workbench, { reading }: RowQuestion) =>
  (rule: CompiledRule): RuleMembers =>
    isOfAll(rule)
      ? []
      : [
          ...rule.pods.map(({ classes }) => ordinary(classes)),
          ...blocksFor(rule, reading).map(({ classes }) => ordinary(classes)),
        ];

/** The outcome of each touched class, evaluated once a state (and profile, where names matter). */
function valuesOf(
  engine: Engine,
  evaluateFor: Evaluator,
  [states, touched]: readonly [MatchStates, Column<ClassId>],
  how: { readonly byProfile: boolean; readonly byAddress: boolean },
): Column<OutcomeId> {
  const { stateOf } = workbenchOf(engine);
  const { classes, profiles } = engine.index;
  const width = how.byProfile ? profiles.length : 1;
  const known = new Map<number, OutcomeId>();
  return touched.map(id => {
    const state = stateOf[id] ?? START;
    const podClass = classes[id];
    const profile = (how.byProfile ? podClass?.profile : undefined) ?? NO_PROFILE;
    const withoutAddress = how.byAddress && podClass?.addresses.length === 0;
    const key = (state * width + profile.id) * 2 + (withoutAddress ? 1 : 0);
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = evaluateFor({ marks: states.marks(state), profile, withoutAddress });
    known.set(key, answer);
    return answer;
  }) as Column<OutcomeId>;
}

export function rowOf(engine: Engine, outcomes: OutcomeTable, question: RowQuestion): Row {
  const { program, direction } = question;
  const { profiles } = engine.index;
  const workbench = workbenchOf(engine);
  const byProfile = program.usesNames && direction === Direction.EGRESS;
  const byAddress = workbench.withoutAddress.length > 0 && guessedPlaces(question).length > 0;
  const evaluateFor = evaluatorOf(engine, outcomes, question);
  const restByProfile =
    byProfile && program.rules.some(rule => (isOfAll(rule) || byAddress) && usesNames(rule));
  const restOf = (withoutAddress: boolean): Column<OutcomeId> =>
    Int32Array.from(restByProfile ? profiles : [NO_PROFILE], profile =>
      evaluateFor({ marks: [], profile, withoutAddress }),
    ) as Column<OutcomeId>;
  const states = matchStates(program.rules, membersOf(workbench, question), workbench.stateOf);
  const touched = new Int32Array(states.touched).sort() as Column<ClassId>;
  const values = valuesOf(engine, evaluateFor, [states, touched], { byProfile, byAddress });
  for (let place = 0; place < touched.length; place++) {
    workbench.stateOf[touched[place] ?? 0] = START;
  }
  const [rest, unaddressed] = [restOf(false), byAddress ? restOf(true) : null];
  return { touched, values, rest, unaddressed, hosts: new Map(), question };
}

/** A hostNetwork pod is matched by its node's address and labels: one by one, and only when asked. */
function hostAt(engine: Engine, outcomes: OutcomeTable, row: Row, asked: ClassId): OutcomeId {
  const asPod = row.question.reading.hostsAsPods;
  const id = asPod ? asked : (workbenchOf(engine).looksLike.get(asked) ?? asked);
  const before = row.hosts.get(id);
  if (before !== undefined) return before;
  const podClass = engine.index.classes[id];
  if (podClass === undefined) throw new RangeError(`no class has the number ${id}`);
  const { program, direction, profile, reading, unknowns } = row.question;
  const peer = { kind: 'pod' as const, pod: -1, podClass };
  const asking = { program, direction, profile, peer, reading };
  const { surely, perhaps } = matchRules(engine.table, asking, engine.index.nodes.all);
  const matched = { surely, perhaps: unknowns === 'undecided' ? perhaps : perhaps.fill(NOTHING) };
  const answer = outcomes.numberOf(evaluate(engine.table, program, matched, false));
  row.hosts.set(id, answer);
  return answer;
}

/** The place of `id` in a sorted list, or -1. */
function placeOf(sorted: Column<ClassId>, id: ClassId): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle] ?? id;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The outcome towards the class `id`. */
export function rowAt(engine: Engine, outcomes: OutcomeTable, row: Row, id: ClassId): OutcomeId {
  const place = placeOf(row.touched, id);
  if (place >= 0) return row.values[place] ?? UNGOVERNED_OUTCOME;
  const podClass = engine.index.classes[id];
  if (podClass?.hostNetwork === true) return hostAt(engine, outcomes, row, id);
  const rest = podClass?.addresses.length === 0 ? (row.unaddressed ?? row.rest) : row.rest;
  return rest[rest.length === 1 ? 0 : (podClass?.profile.id ?? 0)] ?? UNGOVERNED_OUTCOME;
}

/** Both rows say the same of every class that neither tells from the rest. */
export const sameRest = (one: Row, other: Row): boolean =>
  one.rest.join() === other.rest.join() &&
  (one.unaddressed ?? one.rest).join() === (other.unaddressed ?? other.rest).join();

/** Sorted classes of ordinary pods towards which two rows that treat the rest alike have different outcomes. */
export function differingClasses(
  engine: Engine,
  outcomes: OutcomeTable,
  one: Row,
  other: Row,
): readonly ClassId[] {
  const found: ClassId[] = [];
  let [left, right] = [0, 0];
  while (left < one.touched.length || right < other.touched.length) {
    const mine = one.touched[left] ?? Number.POSITIVE_INFINITY;
    const theirs = other.touched[right] ?? Number.POSITIVE_INFINITY;
    const id = Math.min(mine, theirs) as ClassId;
    const was = mine === id ? one.values[left++] : rowAt(engine, outcomes, one, id);
    const is = theirs === id ? other.values[right++] : rowAt(engine, outcomes, other, id);
    if (was !== is) found.push(id);
  }
  return found;
}

/** What numbers of outcomes become, by the ids of classes: much faster than one by one. */
type Spread = readonly [target: Int32Array | Uint16Array, of: (outcome: OutcomeId) => number];

function spreadRest({ profileOf }: Workbench, rest: Column<OutcomeId>, [target, of]: Spread): void {
  if (rest.length === 1) target.fill(of(rest[0] ?? UNGOVERNED_OUTCOME));
  const byProfile = rest.map(of);
  for (let id = 0; rest.length > 1 && id < target.length; id++) {
    target[id] = byProfile[profileOf[id] ?? 0] ?? 0;
  }
}

function spreadUnaddressed(
  { profileOf, withoutAddress }: Workbench,
  rest: Column<OutcomeId>,
  [target, of]: Spread,
): void {
  const byProfile = rest.map(of);
  for (const id of withoutAddress) {
    target[id] = byProfile[rest.length === 1 ? 0 : (profileOf[id] ?? 0)] ?? 0;
  }
}

/** What `of` makes of the outcome towards each class of ordinary pods, written into `target`. */
export function spreadOrdinary(engine: Engine, row: Row, into: Spread): void {
  const [target, of] = into;
  const { touched, values, rest, unaddressed } = row;
  const workbench = workbenchOf(engine);
  spreadRest(workbench, rest, into);
  if (unaddressed !== null) spreadUnaddressed(workbench, unaddressed, into);
  for (let place = 0; place < touched.length; place++) {
    target[touched[place] ?? 0] = of(values[place] ?? UNGOVERNED_OUTCOME);
  }
}

/** The same for every class. */
export function spreadRow(engine: Engine, outcomes: OutcomeTable, row: Row, into: Spread): void {
  spreadOrdinary(engine, row, into);
  const [target, of] = into;
  for (const id of engine.index.hosts) target[id] = of(hostAt(engine, outcomes, row, id));
}
