import type { Peer } from '../inventory/peer.js';
import type { Endpoint, Unruled } from '../netpol/index.js';

/** The part of a peer that the engine's question needs. */
export type PeerEnd = Pick<
  Peer,
  'id' | 'kind' | 'name' | 'address' | 'cidr' | 'dnsName' | 'entity' | 'reason'
>;

/** As Hubble and this server's attribution name it. */
const API_SERVER = 'kube-apiserver';

const WORLD: Unruled = {
  cannot:
    'is outside by the word of the source, which told no address of it, or one of the cluster',
  hint: 'let the source export addresses, and import the nodes and pods of that time',
};

const INGRESS: Unruled = {
  cannot: "is the network plugin's own ingress, which is no pod",
  hint: 'let it in by a policy of the plugin, as a CiliumNetworkPolicy with `fromEntities: [ingress]`',
};

const NETWORK: Unruled = {
  cannot: "is Calico's word for addresses of which the flow tells none",
  hint: 'let Calico export addresses, where its edition can, or write the blocks by hand',
};

const NETWORK_SET: Unruled = {
  cannot: 'is a network set of Calico, which a NetworkPolicy cannot name',
  hint: 'write its networks by hand, or a policy of Calico with the labels of the set',
};

const ELSEWHERE: Unruled = {
  cannot: 'is of another cluster, whose pods no selector finds',
  hint: 'write a policy of the mesh, as a CiliumNetworkPolicy with the label `io.cilium.k8s.policy.cluster`',
};

/** Of a name that the source gave in the place of an address; undefined: nothing more is known of it. */
function unruledOf(entity: string | null): Unruled | undefined {
  if (entity === null) return undefined;
  if (/^world(?:-ipv[46])?$/.test(entity)) return WORLD;
  if (entity === 'ingress') return INGRESS;
  if (/^(?:public|private)-network$/.test(entity)) return NETWORK;
  if (entity.startsWith('networkset/')) return NETWORK_SET;
  return entity.includes('/') ? ELSEWHERE : undefined;
}

const outside = ({ address, cidr, dnsName, entity, name }: PeerEnd): Endpoint => {
  if (address !== null) return { kind: 'address', address };
  if (cidr !== null) return { kind: 'block', cidr };
  if (dnsName !== null) return { kind: 'domain', name: dnsName };
  if (entity === API_SERVER) return { kind: 'api-server' };
  const unruled = unruledOf(entity);
  const reason = `the address of \`${entity ?? name}\``;
  return { kind: 'unresolved', reason, ...(unruled && { unruled }) };
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
