import { cutsOf } from '../addresses/block.js';
import type { Column } from '../brand.js';
import { Direction, type Policy } from '../policy.js';
import { changedFacts, changedIndex, type FactsChange } from './change-facts.js';
import { type Changed, changedItems } from './changed-items.js';
import type { ClassId } from './class-id.js';
import { compile, compiledOf } from './compile.js';
import { type Compiled, type Engine, ofFamily } from './compiled.js';
import { blocksOf, ruleMaker } from './compiled-rule.js';
import type { PodIndex } from './pod-index.js';
import { type ListId, NO_POLICIES } from './policy-lists.js';
import { byRank, type CompiledPolicy, compilePolicy } from './program.js';
import { reselected } from './reselect.js';

export type PolicyIdentity = Pick<Policy, 'kind' | 'namespace' | 'name'>;

/** What becomes different. What is put replaces its namesake in its place, or else comes last. */
export type Change = FactsChange & {
  readonly policies?: {
    readonly put?: readonly Policy[];
    readonly remove?: readonly PolicyIdentity[];
  };
};

/** The same for two texts of one policy. */
export const policyKey = ({ kind, namespace, name }: PolicyIdentity): string =>
  `${kind} ${namespace ?? ''}/${name}`;

/** A policy that begins or ceases to speak for some classes. */
type Move = { readonly policy: CompiledPolicy; readonly ids: Column<ClassId> };
type Moves = { readonly gone: readonly Move[]; readonly come: readonly Move[] };

const whole = (policy: CompiledPolicy): Move => ({ policy, ids: policy.subjects });

/** Gives the classes of a move another list; those with one list get one list again. */
function relist(listOf: Column<ListId>, { ids }: Move, other: (list: ListId) => ListId): void {
  const known = new Map<ListId, ListId>();
  for (const id of ids) {
    const before = listOf[id] ?? NO_POLICIES;
    const after = known.get(before) ?? other(before);
    known.set(before, after);
    listOf[id] = after;
  }
}

type ByRank = (one: CompiledPolicy, other: CompiledPolicy) => number;

/** Policies in the order of evaluation; places are looked up only where priorities are equal. */
function rankIn(policies: readonly CompiledPolicy[]): ByRank {
  let places: Map<CompiledPolicy['rules'], number> | null = null;
  const placeOf = ({ rules }: CompiledPolicy): number => {
    places ??= new Map(policies.map((one, place) => [one.rules, place]));
    return places.get(rules) ?? 0;
  };
  return (one, other) => byRank(one, other) || placeOf(one) - placeOf(other);
}

/** The lists of the classes that policies moved to or from, made anew; all others stay, and so do their rows. */
function movedLists(
  engine: Engine,
  direction: Direction,
  { gone, come }: Moves,
  [classes, rank]: readonly [number, ByRank],
): Column<ListId> {
  const lists = engine.lists[direction];
  const listFor = (found: readonly CompiledPolicy[]): ListId =>
    found.reduce((list, policy) => lists.extend(list, policy), NO_POLICIES);
  const speaks = ({ policy }: Move): boolean => policy.rules[direction] !== null;
  const listOf = new Int32Array(classes).fill(NO_POLICIES) as Column<ListId>;
  listOf.set(engine.listOf[direction]);
  for (const move of gone.filter(speaks)) {
    const { rules } = move.policy;
    relist(listOf, move, list => listFor(lists.policies(list).filter(one => one.rules !== rules)));
  }
  for (const move of come.filter(speaks)) {
    relist(listOf, move, list => listFor([...lists.policies(list), move.policy].sort(rank)));
  }
  return listOf;
}

/** So many changes are carried along before a fresh start lets go of rows that nobody needs any more. */
const LONGEST_LINE = 1_000;

const lineOfChanges = ofFamily(() => ({ length: 0 }));

function isLineLong(engine: Engine): boolean {
  const line = lineOfChanges(engine);
  line.length++;
  return line.length > LONGEST_LINE;
}

/** True when the pods' classes are too coarse for the blocks of new policies. */
const splitsClasses = ({ index }: Engine, put: readonly Policy[]): boolean =>
  index.registry.cells.splits(cutsOf(put.flatMap(blocksOf)));

function withMoves(engine: Engine, policies: readonly CompiledPolicy[], moves: Moves): Engine {
  const how = [engine.index.classes.length, rankIn(policies)] as const;
  return {
    ...engine,
    policies,
    listOf: {
      INGRESS: movedLists(engine, Direction.INGRESS, moves, how),
      EGRESS: movedLists(engine, Direction.EGRESS, moves, how),
    },
    usesV6: policies.some(({ namesV6 }) => namesV6),
    ofState: { of: 'state' },
  };
}

function withPolicies(engine: Engine, put: readonly Policy[], removed: Iterable<string>): Engine {
  const fresh = put.map(policy => compilePolicy(engine.index, engine.make, policy));
  const { items, gone, come }: Changed<CompiledPolicy> = changedItems(
    engine.policies,
    ({ policy }) => policyKey(policy),
    fresh,
    removed,
  );
  return withMoves(engine, items, { gone: gone.map(whole), come: come.map(whole) });
}

const without = (ids: Column<ClassId>, others: Column<ClassId>): Column<ClassId> => {
  const left = new Set(others);
  return ids.filter(id => !left.has(id));
};

/** Classes that a policy's new form speaks for and its old one did not, or that hear other rules from it. */
const movesOf = (before: CompiledPolicy, after: CompiledPolicy): Moves => {
  if (before === after) return { gone: [], come: [] };
  if (before.rules !== after.rules) return { gone: [whole(before)], come: [whole(after)] };
  return {
    gone: [{ policy: before, ids: without(before.subjects, after.subjects) }],
    come: [{ policy: after, ids: without(after.subjects, before.subjects) }],
  };
};

const sameIds = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((id, place) => id === other[place]);

/** Rows hold what they say of pods by profile, and of pods without an address: with new ones they are made anew. */
const rowsHold = (before: PodIndex, after: PodIndex): boolean =>
  before.profiles.length === after.profiles.length &&
  sameIds(before.withoutAddress, after.withoutAddress);

/** Looks at the classes that came, went or changed their namespace's labels; null: everything has to be looked at. */
function withFacts(engine: Engine, change: FactsChange): Engine | null {
  const changed = changedIndex(engine.index, change);
  if (changed === null) return null;
  const { index, touched } = changed;
  const policies =
    touched.length === 0
      ? engine.policies
      : engine.policies.map(policy => reselected(changed, policy));
  const moves = engine.policies.map((policy, place) => movesOf(policy, policies[place] ?? policy));
  const moved: Engine = {
    ...engine,
    index,
    make: ruleMaker(index, engine.table),
    family: rowsHold(engine.index, index) ? engine.family : { of: 'family' },
    ofFacts: { of: 'facts' },
  };
  return withMoves(moved, policies, {
    gone: moves.flatMap(({ gone }) => gone),
    come: moves.flatMap(({ come }) => come),
  });
}

const changesFacts = ({ pods, namespaces }: Change): boolean =>
  pods !== undefined || namespaces !== undefined;

/**
 * The same answers as `compile` of the changed input, but only what the change touches is computed
 * anew: rows of all other pods stay. A change of hostNetwork pods or of what is known of nodes, and a
 * block that parts pods of one class, mean a full compilation. `compiled` stays as it is.
 */
export function withChange(compiled: Compiled, change: Change): Compiled {
  const { engine, modes, facts } = compiled;
  const put = change.policies?.put ?? [];
  const removed = (change.policies?.remove ?? []).map(policyKey);
  const moved = changesFacts(change) ? withFacts(engine, change) : engine;
  if (moved !== null && !splitsClasses(moved, put) && !isLineLong(moved)) {
    return compiledOf(withPolicies(moved, put, removed), modes);
  }
  const policies = changedItems(compiled.policies, policyKey, put, removed).items;
  return compile(changedFacts(facts, change), policies, modes);
}
