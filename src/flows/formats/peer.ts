import type { ObservedPeer, PeerHint } from '../observation.js';

/** A peer while its stream may still tell more of it. */
export type LearningPeer = { -readonly [Field in keyof ObservedPeer]: ObservedPeer[Field] };

const NO_NAMES: readonly string[] = Object.freeze([]);

/** A peer of which nothing but the given fields is known. */
export const newPeer = (kind: PeerHint, fields: Partial<ObservedPeer>): LearningPeer => ({
  kind,
  namespace: null,
  pod: null,
  workload: null,
  labels: null,
  namespaceLabels: null,
  ip: null,
  cidr: null,
  dnsNames: NO_NAMES,
  node: null,
  service: null,
  cluster: null,
  reserved: null,
  ...fields,
});
