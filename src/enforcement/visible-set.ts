import { type Caller, seesNamespace, seesWhole } from '../access/caller.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import { visibleFacts, visiblePolicies } from '../inventory/visible-facts.js';
import { compile, type Modes, type Problem, withTwins } from '../netpol/index.js';
import type { Candidate } from './candidate.js';
import type { Evaluated } from './kept-sets.js';

type Stores = { readonly scopes: ScopeStore };

/**
 * A cluster in force as a caller sees it. For who sees some workloads only there are these, under the policies of their
 * namespaces: no answer that is computed from it depends on what is hidden.
 */
export async function visibleSet(
  { scopes }: Stores,
  caller: Caller,
  { clusterId, modes }: { readonly clusterId: number; readonly modes?: Modes },
  live: Evaluated,
): Promise<Evaluated> {
  if (seesWhole(caller)) return live;
  const own = new Set((await scopes.deployments(clusterId)).map(({ id }) => id));
  const facts = visibleFacts(caller, live.facts, own);
  const known = visibleFacts(caller, live.known, own);
  const policies = visiblePolicies(caller, live.policies);
  return { ...live, known, facts, policies, compiled: compile(withTwins(facts), policies, modes) };
}

/** Policies of a candidate that would bear on what the caller does not see; the same whether that exists or not. */
export const beyondScope = (
  caller: Caller,
  { policies }: Pick<Candidate, 'policies'>,
): readonly Problem[] =>
  policies
    .filter(({ namespace }) => !seesNamespace(caller, namespace))
    .map(({ kind, namespace, name }) => ({
      code: 'OUTSIDE_SCOPE',
      severity: 'ERROR',
      message: `\`${kind}\` \`${namespace === null ? name : `${namespace}/${name}`}\` is outside of the scope of \`${caller.name}\``,
      path: 'policies',
      place: null,
      hint: 'simulate policies of the namespaces that `viewer { scopes }` shows',
    }));
