import type { Brand } from '../brand.js';
import type { Direction } from '../policy.js';
import { type CompiledPolicy, type Program, programOf } from './program.js';

/** The number of a list of policies, of one direction. */
export type ListId = Brand<number, 'ListId'>;

/** The list of no policy. */
export const NO_POLICIES = 0 as ListId;

/**
 * Numbers for ordered lists of policies of one direction: subjects with the same list share one
 * program and all rows made from it. A list is its longest beginning and one policy more.
 */
export type PolicyLists = {
  extend(list: ListId, policy: CompiledPolicy): ListId;
  policies(list: ListId): readonly CompiledPolicy[];
  program(list: ListId): Program;
};

type Entry = {
  readonly before: ListId;
  readonly policy: CompiledPolicy | null;
  /** By the rules of the policy that makes it longer: whom it selects makes no difference to a list. */
  readonly longer: Map<CompiledPolicy['rules'], ListId>;
  program: Program | null;
};

export function policyLists(direction: Direction): PolicyLists {
  const entries: Entry[] = [
    { before: NO_POLICIES, policy: null, longer: new Map(), program: null },
  ];
  const entryAt = (list: ListId): Entry => {
    const entry = entries[list];
    if (entry === undefined) throw new RangeError(`no policy list has the number ${list}`);
    return entry;
  };
  const policies = (list: ListId): readonly CompiledPolicy[] => {
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
      const longest = { before: list, policy, longer: new Map(), program: null };
      const number = (entries.push(longest) - 1) as ListId;
      longer.set(policy.rules, number);
      return number;
    },
    policies,
    program: list => {
      const entry = entryAt(list);
      entry.program ??= programOf(policies(list), direction);
      return entry.program;
    },
  };
}
