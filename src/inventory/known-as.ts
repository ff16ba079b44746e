import { deploymentKey, peerId } from './identity.js';
import { type Labels, stableLabels } from './labels.js';
import type { Owner } from './owner.js';
import { type Peer, PeerKind } from './peer.js';

const NOTHING = {
  namespace: null,
  workloadKind: null,
  labels: null,
  ports: null,
  hostNetwork: null,
  isolation: null,
  address: null,
  cidr: null,
  dnsName: null,
  entity: null,
  reason: null,
  aliasOf: null,
  firstSeenAt: null,
  endedAt: null,
} as const;

type Named = Pick<Peer, 'clusterId' | 'firstSeenAt'>;

const peer = (
  kind: PeerKind,
  naturalKey: string,
  fields: Named & Partial<Peer> & Pick<Peer, 'name' | 'inferred'>,
): Peer => ({ ...NOTHING, ...fields, id: peerId(kind, naturalKey), kind, naturalKey });

export type DeploymentSeen = Named & {
  readonly namespace: string;
  readonly owner: Owner;
  /** As a pod carries them; null when not known. */
  readonly labels: Labels | null;
};

/** A deployment that flows tell of. */
export const inferredDeployment = ({ namespace, owner, labels, ...seen }: DeploymentSeen): Peer =>
  peer(PeerKind.DEPLOYMENT, deploymentKey(namespace, owner.kind, owner.name), {
    ...seen,
    namespace,
    name: owner.name,
    workloadKind: owner.kind,
    labels: labels === null ? null : stableLabels(labels, owner.kind),
    inferred: true,
  });

/** What is outside of the cluster: exactly one of the four is set. */
export type Outside =
  | { readonly address: string }
  | { readonly cidr: string }
  | { readonly dnsName: string }
  | { readonly entity: string };

const nameOutside = (outside: Outside): string => {
  if ('address' in outside) return outside.address;
  if ('cidr' in outside) return outside.cidr;
  return 'dnsName' in outside ? outside.dnsName : outside.entity;
};

export const externalPeer = (seen: Named, outside: Outside): Peer => {
  const name = nameOutside(outside);
  return peer(PeerKind.EXTERNAL, name, { ...seen, ...outside, name, inferred: true });
};

export const nodePeer = (seen: Named, name: string): Peer =>
  peer(PeerKind.NODE, name, { ...seen, name, inferred: true });

export type Unknown = {
  /** Upper case words: why nobody knows who it is. */
  readonly reason: string;
  readonly address: string | null;
  readonly namespace: string | null;
  readonly labels: Labels | null;
  /** As the records name it, where they give no address; null: by its namespace and labels. */
  readonly name: string | null;
};

/** Somebody whom nothing known tells; a later snapshot may (see `resolve`). */
export const unresolvedPeer = (seen: Named, unknown: Unknown): Peer => {
  const { reason, address, namespace, labels, name } = unknown;
  const written = Object.entries(labels ?? {})
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const place = address ?? name ?? `${namespace ?? ''}{${written}}`;
  return peer(PeerKind.UNRESOLVED, `${reason} ${place}`, {
    ...seen,
    reason,
    address,
    namespace,
    labels,
    name: place,
    inferred: true,
  });
};
