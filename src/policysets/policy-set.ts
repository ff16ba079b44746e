import { type Evidence, type GeneratedRule, RuleOrigin } from '../netpol/index.js';

/** What a set was generated from. */
export const PolicySetOrigin = { BASELINES: 'BASELINES', FLOWS: 'FLOWS' } as const;
export type PolicySetOrigin = (typeof PolicySetOrigin)[keyof typeof PolicySetOrigin];

/** A named, versioned collection of policies. Times are ISO text. */
export type PolicySet = {
  readonly clusterId: number;
  readonly id: string;
  readonly name: string;
  /** From 1; each generation under the same name is a new version. */
  readonly version: number;
  readonly origin: PolicySetOrigin;
  readonly createdAt: string;
  /** What was asked for, JSON values. */
  readonly request: unknown;
};

/** Evidence as it is stored: counts as text. */
export type StoredEvidence = Omit<Evidence, 'events' | 'days'> & {
  readonly days: number;
  readonly events: string;
};

/** Sets that were made before rules said why they are there have no `origin` and no `confidence`. */
export type StoredRule = Omit<GeneratedRule, 'evidence' | 'origin'> & {
  readonly origin?: RuleOrigin;
  /** 0 to 1. */
  readonly confidence?: number;
  readonly evidence: StoredEvidence | null;
};

export type PolicySetItem = {
  readonly position: number;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** The deployment that the policy was generated for. */
  readonly deploymentId: string | null;
  readonly yaml: string;
  readonly rules: readonly StoredRule[];
};

export const storedRule = (
  { evidence, ...rule }: GeneratedRule,
  confidence: number,
): StoredRule => ({
  ...rule,
  confidence,
  evidence:
    evidence === null
      ? null
      : { ...evidence, days: evidence.days.length, events: evidence.events.toString() },
});

/** What was not stored is made up from what was: rules without evidence were those for DNS. */
export const originOf = ({ origin, evidence }: StoredRule): RuleOrigin =>
  origin ?? (evidence === null ? RuleOrigin.DNS : RuleOrigin.OBSERVED);

/** The whole set as one file. */
export const setYaml = (items: readonly Pick<PolicySetItem, 'yaml'>[]): string =>
  items.map(({ yaml }) => yaml).join('---\n');

/** The grade of an evidence, whatever was not seen: HIGH from 7 days on (a week shows weekly jobs), MEDIUM from 2 days or 100 events on, else LOW. */
export function gradeOf({ days, events }: StoredEvidence): 'HIGH' | 'MEDIUM' | 'LOW' {
  if (days >= 7) return 'HIGH';
  return days >= 2 || BigInt(events) >= 100n ? 'MEDIUM' : 'LOW';
}
