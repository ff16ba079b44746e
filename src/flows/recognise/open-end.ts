import { type Peer, PeerKind } from '../../inventory/peer.js';
import { canonicalAddress } from '../../netpol/index.js';
import { type ObservedPeer, PeerHint } from '../observation.js';

/** A stored end of which a later inventory may know more than the records told. */
export type OpenPeer = Pick<
  Peer,
  | 'id'
  | 'kind'
  | 'name'
  | 'namespace'
  | 'labels'
  | 'inferred'
  | 'address'
  | 'dnsName'
  | 'entity'
  | 'reason'
>;

const NOTHING: ObservedPeer = {
  kind: PeerHint.UNKNOWN,
  namespace: null,
  pod: null,
  workload: null,
  labels: null,
  namespaceLabels: null,
  ip: null,
  cidr: null,
  dnsNames: [],
  node: null,
  service: null,
  cluster: null,
  reserved: null,
};

const SERVICE = /^svc:([^/]+)\/([^/]+)$/;

function unresolved({ name, namespace, labels, address, reason }: OpenPeer): ObservedPeer | null {
  const [, within, service] = SERVICE.exec(name) ?? [];
  if (within !== undefined && service !== undefined)
    return {
      ...NOTHING,
      kind: PeerHint.SERVICE,
      service: { namespace: within, name: service },
    };
  // Told within the records of a window, which their hours do not tell.
  if (reason?.startsWith('ADDRESS_CHANGED_HANDS') === true) return null;
  if (address !== null)
    return {
      ...NOTHING,
      kind: reason === 'UNMANAGED' ? PeerHint.UNMANAGED : PeerHint.UNKNOWN,
      ip: address,
    };
  return namespace !== null && labels !== null
    ? { ...NOTHING, kind: PeerHint.WORKLOAD, namespace, labels }
    : null;
}

function outside({ address, dnsName, entity }: OpenPeer): ObservedPeer | null {
  if (address === null && dnsName === null) return null;
  const kind = entity === null ? PeerHint.EXTERNAL : PeerHint.APISERVER;
  return { ...NOTHING, kind, ip: address, dnsNames: dnsName === null ? [] : [dnsName] };
}

/** An inferred node may be named by its address. */
const node = ({ name, inferred }: OpenPeer): ObservedPeer =>
  inferred && canonicalAddress(name) !== null
    ? { ...NOTHING, kind: PeerHint.NODE, ip: name }
    : { ...NOTHING, kind: PeerHint.NODE, node: name };

/** A record that would have led to this peer; null: there is none that an inventory could tell more of. */
export function observedAs(peer: OpenPeer): ObservedPeer | null {
  switch (peer.kind) {
    case PeerKind.UNRESOLVED:
      return unresolved(peer);
    case PeerKind.EXTERNAL:
      return outside(peer);
    case PeerKind.NODE:
      return node(peer);
    default:
      return null;
  }
}
