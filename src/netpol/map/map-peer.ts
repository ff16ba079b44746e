import { formatPeerText } from '../peers/peer-text.js';

/** One end of a row of the connectivity map. */
export type MapPeer =
  | {
      readonly kind: 'workload';
      readonly namespace: string;
      readonly name: string;
      readonly workloadKind: string;
    }
  /** Addresses outside the cluster, `from` to `to` inclusive. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string }
  | { readonly kind: 'ingress-controller' };

/** As the connectivity list writes it: `shop/web[Deployment]`, `10.0.0.0-10.255.255.255`, `{ingress-controller}`. */
export function formatMapPeer(peer: MapPeer): string {
  switch (peer.kind) {
    case 'workload': {
      const { namespace, name, workloadKind: ofKind } = peer;
      return formatPeerText({ kind: 'named', namespace, name, ofKind });
    }
    case 'range':
      return `${peer.from}-${peer.to}`;
    case 'ingress-controller':
      return formatPeerText(peer);
  }
}
