import type { Policy, Rule } from '../policy.js';

/** What a policy can be written as besides NetworkPolicy. */
export const PolicyDialect = {
  CILIUM: 'CILIUM',
  CALICO: 'CALICO',
  CLUSTER_NETWORK_POLICY: 'CLUSTER_NETWORK_POLICY',
} as const;
export type PolicyDialect = (typeof PolicyDialect)[keyof typeof PolicyDialect];

/** What is known of a rule beside its text. */
export type RuleWord = {
  /** What people call the peer: `EXTERNAL:api.example.com`, `cluster nodes`. */
  readonly peer: string;
  readonly origin: string;
};

/** A NetworkPolicy with a word on each rule, in the order of ingress, then egress; none where nothing is known of them. */
export type Described = { readonly policy: Policy; readonly words: readonly RuleWord[] };

/** The same policy in another dialect, and what that cannot say of it, one line each. */
export type Rendering = { readonly document: object; readonly cannot: readonly string[] };

export type DescribedRule = { readonly rule: Rule; readonly word: RuleWord | null };

const described = (rules: readonly Rule[] | null, words: readonly RuleWord[]) =>
  rules?.map((rule, place): DescribedRule => ({ rule, word: words[place] ?? null })) ?? null;

/** Null: the policy does not isolate that direction. */
export const rulesOf = ({ policy, words }: Described) => ({
  ingress: described(policy.ingress, words),
  egress: described(policy.egress, words.slice(policy.ingress?.length ?? 0)),
});

/** The DNS name by which people call the other end; null where they have none. */
export function hostOf(word: RuleWord | null): string | null {
  const name = /^EXTERNAL:([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})$/i.exec(word?.peer ?? '')?.[1];
  return name ?? null;
}

/** Labels of a document's metadata, which every dialect keeps. */
export const metadataOf = (
  { document, namespace, name }: Policy,
  scope: 'namespace' | 'cluster',
) => ({
  name: scope === 'cluster' ? `${namespace}-${name}` : name,
  ...(scope === 'namespace' && { namespace }),
  labels: (document as { metadata?: { labels?: object } }).metadata?.labels ?? {},
});
