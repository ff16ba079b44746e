import type { Versions } from '../inventory/versions.store.js';
import type {
  Action,
  AnswerPart,
  Decision,
  Direction,
  Half,
  Reason,
  Tier,
} from '../netpol/index.js';
import type { DataplaneWord } from './dataplane-word.js';
import { PolicySource, policyId } from './policy.js';
import { storedFile } from './stored-policies.js';

/** One policy or rule that took part, as text and places that the API shows. */
export type ExplainedReason = {
  readonly direction: Direction;
  readonly tier: Tier;
  /** `Kind/namespace/name`. */
  readonly policy: string;
  /** Of the stored policy; null: one of a candidate, or hidden. */
  readonly policyId: string | null;
  readonly rule: number | null;
  /** Of a rule with several peers: those that the other end is, by their places. */
  readonly peers?: readonly number[];
  readonly ruleName: string | null;
  readonly action: Action | null;
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  /** Where no rule matched: the one that is nearest, and what would have to differ. */
  readonly nearest?: string;
  /** Of an end that may be one of several: for which of them it holds. */
  readonly appliesTo?: string;
};

export type ExplainedHalf = {
  readonly direction: Direction;
  readonly verdict: string;
  readonly basis: string;
  readonly governed: boolean;
  readonly missing: string | null;
  readonly reasons: readonly ExplainedReason[];
};

/** What holds for some parts of a question whose ends, or ports, are several. */
export type ExplainedPart = {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: string;
  readonly verdict: 'ALLOWED' | 'DENIED' | 'UNDECIDABLE';
  readonly basis: string;
  readonly missing: string | null;
  readonly egress: ExplainedHalf;
  readonly ingress: ExplainedHalf;
};

/** A decision as JSON values: what the API answers and what a simulation stores. */
export type Explained = {
  readonly verdict: 'ALLOWED' | 'DENIED' | 'UNDECIDABLE';
  readonly basis: string;
  readonly governed: boolean;
  readonly missing: string | null;
  readonly egress: ExplainedHalf;
  readonly ingress: ExplainedHalf;
  /** What would leave one answer, when UNDECIDABLE. */
  readonly settledBy?: string;
  readonly notes?: readonly string[];
  /** Where an end stands for several, or no port was asked and ports differ: what holds for which. */
  readonly parts?: readonly ExplainedPart[];
  /** The cluster that was asked about. */
  readonly clusterId?: number;
  /** Of the facts and policies that answered; absent where that is a candidate, or a moment of the past. */
  readonly versions?: Versions;
  /** Of a flow that was seen, under the policies in force. */
  readonly dataplane?: DataplaneWord;
};

const reasonOf = ({
  direction,
  tier,
  policy,
  rule,
  place,
  miss,
  appliesTo,
}: Reason): ExplainedReason => ({
  direction,
  tier,
  policy: [policy.kind, policy.namespace, policy.name].filter(part => part !== null).join('/'),
  policyId: place.file === storedFile(policy) ? policyId(PolicySource.LIVE, policy) : null,
  rule: rule?.index ?? null,
  ruleName: rule?.name ?? null,
  action: rule?.action ?? null,
  file: place.file,
  line: place.line,
  column: place.column,
  ...(rule?.peers !== undefined && { peers: rule.peers }),
  ...(miss !== undefined && { nearest: miss }),
  ...(appliesTo !== undefined && { appliesTo }),
});

const halfOf = ({
  direction,
  verdict,
  basis,
  governed,
  missing,
  reasons,
}: Half): ExplainedHalf => ({
  direction,
  verdict,
  basis,
  governed,
  missing,
  reasons: reasons.map(reasonOf),
});

export const explained = (decision: Decision): Explained => ({
  verdict: decision.verdict,
  basis: decision.basis,
  governed: decision.governed,
  missing: decision.missing,
  egress: halfOf(decision.egress),
  ingress: halfOf(decision.ingress),
  ...(decision.settledBy !== undefined && { settledBy: decision.settledBy }),
  ...(decision.notes !== undefined && { notes: decision.notes }),
});

export const explainedPart = ({
  sources,
  destinations,
  ports,
  decision,
}: AnswerPart): ExplainedPart => {
  const { verdict, basis, missing, egress, ingress } = explained(decision);
  return { sources, destinations, ports, verdict, basis, missing, egress, ingress };
};

const halfText = ({ direction, verdict, basis, reasons, missing }: ExplainedHalf): string => {
  const named = reasons.map(({ policy, rule, line }) =>
    rule === null ? `\`${policy}\` isolates it` : `\`${policy}\` rule ${rule} (line ${line})`,
  );
  const why = missing === null ? [...new Set(named)].join(', ') : `not known: ${missing}`;
  return `${direction.toLowerCase()} ${verdict.toLowerCase()} (${basis}${why === '' ? '' : `: ${why}`})`;
};

/** One sentence for people. */
export const explanationText = ({ verdict, egress, ingress }: Explained): string =>
  `${verdict.toLowerCase()}: ${halfText(egress)}; ${halfText(ingress)}`;
