import { type Caller, seesNamespace } from '../access/caller.js';
import type { Facts, Policy, Problem } from '../netpol/index.js';
import { counted } from '../netpol/index.js';

/**
 * A cluster as if there were nothing in it but what a caller sees: what is computed from it cannot tell of the rest.
 * @param workloads ids of those in the scope
 */
export function visibleFacts(caller: Caller, facts: Facts, workloads: ReadonlySet<string>): Facts {
  const pods = facts.pods.filter(({ key, memberOf }) => workloads.has(memberOf ?? key));
  const names = new Set(pods.map(({ namespace }) => namespace));
  const isSeen = ({ namespace }: { readonly namespace: string }): boolean =>
    seesNamespace(caller, namespace);
  return {
    ...facts,
    pods,
    namespaces: facts.namespaces.filter(({ name }) => names.has(name)),
    nodes: [],
    services: facts.services.filter(isSeen),
    routes: facts.routes.filter(isSeen),
    ...(facts.calls !== undefined && { calls: facts.calls.filter(isSeen) }),
    ...(facts.monitors !== undefined && { monitors: facts.monitors.filter(isSeen) }),
  };
}

/** Those of the namespaces that a caller sees all of. */
export const visiblePolicies = (caller: Caller, policies: readonly Policy[]): readonly Policy[] =>
  policies.filter(({ namespace }) => seesNamespace(caller, namespace));

/** What was left out because the caller may not see it; nothing where nothing was. */
export const hiddenPeers = (count: number): readonly Problem[] =>
  count === 0
    ? []
    : [
        {
          code: 'SCOPE_HIDES',
          severity: 'WARNING',
          message: `${counted(count, 'peer is', 'peers are')} outside of your scope: flows with them are left out`,
          path: null,
          place: null,
          hint: 'ask somebody who sees the whole cluster for what holds of these flows too',
        },
      ];
