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

/** `items` without those of `removed`, and with `put` in the places of their namesakes or at the end. */
function changed<Item>(
  items: readonly Item[],
  keyOfItem: (item: Item) => string,
  put: readonly Item[],
  removed: Iterable<string>,
): readonly Item[] {
  const gone = new Set(removed);
  const fresh = new Map(put.map(item => [keyOfItem(item), item]));
  const placed = new Set<string>();
  const rest: Item[] = [];
  for (const item of items) {
    const key = keyOfItem(item);
    const replacement = fresh.get(key);
    if (replacement === undefined && !gone.has(key)) rest.push(item);
    if (replacement !== undefined && !placed.has(key)) rest.push(replacement);
    if (replacement !== undefined) placed.add(key);
  }
  return [...rest, ...[...fresh].filter(([key]) => !placed.has(key)).map(([, item]) => item)];
}

function changedFacts(facts: Facts, { pods, namespaces }: Change): Facts {
  return {
    ...facts,
    pods: changed(facts.pods, ({ key }) => key, pods?.put ?? [], pods?.remove ?? []),
    namespaces: changed(
      facts.namespaces,
      ({ name }) => name,
      namespaces?.put ?? [],
      namespaces?.remove ?? [],
    ),
  };
}

type Moved = {
  readonly gone: readonly CompiledPolicy[];
  readonly come: readonly CompiledPolicy[];
};

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

/** The lists of the subjects of changed policies, made anew; all others stay, and so do their rows. */
function changedLists(
  engine: Engine,
  direction: Direction,
  policies: readonly CompiledPolicy[],
  { gone, come }: Moved,
): Int32Array {
  const lists = engine.lists[direction];
  const place = new Map(policies.map((policy, position) => [policy, position]));
  const inOrder = (one: CompiledPolicy, other: CompiledPolicy): number =>
    byRank(one, other) || (place.get(one) ?? 0) - (place.get(other) ?? 0);
  const listFor = (found: readonly CompiledPolicy[]): number =>
    found.reduce((list, policy) => lists.extend(list, policy), NO_POLICIES);
  const speaks = ({ rules }: CompiledPolicy): boolean => rules[direction] !== null;
  const listOf = engine.listOf[direction].slice();
  for (const policy of gone.filter(speaks)) {
    relist(listOf, policy, list => listFor(lists.policies(list).filter(one => one !== policy)));
  }
  for (const policy of come.filter(speaks)) {
    relist(listOf, policy, list => listFor([...lists.policies(list), policy].sort(inOrder)));
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
  const staying = new Set(policies);
  const before = new Set(engine.policies);
  const moved = {
    gone: engine.policies.filter(policy => !staying.has(policy)),
    come: policies.filter(policy => !before.has(policy)),
  };
  return {
    ...engine,
    policies,
    listOf: {
      INGRESS: changedLists(engine, Direction.INGRESS, policies, moved),
      EGRESS: changedLists(engine, Direction.EGRESS, policies, moved),
    },
    usesV6: policies.some(({ namesV6 }) => namesV6),
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
  const policies = changed(compiled.policies, keyOf, put, removed);
  return compile(changedFacts(facts, change), policies, modes);
}
