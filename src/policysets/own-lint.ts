import {
  type Compiled,
  DEFAULT_MODES,
  type Facts,
  lint,
  type Policy,
  type Problem,
} from '../netpol/index.js';

/** What will be in force, and the same compiled. */
type InForce = { readonly staying: readonly Policy[]; readonly compiled: Compiled };

/** What lint calls an error in a generated set, in the context of its cluster and beside the policies that stay, is a fault of the answer. */
export const ownLint = (
  facts: Facts,
  policies: readonly Policy[],
  { staying, compiled }: InForce,
): readonly Problem[] =>
  lint(facts, [...policies, ...staying], {
    modes: DEFAULT_MODES,
    compiled,
    only: new Set(policies),
    errorsOnly: true,
  }).map(({ rule, severity, message, policy, path, hint }) => ({
    code: rule,
    severity,
    message: policy === null ? message : `${policy.namespace}/${policy.name}: ${message}`,
    path,
    place: null,
    hint,
  }));
