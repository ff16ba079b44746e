import type { Peer } from '../inventory/peer.js';
import type { Endpoint } from '../netpol/index.js';

/** The part of a peer that the engine's question needs. */
export type PeerEnd = Pick<
  Peer,
  'id' | 'kind' | 'name' | 'address' | 'cidr' | 'dnsName' | 'entity' | 'reason'
>;

/** As Hubble and this server's attribution name it. */
const API_SERVER = 'kube-apiserver';

const outside = ({ address, cidr, dnsName, entity, name }: PeerEnd): Endpoint => {
  if (address !== null) return { kind: 'address', address };
  if (cidr !== null) return { kind: 'block', cidr };
  if (dnsName !== null) return { kind: 'domain', name: dnsName };
  if (entity === API_SERVER) return { kind: 'api-server' };
  return { kind: 'unresolved', reason: `the address of \`${entity ?? name}\`` };
};

/** How the engine is asked about a peer: deployments are the facts' pods, by their id. */
export function endpointOf(peer: PeerEnd): Endpoint {
  switch (peer.kind) {
    case 'DEPLOYMENT':
      return { kind: 'pod', key: peer.id };
    case 'NODE':
      return { kind: 'node', name: peer.name };
    case 'EXTERNAL':
      return outside(peer);
    case 'UNRESOLVED':
    case 'MASKED':
      return { kind: 'unresolved', reason: `who \`${peer.name}\` is` };
  }
}
