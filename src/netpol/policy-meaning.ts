import type { Policy, Rule } from './policy.js';

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;

const ruleOf = ({ action, peers, ports }: Rule): object => ({ action, peers, ports });

/**
 * What a policy decides by, as one text: tier, priority, subject and rules, after defaults are filled. Two policies of the same
 * text decide alike; labels, annotations, the names of rules and what the API server adds do not count. Rules, peers and ports that stand in another order
 * are another text.
 */
export const policyMeaning = ({ tier, priority, subject, ingress, egress }: Policy): string =>
  JSON.stringify(
    {
      tier,
      priority,
      subject,
      ingress: ingress?.map(ruleOf) ?? null,
      egress: egress?.map(ruleOf) ?? null,
    },
    sorted,
  );
