import type { Labels } from '../labels.js';
import { Direction } from '../policy.js';
import type { PeerDraft, PortDraft, RuleDraft } from './draft.js';

export type PolicyHead = {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly matchLabels: Labels;
};

const selector = (labels: Labels): object =>
  Object.keys(labels).length === 0 ? {} : { matchLabels: labels };

const documents = new WeakMap<PeerDraft, object>();

/** One object for each peer: whoever reads the documents meets it again. */
function peerDocument(peer: PeerDraft): object {
  const document = documents.get(peer) ?? documentOfPeer(peer);
  documents.set(peer, document);
  return document;
}

const documentOfPeer = (peer: PeerDraft): object => {
  switch (peer.kind) {
    case 'block':
      return { ipBlock: { cidr: peer.cidr } };
    case 'namespace':
      return { namespaceSelector: selector(peer.namespaceLabels) };
    case 'pods':
      return {
        ...(peer.namespaceLabels === null
          ? {}
          : { namespaceSelector: selector(peer.namespaceLabels) }),
        podSelector: selector(peer.podLabels),
      };
  }
};

const portDocument = ({ protocol, port, endPort }: PortDraft): object => ({
  ...(port !== null && { port }),
  protocol,
  ...(endPort !== undefined && { endPort }),
});

/** A draft without ports is about all of them. */
const rulesOf = (drafts: readonly RuleDraft[], direction: Direction, side: string): object[] =>
  drafts
    .filter(draft => draft.direction === direction)
    .map(draft => ({
      [side]: draft.peers.map(peerDocument),
      ...(draft.ports.length > 0 && { ports: draft.ports.map(portDocument) }),
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

/** A NetworkPolicy that isolates these directions and allows what the drafts say; a draft always has a peer. */
export function policyDocument(
  head: PolicyHead,
  directions: ReadonlySet<Direction>,
  drafts: readonly RuleDraft[],
): NetworkPolicyDocument {
  const [ingress, egress] = [directions.has(Direction.INGRESS), directions.has(Direction.EGRESS)];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: head.name, namespace: head.namespace, labels: head.labels },
    spec: {
      podSelector: selector(head.matchLabels),
      policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])],
      ...(ingress && { ingress: rulesOf(drafts, Direction.INGRESS, 'from') }),
      ...(egress && { egress: rulesOf(drafts, Direction.EGRESS, 'to') }),
    },
  };
}
