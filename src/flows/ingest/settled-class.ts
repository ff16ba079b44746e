import { type Peer, PeerKind } from '../../inventory/peer.js';
import { isDns, isNodeDns, isNodePort } from '../formats/class.js';
import { TrafficClass } from '../observation.js';
import { API_SERVER } from './resolved.js';

/** What a peer is to a class; null: nobody knows, or it is neither in nor out, as a mesh's other cluster. */
export type Place = 'INSIDE' | 'NODE' | 'OUTSIDE' | 'RESOLVER' | 'API' | null;

type Placed = Pick<Peer, 'kind' | 'name' | 'entity' | 'address'>;

const WORLD = /^world(?:-ipv[46])?$/;

function outside({ entity, address }: Placed): Place {
  if (isNodeDns(address)) return 'RESOLVER';
  if (entity === null || WORLD.test(entity)) return 'OUTSIDE';
  return entity === API_SERVER ? 'API' : null;
}

export function placeOf(peer: Placed | undefined): Place {
  switch (peer?.kind) {
    case PeerKind.DEPLOYMENT:
      return 'INSIDE';
    case PeerKind.NODE:
      return 'NODE';
    case PeerKind.EXTERNAL:
      return outside(peer);
    case PeerKind.UNRESOLVED:
      return peer.name.startsWith('svc:') ? 'INSIDE' : null;
    default:
      return null;
  }
}

type End = {
  readonly place: Place;
  readonly namespace: string | null;
  /** The node that it is, and the one that it runs on; null: not known. */
  readonly isNode: string | null;
  readonly runsOn: string | null;
};

type Ends = { readonly source: End; readonly destination: End };

/** Classes that say who the ends are: a reader gives them by what the record calls its ends. */
const BY_ENDS: ReadonlySet<string> = new Set([
  TrafficClass.APP,
  TrafficClass.EXTERNAL,
  TrafficClass.DNS,
  TrafficClass.NODE_AGENT,
]);

const OF_NO_NODE: ReadonlySet<string> = new Set([TrafficClass.APP, TrafficClass.EXTERNAL]);

const isOwn = (place: Place): boolean => place === 'INSIDE' || place === 'NODE';

type Asked = {
  readonly trafficClass: string;
  readonly port: number | null;
  readonly servicePort: number | null;
};

const isDnsOf = ({ place, namespace }: End, { port, servicePort }: Asked): boolean =>
  isOwn(place) && (isDns(port, namespace) || isDns(servicePort));

function byPlaces(asked: Asked, { source, destination }: Ends): string {
  const { trafficClass: told, port, servicePort } = asked;
  const places = [source.place, destination.place];
  if (destination.place === 'RESOLVER') return told;
  if (told === TrafficClass.DNS)
    return destination.place === 'OUTSIDE' ? TrafficClass.EXTERNAL : told;
  if (places.includes('API')) return TrafficClass.CONTROL_PLANE;
  if (isDnsOf(destination, asked)) return TrafficClass.DNS;
  if (destination.place === 'NODE')
    return isNodePort(port ?? servicePort) ? told : TrafficClass.NODE_AGENT;
  if (places.includes('OUTSIDE')) return TrafficClass.EXTERNAL;
  return places.every(isOwn) ? TrafficClass.APP : told;
}

/**
 * What a flow is for, by who its ends turned out to be, however a record named them: by address, by a reserved name, by a
 * Service. "Traffic to and from the node where a Pod is running is always allowed": it is a probe, whoever told its address.
 */
export function classOf(asked: Asked, ends: Ends): string {
  const { trafficClass } = asked;
  const { source, destination } = ends;
  const isProbe = source.isNode !== null && source.isNode === destination.runsOn;
  if (isProbe && OF_NO_NODE.has(trafficClass)) return TrafficClass.HEALTH_PROBE;
  return BY_ENDS.has(trafficClass) ? byPlaces(asked, ends) : trafficClass;
}
