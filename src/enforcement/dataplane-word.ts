import type { ObservedPolicy, ObservedVerdict } from '../flows/flow.js';
import type { Verdict } from '../netpol/index.js';

/** What the dataplane said of a flow, beside what the policies in force say. */
export type DataplaneWord = {
  /** The latest. */
  readonly verdict: ObservedVerdict;
  /** As it named them last. */
  readonly policies: readonly ObservedPolicy[];
  /** Null: one of both does not say whether policy allows it. */
  readonly agrees: boolean | null;
  /** One sentence for people. */
  readonly message: string;
};

/** What policy decided, by the dataplane's word; null: it does not say, as where something else failed. */
const DECIDED: Readonly<Record<ObservedVerdict, 'ALLOWED' | 'DENIED' | null>> = {
  ALLOWED: 'ALLOWED',
  DENIED: 'DENIED',
  AUDIT: 'DENIED',
  ERROR: null,
  UNKNOWN: null,
};

const SAID: Readonly<Record<ObservedVerdict, string>> = {
  ALLOWED: 'the dataplane allowed it',
  DENIED: 'the dataplane denied it',
  AUDIT: 'the dataplane would deny it were policies enforced',
  ERROR: 'it failed in the dataplane for another reason than policy',
  UNKNOWN: 'the dataplane does not say what came of it',
};

/** `CiliumNetworkPolicy shop/deny-web` */
const policyText = ({ kind, namespace, name }: ObservedPolicy): string =>
  `${kind ?? 'policy'} ${namespace === null ? '' : `${namespace}/`}${name}`;

/** Those that speak for what was decided: a denial is not by the policy that allowed the other direction. */
const namedText = (verdict: ObservedVerdict, policies: readonly ObservedPolicy[]): string => {
  const action = DECIDED[verdict] === 'DENIED' ? 'DENY' : 'ALLOW';
  const names = policies.filter(policy => policy.action === action).map(policyText);
  return names.length === 0
    ? ''
    : `, by ${[...new Set(names)].map(name => `\`${name}\``).join(', ')}`;
};

const CONTRARY =
  'the dataplane may know policies that are not known here, or had others in force when it was seen';

/** What the dataplane said, and whether the policies in force say the same. */
export function dataplaneWord(
  verdict: ObservedVerdict,
  policies: readonly ObservedPolicy[],
  byPolicies: Verdict,
): DataplaneWord {
  const decided = DECIDED[verdict];
  const agrees = decided === null || byPolicies === 'UNDECIDABLE' ? null : decided === byPolicies;
  const said = `${SAID[verdict]}${decided === null ? '' : namedText(verdict, policies)}`;
  const message =
    agrees === false ? `${said}; the policies in force say ${byPolicies}: ${CONTRARY}` : said;
  return { verdict, policies, agrees, message };
}
