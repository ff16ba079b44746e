import { cutsOf } from '../addresses/block.js';
import type { Facts, NamespaceFact, PodFact } from '../facts.js';
import { Direction, type Policy } from '../policy.js';
import { compile, compiledOf } from './compile.js';
import { type Compiled, type Engine, kept } from './compiled.js';
import { blocksOf } from './compiled-rule.js';
import { NO_POLICIES } from './policy-lists.js';
import { byRank, type CompiledPolicy, compilePolicy } from './program.js';

export type PolicyIdentity = Pick<Policy, 'kind' | 'namespace' | 'name'>;

/** What becomes different. What is put replaces its namesake in its place, or else comes last. */
export type Change = {
  readonly policies?: {
    readonly put?: readonly Policy[];
    readonly remove?: readonly PolicyIdentity[];
  };
  /** `remove`: keys. */
  readonly pods?: { readonly put?: readonly PodFact[]; readonly remove?: readonly string[] };
  /** `remove`: names. */
  readonly namespaces?: {
    readonly put?: readonly NamespaceFact[];
    readonly remove?: readonly string[];
  };
};

const keyOf = ({ kind, namespace, name }: PolicyIdentity): string =>
  `${kind} ${namespace ?? ''}/${name}`;

type Changed<Item> = {
  readonly items: readonly Item[];
  readonly gone: readonly Item[];
  readonly come: readonly Item[];
};

/** `items` without those of `removed`, and with `put` in the places of their namesakes or at the end. */
function changed<Item>(
  items: readonly Item[],
  keyOfItem: (item: Item) => string,
  put: readonly Item[],
  removed: Iterable<string>,
): Changed<Item> {
  const fresh = new Map(put.map(item => [keyOfItem(item), item]));
  const leaving = new Set([...removed, ...fresh.keys()]);
  const gone = items.filter(item => leaving.has(keyOfItem(item)));
  const placed = new Set<string>();
  const replacement = (item: Item): readonly Item[] => {
    const key = keyOfItem(item);
    const other = fresh.get(key);
    if (other === undefined || placed.has(key)) return [];
    placed.add(key);
    return [other];
  };
  const left = new Set(gone);
  const kept =
    gone.length === 0 ? items : items.flatMap(item => (left.has(item) ? replacement(item) : item));
  const last = [...fresh].flatMap(([key, item]) => (placed.has(key) ? [] : [item]));
  return { items: [...kept, ...last], gone, come: [...fresh.values()] };
}

function changedFacts(facts: Facts, { pods, namespaces }: Change): Facts {
  return {
    ...facts,
    pods: changed(facts.pods, ({ key }) => key, pods?.put ?? [], pods?.remove ?? []).items,
    namespaces: changed(
      facts.namespaces,
      ({ name }) => name,
      namespaces?.put ?? [],
      namespaces?.remove ?? [],
    ).items,
  };
}

/** Gives the subjects of `policy` another list; subjects with one list get one list again. */
function relist(listOf: Int32Array, policy: CompiledPolicy, other: (list: number) => number): void {
  const known = new Map<number, number>();
  for (const id of policy.subjects) {
    const before = listOf[id] ?? NO_POLICIES;
    const after = known.get(before) ?? other(before);
    known.set(before, after);
    listOf[id] = after;
  }
}

type ByRank = (one: CompiledPolicy, other: CompiledPolicy) => number;

/** Policies in the order of evaluation; places are looked up only where priorities are equal. */
function rankIn(policies: readonly CompiledPolicy[]): ByRank {
  let places: Map<CompiledPolicy, number> | null = null;
  const placeOf = (policy: CompiledPolicy): number => {
    places ??= new Map(policies.map((one, place) => [one, place]));
    return places.get(policy) ?? 0;
  };
  return (one, other) => byRank(one, other) || placeOf(one) - placeOf(other);
}

/** The lists of the subjects of changed policies, made anew; all others stay, and so do their rows. */
function changedLists(
  engine: Engine,
  direction: Direction,
  { gone, come }: Changed<CompiledPolicy>,
  rank: ByRank,
): Int32Array {
  const lists = engine.lists[direction];
  const listFor = (found: readonly CompiledPolicy[]): number =>
    found.reduce((list, policy) => lists.extend(list, policy), NO_POLICIES);
  const speaks = ({ rules }: CompiledPolicy): boolean => rules[direction] !== null;
  const listOf = engine.listOf[direction].slice();
  for (const policy of gone.filter(speaks)) {
    relist(listOf, policy, list => listFor(lists.policies(list).filter(one => one !== policy)));
  }
  for (const policy of come.filter(speaks)) {
    relist(listOf, policy, list => listFor([...lists.policies(list), policy].sort(rank)));
  }
  return listOf;
}

/** So many changes are carried along before a fresh start lets go of rows that nobody needs any more. */
const LONGEST_LINE = 1_000;

/** True when the pods' classes are too coarse for the new blocks, or the line of changes is long. */
function needsFreshStart(engine: Engine, put: readonly Policy[]): boolean {
  const line = kept(engine, 'line of changes', () => ({ length: 0 }));
  line.length++;
  return line.length > LONGEST_LINE || engine.index.cells.splits(cutsOf(put.flatMap(blocksOf)));
}

function changedEngine(engine: Engine, put: readonly Policy[], removed: Iterable<string>): Engine {
  const come = put.map(policy => compilePolicy(engine.index, engine.make, policy));
  const policies = changed(engine.policies, ({ policy }) => keyOf(policy), come, removed);
  const rank = rankIn(policies.items);
  return {
    ...engine,
    policies: policies.items,
    listOf: {
      INGRESS: changedLists(engine, Direction.INGRESS, policies, rank),
      EGRESS: changedLists(engine, Direction.EGRESS, policies, rank),
    },
    usesV6: policies.items.some(({ namesV6 }) => namesV6),
    own: new Map(),
  };
}

/**
 * The same answers as `compile` of the changed input, but only what changed policies concern is
 * computed anew: rows of all other pods stay. Changed pods or namespaces mean a full compilation.
 * `compiled` stays as it is.
 */
export function withChange(compiled: Compiled, change: Change): Compiled {
  const { engine, modes, facts } = compiled;
  const put = change.policies?.put ?? [];
  const removed = (change.policies?.remove ?? []).map(keyOf);
  if (
    change.pods === undefined &&
    change.namespaces === undefined &&
    !needsFreshStart(engine, put)
  ) {
    return compiledOf(changedEngine(engine, put, removed), modes);
  }
  const policies = changed(compiled.policies, keyOf, put, removed).items;
  return compile(changedFacts(facts, change), policies, modes);
}
