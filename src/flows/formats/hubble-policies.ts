import type { ObservedPolicy } from '../flow.js';
import { objectsOf, textOf } from './coerce.js';
import type { HubbleFlow } from './hubble-flow.js';

const FIELDS = [
  ['egress_denied_by', 'DENY', 'EGRESS'],
  ['ingress_denied_by', 'DENY', 'INGRESS'],
  ['egress_allowed_by', 'ALLOW', 'EGRESS'],
  ['ingress_allowed_by', 'ALLOW', 'INGRESS'],
] as const;

/** The policies that Cilium names, which it does on policy verdicts; null: none. */
export const policiesOf = (flow: HubbleFlow): readonly ObservedPolicy[] | null => {
  let found: ObservedPolicy[] | null = null;
  for (const [field, action, direction] of FIELDS) {
    if (flow[field] === undefined) continue;
    for (const policy of objectsOf(flow[field])) {
      const name = textOf(policy['name']);
      if (name === null) continue;
      found ??= [];
      const kind = textOf(policy['kind']);
      found.push({ action, direction, kind, namespace: textOf(policy['namespace']), name });
    }
  }
  return found;
};
