import type { ClassId } from '../compile/class-id.js';
import type { CompiledRule } from '../compile/compiled-rule.js';

/** No rule that tells peers apart has matched. */
export const START = 0;

/** Which rules match a peer. */
export type MatchStates = {
  /** Every class whose state is not `START`, in no order. */
  readonly touched: readonly ClassId[];
  /** The places of the rules that match in a state, last rule first. */
  marks(state: number): readonly number[];
};

/** Lists of the peers that a rule matches; one may be in several. */
export type RuleMembers = readonly ArrayLike<ClassId>[];

/** States as a tree: each is the one before it and one mark more. */
function stateTree() {
  const before: number[] = [-1];
  const markOf: number[] = [-1];
  return {
    before,
    markOf,
    longer(state: number, mark: number, next: number[]): number {
      const known = next[state];
      if (known !== undefined) return known;
      before.push(state);
      markOf.push(mark);
      next[state] = before.length - 1;
      return before.length - 1;
    },
  };
}

/**
 * Walks over the members of each rule once and brings every peer into the state that stands for
 * the set of rules that match it. Peers in one state have one outcome, so rules are evaluated once
 * a state and not once a peer: of 2,000 peers a row usually has fewer than ten.
 *
 * `stateOf` holds the state of each class; it must be all `START`, and is for the caller to clear.
 */
export function matchStates(
  rules: readonly CompiledRule[],
  membersOf: (rule: CompiledRule) => RuleMembers,
  stateOf: Int32Array,
): MatchStates {
  const touched: ClassId[] = [];
  const tree = stateTree();
  const visit = (members: ArrayLike<ClassId>, mark: number, next: number[]): void => {
    for (let i = 0; i < members.length; i++) {
      const id = members[i];
      if (id === undefined) continue;
      const state = stateOf[id] ?? START;
      // The rule has matched this peer already, by another of its peers.
      if (tree.markOf[state] === mark) continue;
      if (state === START) touched.push(id);
      stateOf[id] = tree.longer(state, mark, next);
    }
  };
  rules.forEach((rule, place) => {
    /** The state after this mark, by the state before it. */
    const next: number[] = [];
    for (const members of membersOf(rule)) visit(members, place, next);
  });
  return {
    touched,
    marks: state => {
      const found: number[] = [];
      for (let at = state; at !== START; at = tree.before[at] ?? START) {
        found.push(tree.markOf[at] ?? 0);
      }
      return found;
    },
  };
}
