import type { Column } from '../brand.js';
import type { Facts } from '../facts.js';
import type { Direction, Policy } from '../policy.js';
import type { TrafficTable } from '../ports/traffic.js';
import type { Problem } from '../problem.js';
import type { Modes } from '../verdict.js';
import type { RuleMaker } from './compiled-rule.js';
import type { PodIndex } from './pod-index.js';
import type { ListId, PolicyLists } from './policy-lists.js';
import type { CompiledPolicy } from './program.js';

/**
 * Facts and policies of all tiers, made ready for questions. Made by `compile`; immutable, apart
 * from what it remembers of answers already given.
 */
export type Compiled = {
  readonly facts: Facts;
  readonly policies: readonly Policy[];
  readonly modes: Modes;
  /** What in the facts and policies cannot mean what was meant. Computed when first read. */
  readonly problems: readonly Problem[];
  /** For the engine only. */
  readonly engine: Engine;
};

export type Engine = {
  readonly index: PodIndex;
  readonly table: TrafficTable;
  readonly make: RuleMaker;
  /** In the order of the input. */
  readonly policies: readonly CompiledPolicy[];
  readonly lists: Readonly<Record<Direction, PolicyLists>>;
  /** The policy list of each class; hostNetwork pods as NetworkPolicy sees them in mode `pods`. */
  readonly listOf: Readonly<Record<Direction, Column<ListId>>>;
  /** Some policy names an IPv6 block. */
  readonly usesV6: boolean;
  /** Of what depends on numbered classes and policy lists only: engines that came of each other by changes share it. */
  readonly family: Memory;
  /** Of what depends on the facts: an engine with changed policies goes on with it. */
  readonly ofFacts: Memory;
  /** Of what depends on which policies select which pods. */
  readonly ofState: Memory;
};

/** What cells keep their values for: no longer than there is an engine with it. */
export type Memory = { readonly of: 'family' | 'facts' | 'state' };

/** A cell: makes its value when it is first asked in a memory, and keeps it there. */
const cell = <Owner, Value extends NonNullable<unknown>>(
  memoryOf: (owner: Owner) => Memory,
  make: (owner: Owner) => Value,
): ((owner: Owner) => Value) => {
  const values = new WeakMap<Memory, Value>();
  return owner => {
    const memory = memoryOf(owner);
    const known = values.get(memory);
    if (known !== undefined) return known;
    const value = make(owner);
    values.set(memory, value);
    return value;
  };
};

/** Of numbered classes and policy lists; `make` may use nothing else of the engine. */
export const ofFamily = <Value extends NonNullable<unknown>>(make: (engine: Engine) => Value) =>
  cell(({ family }: Engine) => family, make);

/** Of the facts; `make` may not use which policies there are. */
export const ofFacts = <Value extends NonNullable<unknown>>(make: (engine: Engine) => Value) =>
  cell((engine: Engine) => engine.ofFacts, make);

/** Of facts and policies. */
export const ofState = <Value extends NonNullable<unknown>>(make: (compiled: Compiled) => Value) =>
  cell(({ engine }: Compiled) => engine.ofState, make);
