import type { PeerNameFragment } from '../../generated/cli.js';
import { formatPeerText } from '../../netpol/index.js';

/**
 * `namespace/name`, or the bare name in the namespace that is looked at; `EXTERNAL:`, `NODE:` or `UNRESOLVED:` and
 * a name for what is no deployment. `netpol explain` takes all but the bare name.
 * @param home the namespace whose deployments go by their bare names, or null
 */
export const peerName = (peer: PeerNameFragment, home: string | null = null): string => {
  const { name } = peer;
  switch (peer.__typename) {
    case 'Deployment': {
      const namespace = peer.namespace.name === home ? null : peer.namespace.name;
      return formatPeerText({ kind: 'named', namespace, name, ofKind: null });
    }
    case 'ExternalEntity':
      return formatPeerText({ kind: 'external', name });
    case 'ClusterNode':
      return formatPeerText({ kind: 'node', name });
    case 'UnresolvedPeer':
      return formatPeerText({ kind: 'unresolved', name });
  }
};
