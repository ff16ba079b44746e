import { type Caller, seesNamespace, seesWhole } from '../access/caller.js';
import { MASKED_NAME, MASKED_REASON } from '../access/masked.js';
import type { ObservedPolicy } from '../flows/flow.js';
import type { Explained, ExplainedHalf, ExplainedReason } from './explained.js';

/** `NetworkPolicy/shop/web`, and `AdminNetworkPolicy/deny` of the whole cluster. */
function namespaceOf(policy: string): string | null {
  const [, namespace, name] = policy.split('/');
  return name === undefined ? null : (namespace ?? null);
}

const masked = (reason: ExplainedReason): ExplainedReason => ({
  ...reason,
  policy: MASKED_NAME,
  policyId: null,
  rule: null,
  ruleName: null,
  file: null,
  line: 1,
  column: 1,
});

/** That something was missing is told, and not what: it may be a fact of the other end. So may what is nearest be. */
const halfFor =
  (caller: Caller) =>
  (half: ExplainedHalf): ExplainedHalf => ({
    ...half,
    missing: half.missing === null ? null : MASKED_REASON,
    reasons: half.reasons.map(({ nearest: _, appliesTo: __, peers: ___, ...reason }) =>
      seesNamespace(caller, namespaceOf(reason.policy)) ? reason : masked(reason),
    ),
  });

/** The same verdict; policies outside of the caller's scope have no name and no place in it. */
export function explainedFor(caller: Caller, explanation: Explained): Explained {
  if (seesWhole(caller)) return explanation;
  const shown = halfFor(caller);
  const ends = <Answer extends Pick<Explained, 'missing' | 'egress' | 'ingress'>>(
    answer: Answer,
  ) => ({
    ...answer,
    missing: answer.missing === null ? null : MASKED_REASON,
    egress: shown(answer.egress),
    ingress: shown(answer.ingress),
  });
  const { settledBy: _, notes: __, parts, ...rest } = explanation;
  return { ...ends(rest), ...(parts !== undefined && { parts: parts.map(ends) }) };
}

/** Of the policies that the dataplane named, those of namespaces of the scope. */
export const namedFor = (
  caller: Caller,
  policies: readonly ObservedPolicy[],
): readonly ObservedPolicy[] =>
  seesWhole(caller)
    ? policies
    : policies.filter(({ namespace }) => seesNamespace(caller, namespace));
