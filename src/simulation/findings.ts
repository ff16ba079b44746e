import type { Candidate } from '../enforcement/candidate.js';
import {
  type Facts,
  type Finding,
  lint,
  type Modes,
  type Policy,
  policyKey,
  Severity,
} from '../netpol/index.js';
import type { StoredFinding } from './simulation.js';

const nameOf = ({ policy }: Pick<Finding, 'policy'>): string | null =>
  policy === null
    ? null
    : [policy.kind, policy.namespace, policy.name].filter(part => part !== null).join('/');

/** Places aside: the same text elsewhere is the same finding. */
const keyOf = (finding: Finding): string =>
  JSON.stringify([finding.rule, finding.severity, nameOf(finding), finding.message, finding.path]);

type Asked = {
  readonly facts: Facts;
  /** In force. */
  readonly policies: readonly Policy[];
  readonly modes: Modes;
};

/** Findings that a simulation keeps; more are counted. */
const MOST_FINDINGS = 1_000;

const GRAVITY: readonly string[] = [Severity.ERROR, Severity.WARNING, Severity.INFO];

/** The gravest, those that the candidate brings before those that stand, in the order of lint; the last says how many are left out. */
export function gravest(findings: readonly StoredFinding[]): readonly StoredFinding[] {
  if (findings.length <= MOST_FINDINGS) return findings;
  const rank = ({ severity, introduced }: StoredFinding): number =>
    2 * GRAVITY.indexOf(severity) + (introduced ? 0 : 1);
  const kept = new Set(
    findings.toSorted((one, other) => rank(one) - rank(other)).slice(0, MOST_FINDINGS - 1),
  );
  const left = findings.length - kept.size;
  return [
    ...findings.filter(one => kept.has(one)),
    {
      severity: Severity.INFO,
      rule: 'more-findings',
      message: `${left} more findings are not kept, none graver than those that are`,
      policy: null,
      line: null,
      column: null,
      hint: 'run `weirgate netpol lint` on the folder of the candidate for all of them',
      introduced: true,
    },
  ];
}

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
  const all = lint(facts, after, { modes, only: new Set(policies) }).map(finding => ({
    severity: finding.severity,
    rule: finding.rule,
    message: finding.message,
    policy: nameOf(finding),
    line: finding.place?.line ?? null,
    column: finding.place?.column ?? null,
    hint: finding.hint,
    introduced: !standing.has(keyOf(finding)),
  }));
  return gravest(all);
}
