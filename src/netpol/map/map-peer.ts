import { formatPeerText } from '../peers/peer-text.js';

/** One end of a row of the connectivity map. */
export type MapPeer =
  | {
      readonly kind: 'workload';
      readonly namespace: string;
      readonly name: string;
      readonly workloadKind: string;
      /** One of several label sets of the workload, as `nameOfSet` writes it. */
      readonly labelSet?: string;
    }
  /** Addresses outside the cluster, `from` to `to` inclusive. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string }
  | { readonly kind: 'ingress-controller' };

/** As the connectivity list writes it: `shop/web[Deployment]`, `10.0.0.0-10.255.255.255`, `{ingress-controller}`. */
export function formatMapPeer(peer: MapPeer): string {
  switch (peer.kind) {
    case 'workload': {
      const { namespace, name, workloadKind: ofKind } = peer;
      const workload = formatPeerText({ kind: 'named', namespace, name, ofKind });
      return peer.labelSet === undefined ? workload : `${workload}{${peer.labelSet}}`;
    }
    case 'range':
      return `${peer.from}-${peer.to}`;
    case 'ingress-controller':
      return formatPeerText(peer);
  }
}
