import type { Labels } from '../labels.js';
import { Direction } from '../policy.js';
import type { PeerDraft, PortDraft, RuleDraft } from './draft.js';

export type PolicyHead = {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly matchLabels: Labels;
};

const peerDocument = (peer: PeerDraft): object => {
  switch (peer.kind) {
    case 'block':
      return { ipBlock: { cidr: peer.cidr } };
    case 'namespace':
      return { namespaceSelector: { matchLabels: peer.namespaceLabels } };
    case 'pods':
      return {
        ...(peer.namespaceLabels === null
          ? {}
          : { namespaceSelector: { matchLabels: peer.namespaceLabels } }),
        podSelector: { matchLabels: peer.podLabels },
      };
  }
};

const portDocument = ({ protocol, port }: PortDraft): object =>
  port === null ? { protocol } : { port, protocol };

const rulesOf = (drafts: readonly RuleDraft[], direction: Direction, side: string): object[] =>
  drafts
    .filter(draft => draft.direction === direction)
    .map(draft => ({
      [side]: draft.peers.map(peerDocument),
      ports: draft.ports.map(portDocument),
    }));

/** The shape that is written; `render` fixes its text. */
export type NetworkPolicyDocument = {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Labels };
  readonly spec: object;
};

export const renamed = (document: NetworkPolicyDocument, name: string): NetworkPolicyDocument => ({
  ...document,
  metadata: { ...document.metadata, name },
});

/** A NetworkPolicy that isolates both directions and allows what the drafts say; a draft never has an empty peer or port list. */
export const policyDocument = (
  head: PolicyHead,
  drafts: readonly RuleDraft[],
): NetworkPolicyDocument => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: head.name, namespace: head.namespace, labels: head.labels },
  spec: {
    podSelector: { matchLabels: head.matchLabels },
    policyTypes: ['Ingress', 'Egress'],
    ingress: rulesOf(drafts, Direction.INGRESS, 'from'),
    egress: rulesOf(drafts, Direction.EGRESS, 'to'),
  },
});
