import { type Engine, kept } from '../compile/compiled.js';
import type { AddressPeer, CompiledRule } from '../compile/compiled-rule.js';
import { NO_PROFILE, type PortProfile } from '../compile/port-profile.js';
import { isOfAll, type Program } from '../compile/program.js';
import { matchRules, noMatches } from '../decide/direct.js';
import type { Reading } from '../decide/match.js';
import { evaluate } from '../decide/outcome.js';
import type { Unknowns } from '../decide/side.js';
import { Direction } from '../policy.js';
import { NOTHING } from '../ports/traffic.js';
import { type MatchStates, matchStates, type RuleMembers, START } from './match-states.js';
import type { OutcomeTable } from './outcome-table.js';

export type RowQuestion = {
  readonly program: Program;
  readonly direction: Direction;
  /** The subject's named ports. */
  readonly profile: PortProfile;
  readonly reading: Reading;
  readonly unknowns: Unknowns;
};

/** The outcome of one subject, in one direction, towards every class of pods; numbers of the outcome table. */
export type Row = {
  /** Sorted classes of ordinary pods that some rule tells from the rest, and their outcomes. */
  readonly touched: Int32Array;
  readonly values: Int32Array;
  /** The outcome of the rest by the id of its profile; of length 1 where profiles do not matter. */
  readonly rest: Int32Array;
  /** Outcomes of hostNetwork classes, as far as they were asked for. */
  readonly hosts: Map<number, number>;
  readonly question: RowQuestion;
};

const usesNames = ({ named }: CompiledRule): boolean => named.length > 0;

const matters = ({ block }: AddressPeer): boolean => block.v4.length + block.v6.length > 0;

/** What all rows of one index share: room for the states, and who is not an ordinary pod with a known address. */
type Workbench = {
  readonly stateOf: Int32Array;
  /** The profile of each class. */
  readonly profileOf: Int32Array;
  readonly hosts: ReadonlySet<number>;
  /** Ordinary pods whose address is not known. */
  readonly withoutAddress: readonly number[];
};

const workbenchOf = (engine: Engine): Workbench =>
  kept(engine, 'workbench', () => {
    const hosts = new Set(engine.index.hosts);
    return {
      stateOf: new Int32Array(engine.index.classes.length),
      profileOf: Int32Array.from(engine.index.classes, ({ profile }) => profile.id),
      hosts,
      withoutAddress: engine.index.withoutAddress.filter(id => !hosts.has(id)),
    };
  });

/** Ordinary pods that a rule tells apart; hostNetwork pods are asked one by one. */
function membersOf({ hosts, withoutAddress }: Workbench, { reading, unknowns }: RowQuestion) {
  const ordinary = (ids: Int32Array): ArrayLike<number> =>
    hosts.size === 0 ? ids : ids.filter(id => !hosts.has(id));
  return (rule: CompiledRule): RuleMembers => {
    if (isOfAll(rule)) return { surely: [], perhaps: [] };
    const blocks = [...rule.networks, ...(reading.byAddress ? rule.ipBlocks : [])].filter(matters);
    return {
      surely: [
        ...rule.pods.map(({ classes }) => ordinary(classes)),
        ...blocks.map(({ classes }) => classes.filter(id => !hosts.has(id))),
      ],
      perhaps: blocks.length > 0 && unknowns === 'undecided' ? [withoutAddress] : [],
    };
  };
}

/** Evaluates the rules that match every ordinary pod, and those of `marks`. */
function outcomeOf(
  { table }: Engine,
  outcomes: OutcomeTable,
  { program, direction, profile: own }: RowQuestion,
  [marks, peers]: readonly [Iterable<number>, PortProfile],
): number {
  const profile = direction === Direction.INGRESS ? own : peers;
  const { surely, perhaps } = noMatches(program);
  for (const place of program.ofAll) {
    surely[place] = program.rules[place]?.portsOn(profile) ?? NOTHING;
  }
  for (const mark of marks) {
    const ports = program.rules[mark >> 1]?.portsOn(profile) ?? NOTHING;
    if (mark % 2 === 0) surely[mark >> 1] = ports;
    else perhaps[mark >> 1] = ports;
  }
  return outcomes.numberOf(evaluate(table, program, { surely, perhaps }, false));
}

/** The outcome of each touched class, evaluated once a state (and profile, where names matter). */
function valuesOf(
  engine: Engine,
  evaluateFor: (marks: Iterable<number>, profile: PortProfile) => number,
  [states, touched]: readonly [MatchStates, Int32Array],
  byProfile: boolean,
): Int32Array {
  const { stateOf } = workbenchOf(engine);
  const { classes, profiles } = engine.index;
  const width = byProfile ? profiles.length : 1;
  const known: number[] = [];
  return touched.map(id => {
    const state = stateOf[id] ?? START;
    const profile = (byProfile ? classes[id]?.profile : undefined) ?? NO_PROFILE;
    const key = state * width + profile.id;
    const before = known[key];
    if (before !== undefined) return before;
    const answer = evaluateFor(states.marks(state), profile);
    known[key] = answer;
    return answer;
  });
}

export function rowOf(engine: Engine, outcomes: OutcomeTable, question: RowQuestion): Row {
  const { program, direction } = question;
  const { profiles } = engine.index;
  const workbench = workbenchOf(engine);
  const byProfile = program.usesNames && direction === Direction.EGRESS;
  const evaluateFor = (marks: Iterable<number>, profile: PortProfile) =>
    outcomeOf(engine, outcomes, question, [marks, profile]);
  const restByProfile = byProfile && program.rules.some(rule => isOfAll(rule) && usesNames(rule));
  const rest = Int32Array.from(restByProfile ? profiles : [NO_PROFILE], profile =>
    evaluateFor([], profile),
  );
  const states = matchStates(program.rules, membersOf(workbench, question), workbench.stateOf);
  const touched = new Int32Array(states.touched).sort();
  const values = valuesOf(engine, evaluateFor, [states, touched], byProfile);
  for (let place = 0; place < touched.length; place++) {
    workbench.stateOf[touched[place] ?? 0] = START;
  }
  return { touched, values, rest, hosts: new Map(), question };
}

/** A hostNetwork pod is matched by its node's address and labels: one by one, and only when asked. */
function hostAt(engine: Engine, outcomes: OutcomeTable, row: Row, id: number): number {
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
function placeOf(sorted: Int32Array, id: number): number {
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
export function rowAt(engine: Engine, outcomes: OutcomeTable, row: Row, id: number): number {
  const place = placeOf(row.touched, id);
  if (place >= 0) return row.values[place] ?? 0;
  const podClass = engine.index.classes[id];
  if (podClass?.hostNetwork === true) return hostAt(engine, outcomes, row, id);
  return row.rest[row.rest.length === 1 ? 0 : (podClass?.profile.id ?? 0)] ?? 0;
}

/** Sorted classes of ordinary pods towards which two rows that treat the rest alike have different outcomes. */
export function differingClasses(
  engine: Engine,
  outcomes: OutcomeTable,
  one: Row,
  other: Row,
): readonly number[] {
  const found: number[] = [];
  let [left, right] = [0, 0];
  while (left < one.touched.length || right < other.touched.length) {
    const mine = one.touched[left] ?? Number.POSITIVE_INFINITY;
    const theirs = other.touched[right] ?? Number.POSITIVE_INFINITY;
    const id = Math.min(mine, theirs);
    const was = mine === id ? one.values[left++] : rowAt(engine, outcomes, one, id);
    const is = theirs === id ? other.values[right++] : rowAt(engine, outcomes, other, id);
    if (was !== is) found.push(id);
  }
  return found;
}

/** What `of` makes of the outcome towards each class, by its id, written into `target`: much faster than one by one. */
export function spreadRow(
  engine: Engine,
  outcomes: OutcomeTable,
  row: Row,
  [target, of]: readonly [Int32Array | Uint16Array, (outcome: number) => number],
): void {
  const { touched, values } = row;
  const { profileOf, hosts } = workbenchOf(engine);
  const rest = row.rest.map(of);
  if (rest.length === 1) target.fill(rest[0] ?? 0);
  else for (let id = 0; id < target.length; id++) target[id] = rest[profileOf[id] ?? 0] ?? 0;
  for (let place = 0; place < touched.length; place++) {
    target[touched[place] ?? 0] = of(values[place] ?? 0);
  }
  for (const id of hosts) target[id] = of(hostAt(engine, outcomes, row, id));
}
