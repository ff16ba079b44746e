import { isPassing } from '../inventory/labels.js';
import type { Policy, Rule, Selector } from '../netpol/index.js';

const ofRules = (rules: readonly Rule[] | null): readonly Selector[] =>
  (rules ?? []).flatMap(({ peers }) =>
    (peers ?? []).flatMap(peer => (peer.kind === 'pods' ? [peer.pods] : [])),
  );

const podSelectors = ({ subject, ingress, egress }: Policy): readonly Selector[] => [
  subject.pods,
  ...ofRules(ingress),
  ...ofRules(egress),
];

/** Labels that controllers write anew for each pod or rollout, and that a selector of these policies names. */
export function passingLabelsIn(policies: readonly Policy[]): ReadonlySet<string> {
  const named = new Set<string>();
  for (const policy of policies)
    for (const { requirements } of podSelectors(policy))
      for (const { key } of requirements) if (isPassing(key)) named.add(key);
  return named;
}
