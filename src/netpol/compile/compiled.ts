import type { Facts } from '../facts.js';
import type { Direction, Policy } from '../policy.js';
import type { TrafficTable } from '../ports/traffic.js';
import type { Problem } from '../problem.js';
import type { Modes } from '../verdict.js';
import type { RuleMaker } from './compiled-rule.js';
import type { PodIndex } from './pod-index.js';
import type { PolicyLists } from './policy-lists.js';
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
  readonly listOf: Readonly<Record<Direction, Int32Array>>;
  /** Some policy names an IPv6 block. */
  readonly usesV6: boolean;
  /**
   * Answers that are worth keeping, by the name of who keeps them. They depend on numbered classes and
   * policy lists only, so that engines which came of this one by changes go on with them.
   */
  readonly family: Map<string, unknown>;
  /** The same for answers that depend on the facts: an engine with changed policies goes on with them. */
  readonly kept: Map<string, unknown>;
  /** The same for answers that depend on which policies select which pods. */
  readonly own: Map<string, unknown>;
};

const remember = <Value>(memory: Map<string, unknown>, name: string, make: () => Value): Value => {
  if (!memory.has(name)) memory.set(name, make());
  return memory.get(name) as Value;
};

/** What `make` answered when `name` was first asked for, of numbered classes and lists. */
export const ofFamily = <Value>({ family }: Engine, name: string, make: () => Value): Value =>
  remember(family, name, make);

/** What `make` answered when `name` was first asked for, of these facts. */
export const kept = <Value>({ kept: memory }: Engine, name: string, make: () => Value): Value =>
  remember(memory, name, make);

/** What `make` answered when `name` was first asked for, of these facts and policies. */
export const own = <Value>({ own: memory }: Engine, name: string, make: () => Value): Value =>
  remember(memory, name, make);
