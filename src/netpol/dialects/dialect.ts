import type { Peer, Policy, PortMatch, Rule } from '../policy.js';

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

/** The same policy in another dialect, one document or more, and what that cannot say of it, one line each. */
export type Rendering = {
  readonly documents: readonly object[];
  readonly cannot: readonly string[];
};

export type DescribedRule = { readonly rule: Rule; readonly word: RuleWord | null };

const described = (rules: readonly Rule[] | null, words: readonly RuleWord[]) =>
  rules?.map((rule, place): DescribedRule => ({ rule, word: words[place] ?? null })) ?? null;

/** Null: the policy does not isolate that direction. */
export const rulesOf = ({ policy, words }: Described) => ({
  ingress: described(policy.ingress, words),
  egress: described(policy.egress, words.slice(policy.ingress?.length ?? 0)),
});

const HOST = /^EXTERNAL:([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})$/i;

const isOneAddress = (peer: Peer): boolean =>
  peer.kind === 'ip-block' && /\/(32|128)$/.test(peer.cidr) && peer.except.length === 0;

/**
 * The DNS names by which people call the other end, where they call all of it by names and single addresses of theirs were
 * seen: a block that has a name is no host. A merged rule names several.
 */
export function hostsOf({ rule, word }: DescribedRule): readonly string[] {
  const names = (word?.peer ?? '').split(', ').map(name => HOST.exec(name)?.[1] ?? null);
  const isAll = names.every(name => name !== null) && (rule.peers ?? []).every(isOneAddress);
  return isAll && rule.peers !== null ? names : [];
}

/** Every port of a protocol. */
export const isWhole = (port: PortMatch): boolean =>
  port.kind === 'range' && port.from === 1 && port.to === 65_535;

/** In pieces of a list that is bounded. */
export const chunks = <T>(all: readonly T[], most: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, place) =>
    all.slice(place * most, (place + 1) * most),
  );

/** Labels of a document's metadata, which every dialect keeps. */
export const metadataOf = (
  { document, namespace, name }: Policy,
  scope: 'namespace' | 'cluster',
) => ({
  // A namespace has no dot: two policies never come to one name.
  name: scope === 'cluster' ? `${namespace}.${name}` : name,
  ...(scope === 'namespace' && { namespace }),
  labels: (document as { metadata?: { labels?: object } }).metadata?.labels ?? {},
});
