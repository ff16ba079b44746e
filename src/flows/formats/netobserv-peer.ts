import { type ObservedPeer, PeerHint } from '../observation.js';
import { textOf } from './coerce.js';
import { newPeer } from './peer.js';
import type { JsonObject } from './record.js';
import { addressPeer, peerFor, type SourceStream } from './source.js';

type Side = 'Src' | 'Dst';

const ownerOf = (flow: JsonObject, side: Side): ObservedPeer['workload'] => {
  const kind = textOf(flow[`${side}K8S_OwnerType`]);
  const name = textOf(flow[`${side}K8S_OwnerName`]);
  return kind === null || name === null || kind === 'Service' ? null : { kind, name };
};

/** What Kubernetes knows of an end; null: an address alone. Old agents wrote a pod without its namespace. */
const namedPeer = (flow: JsonObject, side: Side, ip: string | null): ObservedPeer | null => {
  const namespace = textOf(flow[`${side}K8S_Namespace`]);
  const name = textOf(flow[`${side}K8S_Name`]);
  const workload = ownerOf(flow, side);
  switch (textOf(flow[`${side}K8S_Type`])) {
    case 'Node':
      return name === null ? null : newPeer(PeerHint.NODE, { node: name, ip });
    case 'Service':
      if (name === null || namespace === null) return null;
      return newPeer(PeerHint.SERVICE, { namespace, ip, service: { namespace, name } });
    case 'Pod':
      if (name !== null && namespace !== null)
        return newPeer(PeerHint.POD, { namespace, pod: name, workload, ip });
      return null;
    default:
      if (namespace === null || workload === null) return null;
      return newPeer(PeerHint.WORKLOAD, { namespace, workload });
  }
};

/** One end; null when nothing says who it is. */
export const netobservPeer = (
  stream: SourceStream,
  flow: JsonObject,
  side: Side,
  ip: string | null,
): ObservedPeer | null => {
  const named = namedPeer(flow, side, ip);
  if (named === null) return ip === null ? null : addressPeer(stream, ip);
  const { kind, namespace, pod, node, service, workload } = named;
  const key = [kind, namespace, pod ?? node ?? service?.name, workload?.kind, workload?.name].join(
    '/',
  );
  return peerFor(stream, key, () => named);
};
