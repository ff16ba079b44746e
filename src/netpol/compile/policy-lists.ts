import type { Direction } from '../policy.js';
import { type CompiledPolicy, type Program, programOf } from './program.js';

/** The list of no policy. */
export const NO_POLICIES = 0;

/**
 * Numbers for ordered lists of policies of one direction: subjects with the same list share one
 * program and all rows made from it. A list is its longest beginning and one policy more.
 */
export type PolicyLists = {
  extend(list: number, policy: CompiledPolicy): number;
  policies(list: number): readonly CompiledPolicy[];
  program(list: number): Program;
};

type Entry = {
  readonly before: number;
  readonly policy: CompiledPolicy | null;
  /** By the rules of the policy that makes it longer: whom it selects makes no difference to a list. */
  readonly longer: Map<CompiledPolicy['rules'], number>;
  program: Program | null;
};

export function policyLists(direction: Direction): PolicyLists {
  const entries: Entry[] = [{ before: -1, policy: null, longer: new Map(), program: null }];
  const entryAt = (list: number): Entry => {
    const entry = entries[list];
    if (entry === undefined) throw new RangeError(`no policy list has the number ${list}`);
    return entry;
  };
  const policies = (list: number): readonly CompiledPolicy[] => {
    const found: CompiledPolicy[] = [];
    for (let entry = entryAt(list); entry.policy !== null; entry = entryAt(entry.before)) {
      found.push(entry.policy);
    }
    return found.reverse();
  };
  return {
    extend: (list, policy) => {
      const { longer } = entryAt(list);
      const known = longer.get(policy.rules);
      if (known !== undefined) return known;
      entries.push({ before: list, policy, longer: new Map(), program: null });
      longer.set(policy.rules, entries.length - 1);
      return entries.length - 1;
    },
    policies,
    program: list => {
      const entry = entryAt(list);
      entry.program ??= programOf(policies(list), direction);
      return entry.program;
    },
  };
}
