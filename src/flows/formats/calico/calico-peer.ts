import { ownerOfPodName } from '../../../inventory/owner.js';
import { dnsNameOf } from '../../../netpol/index.js';
import {
  type ObservedPeer,
  PeerHint,
  type ServiceName,
  type WorkloadName,
} from '../../observation.js';
import { addressOf } from '../candidate.js';
import { listOf, namedIn } from '../coerce.js';
import { newPeer } from '../peer.js';
import { peerFor, type SourceStream } from '../source.js';
import { type CalicoFlow, fieldOf, labelsField, nameField } from './calico-flow.js';

const AGGREGATE = /-?\*$/;

/**
 * Calico names pods that are told as one by what their names begin with: `NAME-HASH-*` of a Deployment,
 * `NAME-*` of the others. Labels that controllers add tell which.
 */
const aggregateOwner = (name: string, labels: ObservedPeer['labels']): WorkloadName => {
  const base = name.replace(AGGREGATE, '');
  const hash = labels?.['pod-template-hash'];
  if (hash !== undefined && base.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: base.slice(0, -hash.length - 1) };
  if (labels?.['controller-revision-hash'] !== undefined)
    return {
      kind: labels['pod-template-generation'] === undefined ? 'StatefulSet' : 'DaemonSet',
      name: base,
    };
  const job = labels?.['batch.kubernetes.io/job-name'] ?? labels?.['job-name'];
  if (job !== undefined) return { kind: 'Job', name: job };
  // A pod of that name would have five characters here.
  return ownerOfPodName(`${base}-xxxxx`);
};

const workloadPeer = (
  namespace: string,
  name: string,
  labels: ObservedPeer['labels'],
): ObservedPeer => {
  if (!name.endsWith('*')) return newPeer(PeerHint.POD, { namespace, pod: name, labels });
  return newPeer(PeerHint.WORKLOAD, { namespace, workload: aggregateOwner(name, labels), labels });
};

type Side = 'source' | 'dest';

type EndType = 'pod' | 'host' | 'set' | 'net';

/** 1 workload, 2 host, 3 network set, 4 network: by number, by name, or Enterprise's short word. */
const TYPES: Readonly<Record<string, EndType>> = {
  1: 'pod',
  2: 'host',
  3: 'set',
  4: 'net',
  WorkloadEndpoint: 'pod',
  HostEndpoint: 'host',
  NetworkSet: 'set',
  Network: 'net',
  wep: 'pod',
  hep: 'host',
  ns: 'set',
  net: 'net',
};

const NETWORKS: Readonly<Record<string, string>> = {
  pub: 'public-network',
  pvt: 'private-network',
  'PUBLIC NETWORK': 'public-network',
  'PRIVATE NETWORK': 'private-network',
};

const typeOf = (told: unknown, namespace: string | null, name: string | null): EndType => {
  const known = namedIn(TYPES, String(told));
  if (known !== undefined) return known;
  if (name === null || namedIn(NETWORKS, name) !== undefined) return 'net';
  return namespace === null ? 'host' : 'pod';
};

const domainsOf = ({ key }: CalicoFlow, side: Side): readonly string[] => {
  if (side === 'source') return [];
  const told = listOf(fieldOf(key, 'dest_domains'));
  return [...new Set(told.filter(name => typeof name === 'string').map(dnsNameOf))].toSorted();
};

/** The Service that was asked, of a destination that is no pod: `default/kubernetes` is one. */
function serviceOf({ key }: CalicoFlow, side: Side): ServiceName | null {
  if (side === 'source') return null;
  const name = nameField(key, 'dest_service_name');
  const namespace = nameField(key, 'dest_service_namespace');
  return name === null || namespace === null ? null : { namespace, name };
}

/** Outside by address where it is told, else by the Service that leads there; else `pub` and `pvt` are all that is known. */
const networkPeer = (flow: CalicoFlow, side: Side, name: string | null): ObservedPeer => {
  const ip = addressOf(flow.key[`${side}_ip`]);
  const dnsNames = domainsOf(flow, side);
  if (ip !== null)
    return newPeer(dnsNames.length > 0 ? PeerHint.EXTERNAL : PeerHint.UNKNOWN, { ip, dnsNames });
  if (dnsNames.length > 0) return newPeer(PeerHint.EXTERNAL, { dnsNames });
  return newPeer(PeerHint.WORLD, {
    reserved: namedIn(NETWORKS, name ?? '') ?? name,
    service: serviceOf(flow, side),
  });
};

const makePeer = (flow: CalicoFlow, side: Side): ObservedPeer | null => {
  const namespace = nameField(flow.key, `${side}_namespace`);
  const name = nameField(flow.key, `${side}_name`) ?? nameField(flow.key, `${side}_name_aggr`);
  const labels = labelsField(flow.counts, `${side}_labels`);
  switch (typeOf(fieldOf(flow.key, `${side}_type`), namespace, name)) {
    case 'pod':
      return namespace === null || name === null ? null : workloadPeer(namespace, name, labels);
    case 'host':
      return name === null ? null : newPeer(PeerHint.NODE, { node: name });
    case 'set':
      return newPeer(PeerHint.WORLD, {
        reserved: ['networkset', namespace, name].filter(part => part !== null).join('/'),
      });
    case 'net':
      return networkPeer(flow, side, name ?? nameField(flow.key, `${side}_name_aggr`));
  }
};

/** One end; null when nothing says who it is. */
export const calicoPeer = (
  stream: SourceStream,
  flow: CalicoFlow,
  side: Side,
): ObservedPeer | null => {
  const made = makePeer(flow, side);
  if (made === null) return null;
  const { kind, namespace, pod, workload, node, ip, reserved, labels, dnsNames, service } = made;
  const name = pod ?? (workload === null ? null : `${workload.kind}/${workload.name}`);
  const place = name ?? node ?? ip ?? reserved ?? '';
  const asked = service === null ? '' : `${service.namespace}/${service.name}`;
  const key = [kind, namespace, place, JSON.stringify(labels), dnsNames.join(), asked].join(' ');
  return peerFor(stream, key, () => made);
};
