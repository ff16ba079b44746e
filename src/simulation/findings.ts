import type { Candidate } from '../enforcement/candidate.js';
import { type Facts, type Finding, lint, type Modes } from '../netpol/index.js';
import type { StoredFinding } from './simulation.js';

const findingOf = ({ policy, place, ...finding }: Finding): StoredFinding => ({
  severity: finding.severity,
  rule: finding.rule,
  message: finding.message,
  policy:
    policy === null
      ? null
      : [policy.kind, policy.namespace, policy.name].filter(part => part !== null).join('/'),
  line: place?.line ?? null,
  column: place?.column ?? null,
  hint: finding.hint,
});

/** What lint says of the candidate's own policies, in the cluster as it would be. */
export function findingsOf(
  facts: Facts,
  { after, policies }: Candidate,
  modes: Modes,
): readonly StoredFinding[] {
  return lint(facts, after, { modes, only: new Set(policies) }).map(findingOf);
}
