import type { Candidate } from '../enforcement/candidate.js';
import { type Facts, type Finding, lint, type Modes, type Policy } from '../netpol/index.js';
import type { StoredFinding } from './simulation.js';

const nameOf = ({ policy }: Pick<Finding, 'policy'>): string | null =>
  policy === null
    ? null
    : [policy.kind, policy.namespace, policy.name].filter(part => part !== null).join('/');

/** Places aside: the same text elsewhere is the same finding. */
const keyOf = (finding: Finding): string =>
  JSON.stringify([finding.rule, finding.severity, nameOf(finding), finding.message, finding.path]);

const policyKey = ({ kind, namespace, name }: Policy): string =>
  `${kind} ${namespace ?? ''}/${name}`;

type Asked = {
  readonly facts: Facts;
  /** In force. */
  readonly policies: readonly Policy[];
  readonly modes: Modes;
};

/**
 * What lint says of the candidate's own policies, and of no policy, in the cluster as it would be; and which of it the
 * policies in force do not have yet.
 */
export function findingsOf(
  { facts, policies: live, modes }: Asked,
  { after, policies }: Candidate,
): readonly StoredFinding[] {
  const own = new Set(policies.map(policyKey));
  const namesakes = new Set(live.filter(policy => own.has(policyKey(policy))));
  const standing = new Set(lint(facts, live, { modes, only: namesakes }).map(keyOf));
  return lint(facts, after, { modes, only: new Set(policies) }).map(finding => ({
    severity: finding.severity,
    rule: finding.rule,
    message: finding.message,
    policy: nameOf(finding),
    line: finding.place?.line ?? null,
    column: finding.place?.column ?? null,
    hint: finding.hint,
    introduced: !standing.has(keyOf(finding)),
  }));
}
