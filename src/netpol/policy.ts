import type { Selector } from './labels.js';
import type { Place } from './problem.js';

export const Protocol = { TCP: 'TCP', UDP: 'UDP', SCTP: 'SCTP' } as const;
/** The protocols that policies can name. */
export type Protocol = (typeof Protocol)[keyof typeof Protocol];

export const Direction = { INGRESS: 'INGRESS', EGRESS: 'EGRESS' } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

export const Tier = {
  ADMIN: 'ADMIN',
  NETWORK_POLICY: 'NETWORK_POLICY',
  BASELINE: 'BASELINE',
} as const;
export type Tier = (typeof Tier)[keyof typeof Tier];

export const Action = { ALLOW: 'ALLOW', DENY: 'DENY', PASS: 'PASS' } as const;
/** `ALLOW` is also ClusterNetworkPolicy's `Accept`. Rules of a NetworkPolicy always allow. */
export type Action = (typeof Action)[keyof typeof Action];

/** One end that a rule names. */
export type Peer =
  /** Pods; `namespaces` null is the policy's own namespace. */
  | { readonly kind: 'pods'; readonly namespaces: Selector | null; readonly pods: Selector }
  /** NetworkPolicy's ipBlock: `cidr` without `except`. Host bits may be set. */
  | { readonly kind: 'ip-block'; readonly cidr: string; readonly except: readonly string[] }
  /** Admin tiers only: nodes by label. */
  | { readonly kind: 'nodes'; readonly nodes: Selector }
  /** Admin tiers only: matches pods by address too. */
  | { readonly kind: 'networks'; readonly cidrs: readonly string[] }
  /** Admin tiers only, egress and Allow only. */
  | { readonly kind: 'domain-names'; readonly names: readonly string[] }
  /** Admin tiers only: no field that this engine knows; fails closed. */
  | { readonly kind: 'unknown' };

export type PortMatch =
  /** `from` to `to` inclusive; 1 to 65535 is every port of the protocol. */
  | {
      readonly kind: 'range';
      readonly protocol: Protocol;
      readonly from: number;
      readonly to: number;
    }
  /** Resolved on the destination pod; `protocol` null takes any protocol of the port of that name. */
  | { readonly kind: 'named'; readonly protocol: Protocol | null; readonly name: string };

export type Rule = {
  readonly action: Action;
  /** Null: every peer, external ones included. An empty list matches nobody (admin tiers, after unknown peers). */
  readonly peers: readonly Peer[] | null;
  /** Null: all ports of all protocols. */
  readonly ports: readonly PortMatch[] | null;
  /** The rule's own name (admin tiers), or null. */
  readonly name: string | null;
  /** Its index in the list as written. */
  readonly index: number;
  readonly place: Place;
};

/** A policy of any tier after parsing: defaults filled, order kept. */
export type Policy = {
  /** As written: `NetworkPolicy`, `AdminNetworkPolicy`, `BaselineAdminNetworkPolicy`, `ClusterNetworkPolicy`. */
  readonly kind: string;
  readonly apiVersion: string;
  readonly tier: Tier;
  /** Null for cluster-scoped policies. */
  readonly namespace: string | null;
  readonly name: string;
  /** Lower decides first; 0 for NetworkPolicy. */
  readonly priority: number;
  /** `namespaces` null: the policy's own namespace. */
  readonly subject: { readonly namespaces: Selector | null; readonly pods: Selector };
  /** Null: the policy does not concern this direction. An empty list (NetworkPolicy): isolated, nothing allowed. */
  readonly ingress: readonly Rule[] | null;
  readonly egress: readonly Rule[] | null;
  readonly place: Place;
  /** The document as written (JSON values), for `render` and for the store. */
  readonly document: unknown;
};
