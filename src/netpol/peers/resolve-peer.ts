import { canonicalAddress, canonicalCidr } from '../addresses/canonical.js';
import {
  type InsideName,
  insideNameOf,
  isInsideName,
  shortNameOf,
} from '../addresses/inside-name.js';
import type { Facts, PodFact } from '../facts.js';
import type { Endpoint } from '../verdict.js';
import { choices, type Names, namesOf, nearestTo, workloadKey } from './names.js';
import {
  DEFAULT_NAMESPACE,
  FORMS,
  isDomainOutside,
  type PeerFault,
  type PeerText,
  parsePeerText,
} from './peer-text.js';
import { workloadNameOf } from './workload-name.js';

export type FoundPeer = {
  readonly endpoint: Endpoint;
  /** Named by what owns its pods: any of them may be meant. */
  readonly isWorkload: boolean;
  /** Named as one replica of a StatefulSet, for whose pods one fact speaks. */
  readonly replica?: string;
  /** Of a whole namespace: its workloads, one fact of each; `endpoint` is then somebody of whom nobody knows which. */
  readonly members?: readonly PodFact[];
  /** Of a name outside that several have, in the order of their texts; `endpoint` is then one of which nobody knows which. */
  readonly bearers?: readonly Endpoint[];
};

/** The entities outside of a cluster that bear a name, as they are asked about. */
export type Outside = (name: string) => readonly Endpoint[];

type Named = Extract<PeerText, { readonly kind: 'named' }>;
type Found = FoundPeer | PeerFault;

const found = (endpoint: Endpoint): FoundPeer => ({ endpoint, isWorkload: false });

/**
 * Peers by their texts. Of plain names a pod wins over a workload, a workload over a Service, all over a node, and
 * what is nothing of the facts may be a domain outside. Each text is looked up once.
 * @param outside who is behind `EXTERNAL:name`; null: nothing is known but what the name itself tells
 */
export function peerResolver(facts: Facts, outside: Outside | null): (text: string) => Found {
  const names = namesOf(facts);
  const known = new Map<string, Found>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const peer = parsePeerText(text);
    const resolved =
      'fault' in peer ? peer : (resolve(names, outside, peer) ?? unknown(names, peer, text));
    known.set(text, resolved);
    return resolved;
  };
}

function resolve(names: Names, outside: Outside | null, peer: PeerText): Found | null {
  switch (peer.kind) {
    case 'named':
      return peer.ofKind === null ? plainlyNamed(names, peer) : ofKind(names, peer, peer.ofKind);
    case 'service':
      return serviceNamed(names, `${peer.namespace}/${peer.name}`);
    case 'namespace':
      return namespaceNamed(names, peer.name);
    case 'pod-name':
      return insideNamed(names, insideNameOf(peer.name));
    case 'node':
      return nodeNamed(names, peer.name);
    case 'external':
      return externalNamed(names, outside, peer.name);
    case 'domain':
      return shortlyNamed(names, peer.name) ?? found(peer);
    case 'unresolved':
      return found({ kind: 'unresolved', reason: `who \`${peer.name}\` is` });
    default:
      return found(peer);
  }
}

const qualified = ({ namespace, name }: Named): string =>
  `${namespace ?? DEFAULT_NAMESPACE}/${name}`;

/** By the owner that rows show, or by the template's own kind where something else owns that. */
const ofKind = ({ workloads, pods }: Names, peer: Named, kind: string): Found | null =>
  workloadPeer(
    workloads.get(workloadKey(peer.namespace ?? DEFAULT_NAMESPACE, kind, peer.name)) ??
      pods.get(`${qualified(peer)}[${kind}]`),
  );

function plainlyNamed(names: Names, peer: Named): Found | null {
  const name = qualified(peer);
  const pod = names.pods.get(name);
  if (pod !== undefined) return found({ kind: 'pod', key: pod.key });
  return (
    workloadNamed(names, name) ??
    serviceNamed(names, name) ??
    (peer.namespace === null || peer.namespace === 'node' ? nodeNamed(names, peer.name) : null) ??
    replicaNamed(names, peer) ??
    (peer.namespace === null ? shortlyNamed(names, peer.name) : null)
  );
}

const ORDINAL = 'apps.kubernetes.io/pod-index';
const POD_NAME = 'statefulset.kubernetes.io/pod-name';

/** Whether policies can tell the pods of a StatefulSet apart, and this is the one of the ordinal. */
const isReplica = ({ labels }: PodFact, name: string, ordinal: string): boolean =>
  labels[POD_NAME] === name || labels[ORDINAL] === ordinal;

/** `db-1` is a pod of the StatefulSet `db`: its template speaks for all of them, unless selectors tell them apart. */
function replicaNamed(names: Names, { namespace, name }: Pick<Named, 'namespace' | 'name'>) {
  const [, owner = '', ordinal = ''] = /^(.+)-(\d+)$/.exec(name) ?? [];
  const where = namespace ?? DEFAULT_NAMESPACE;
  const set = names.workloads.get(workloadKey(where, 'StatefulSet', owner));
  if (set === undefined) return null;
  if (set.labels[POD_NAME] === undefined && set.labels[ORDINAL] === undefined)
    return { ...found({ kind: 'pod', key: set.key }), replica: name };
  const own = [...names.pods.values()].find(
    pod => (pod.memberOf ?? pod.key) === set.key && isReplica(pod, name, ordinal),
  );
  return found(
    own === undefined
      ? {
          kind: 'unresolved',
          reason: `the labels of the pod \`${where}/${name}\`, which is none of the replicas that are known`,
        }
      : { kind: 'pod', key: own.key, alone: true },
  );
}

/** What a pod's own resolver makes of a name with dots: of a namespace that is there, else of the world. */
function shortlyNamed(names: Names, name: string): Found | null {
  const inside = shortNameOf(name, each => names.namespaces.has(each));
  if (inside !== null) return insideNamed(names, inside);
  if (isDomainOutside(name)) return found({ kind: 'domain', name });
  return isInsideName(name)
    ? found({ kind: 'unresolved', reason: `what \`${name}\` of the cluster is` })
    : null;
}

function insideNamed(names: Names, inside: InsideName | null): Found | null {
  if (inside === null) return null;
  const { namespace } = inside;
  if (inside.kind === 'service') {
    const { host, name } = inside;
    const pod = host === null ? null : podNamed(names, namespace, host);
    return pod ?? serviceNamed(names, `${namespace}/${name}`);
  }
  const pod = names.podsByAddress.get(inside.address ?? '');
  return pod !== undefined && pod.namespace === namespace
    ? found({ kind: 'pod', key: pod.key })
    : found({
        kind: 'unresolved',
        reason: `the pod of namespace \`${namespace}\` at \`${inside.address ?? 'an address that is none'}\``,
      });
}

function podNamed(names: Names, namespace: string, name: string): Found | null {
  const pod = names.pods.get(`${namespace}/${name}`);
  return pod === undefined
    ? replicaNamed(names, { namespace, name })
    : found({ kind: 'pod', key: pod.key });
}

/** The first pod of a workload speaks for all; a bare Pod is the only one of its kind. */
const workloadPeer = (pod: PodFact | undefined): FoundPeer | null =>
  pod === undefined
    ? null
    : { endpoint: { kind: 'pod', key: pod.key }, isWorkload: pod.workload.kind !== 'Pod' };

function workloadNamed({ byName }: Names, name: string): Found | null {
  const bearers = byName.get(name) ?? [];
  return bearers.length > 1
    ? ambiguous(name, bearers.map(workloadNameOf))
    : workloadPeer(bearers[0]);
}

const ambiguous = (text: string, forms: readonly string[]): PeerFault => ({
  fault: `\`${text}\` is ambiguous; write one of ${choices(forms)}`,
});

function serviceNamed({ services }: Names, key: string): FoundPeer | null {
  const service = services.get(key);
  return service === undefined ? null : found({ kind: 'service', ...service });
}

/** The first pod of each workload speaks for it. */
function namespaceNamed({ namespaces, workloads }: Names, name: string): Found | null {
  const members = [...workloads.values()].filter(({ namespace }) => namespace === name);
  if (members.length === 0)
    return namespaces.has(name)
      ? found({ kind: 'unresolved', reason: `a pod of the namespace \`${name}\`` })
      : null;
  const reason = `which pod of the namespace \`${name}\``;
  return { ...found({ kind: 'unresolved', reason }), members };
}

const nodeNamed = ({ nodes }: Names, name: string): FoundPeer | null =>
  nodes.has(name) ? found({ kind: 'node', name }) : null;

/** What the name itself tells: `EXTERNAL:203.0.113.9` needs nobody to know it. */
function byItself(name: string): Endpoint | null {
  const address = canonicalAddress(name);
  if (address !== null) return { kind: 'address', address };
  const cidr = canonicalCidr(name);
  return cidr === null ? null : { kind: 'block', cidr };
}

function externalNamed(names: Names, outside: Outside | null, name: string): Found | null {
  const own = byItself(name);
  if (own !== null) return found(own);
  const bearers = outside?.(name) ?? [];
  const [bearer] = bearers;
  if (bearers.length > 1) return severalNamed(name, bearers);
  if (bearer !== undefined) return found(bearer);
  const byDns = shortlyNamed(names, name);
  if (byDns !== null) return byDns;
  return outside === null
    ? found({ kind: 'unresolved', reason: `the address of \`${name}\`` })
    : null;
}

/** Blocks that go by one name, and the addresses of one: each may have an answer of its own. */
const severalNamed = (name: string, bearers: readonly Endpoint[]): FoundPeer => ({
  ...found({ kind: 'unresolved', reason: `which address of \`EXTERNAL:${name}\`` }),
  bearers,
});

/** With what bears the same name elsewhere, or a like one in the same place. */
function unknown(names: Names, peer: PeerText, text: string): PeerFault {
  const what =
    peer.kind === 'external'
      ? 'nothing outside of the cluster'
      : 'no pod, workload, Service or node, no address and no domain';
  const near = nearestTo(names, peer);
  const cure = near.length === 0 ? FORMS : `the nearest: ${choices(near)}`;
  return { fault: `\`${text}\` names ${what}; ${cure}` };
}
