import { MASKED_KIND } from '../access/masked.js';

export const PeerKind = {
  DEPLOYMENT: 'DEPLOYMENT',
  EXTERNAL: 'EXTERNAL',
  NODE: 'NODE',
  UNRESOLVED: 'UNRESOLVED',
  /** Of any kind, and outside of the caller's scope: no row is stored so. */
  MASKED: MASKED_KIND,
} as const;
export type PeerKind = (typeof PeerKind)[keyof typeof PeerKind];

export const Isolation = {
  INGRESS: 'INGRESS',
  EGRESS: 'EGRESS',
  BOTH: 'BOTH',
  NONE: 'NONE',
  /** Its label sets differ in it. */
  PARTIAL: 'PARTIAL',
} as const;
/** For which directions policies in force select a deployment's pods. */
export type Isolation = (typeof Isolation)[keyof typeof Isolation];

export type DeclaredPort = {
  readonly name: string | null;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
};

/**
 * One end of flows: a row of `peer`. Which fields are set follows from `kind`:
 * DEPLOYMENT has `namespace`, `workloadKind`, `labels`, `ports`, `hostNetwork`;
 * EXTERNAL has `address`, `cidr`, `dnsName` or `entity` (Hubble's reserved names: `world`, `kube-apiserver`);
 * NODE has `labels` when a snapshot told them; UNRESOLVED has `reason`, and `address` or `labels`; MASKED has nothing.
 */
export type Peer = {
  readonly clusterId: number;
  /** First 128 bits of SHA-256 over (`kind`, `naturalKey`). */
  readonly id: string;
  readonly kind: PeerKind;
  /** `namespace/kind/name`; address, CIDR or name; node name; reason and address or labels. */
  readonly naturalKey: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly workloadKind: string | null;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly ports: readonly DeclaredPort[] | null;
  readonly hostNetwork: boolean | null;
  /** Of a DEPLOYMENT: kept beside the verdicts of flows; null while its labels are not known. */
  readonly isolation: Isolation | null;
  /** True when no snapshot has shown it: learned from flows. */
  readonly inferred: boolean;
  readonly address: string | null;
  readonly cidr: string | null;
  readonly dnsName: string | null;
  readonly entity: string | null;
  readonly reason: string | null;
  /** The peer that this one turned out to be. */
  readonly aliasOf: string | null;
  /** ISO text in UTC with microseconds. */
  readonly firstSeenAt: string | null;
  readonly endedAt: string | null;
};
