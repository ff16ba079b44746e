import type { PeerNameFragment } from '../../generated/cli.js';

/**
 * `namespace/name`, or the bare name in the namespace that is looked at; `EXTERNAL:`, `NODE:` or `UNRESOLVED:` and
 * a name for what is no deployment.
 * @param home the namespace whose deployments go by their bare names, or null
 */
export const peerName = (peer: PeerNameFragment, home: string | null = null): string => {
  switch (peer.__typename) {
    case 'Deployment':
      return peer.namespace.name === home ? peer.name : `${peer.namespace.name}/${peer.name}`;
    case 'ExternalEntity':
      return `EXTERNAL:${peer.name}`;
    case 'ClusterNode':
      return `NODE:${peer.name}`;
    case 'UnresolvedPeer':
      return `UNRESOLVED:${peer.name}`;
  }
};
