import { type Selector, SelectorOperator } from './labels.js';
import type { Action, Policy } from './policy.js';

type Actions = ReadonlySet<Action>;

const known = new WeakMap<Policy, readonly Actions[]>();

/** What the rules of a policy do, by direction. */
function actionsOf(policy: Policy): readonly Actions[] {
  const before = known.get(policy);
  if (before !== undefined) return before;
  const { ingress, egress } = policy;
  const made = [ingress, egress].map(rules => new Set((rules ?? []).map(({ action }) => action)));
  known.set(policy, made);
  return made;
}

/** One label would have to have two values. */
const areApart = (one: Selector | null, other: Selector | null): boolean =>
  (one?.requirements ?? []).some(
    ({ key, operator, values }) =>
      operator === SelectorOperator.IN &&
      (other?.requirements ?? []).some(
        each =>
          each.key === key &&
          each.operator === SelectorOperator.IN &&
          !each.values.some(value => values.includes(value)),
      ),
  );

/** Whether some connection of some pod could be decided otherwise by the one policy than by the other: what their rules do differs. */
export function mayContradict(one: Policy, other: Policy): boolean {
  const others = actionsOf(other);
  const differ = actionsOf(one).some((actions, at) =>
    [...actions].some(action => [...(others[at] ?? [])].some(each => each !== action)),
  );
  return (
    differ &&
    !areApart(one.subject.namespaces, other.subject.namespaces) &&
    !areApart(one.subject.pods, other.subject.pods)
  );
}
