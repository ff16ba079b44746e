import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { type Problem, Severity } from '../problem.js';
import { inventoryOf } from './inventory.js';
import { listed } from './probe.js';
import { nameOfPolicy } from './rule.js';

/** What policies would have concerned whose documents were refused: what is said of those pods may be too open. */
export function refusedPolicies(facts: Facts, refused: readonly Policy[]): readonly Problem[] {
  if (refused.length === 0) return [];
  const { subjectsOf, nameOf } = inventoryOf(facts);
  return refused.map(policy => {
    const names = [...new Set(subjectsOf(policy).map(nameOf))];
    const whom = names.length === 0 ? 'no pod of the input' : listed(names);
    return {
      code: 'POLICY_LEFT_OUT',
      severity: Severity.WARNING,
      message: `${nameOfPolicy(policy)} was refused and counts as not there; as far as it can be read it selects ${whom}, whose connections may be shown as more open than they are`,
      path: null,
      place: policy.place,
      hint: 'mend the document, as its errors say',
    };
  });
}
