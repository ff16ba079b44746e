import { type Endpoint, type Facts, type PodFact, workloadNameOf } from '../../netpol/index.js';

/** What a text names, or why it names nothing, with what could have been meant. */
export type NamedPeer =
  | {
      readonly endpoint: Endpoint;
      /** Named by what owns its pods: any of them may be meant. */
      readonly isWorkload?: boolean;
    }
  | { readonly error: string; readonly candidates: readonly string[] };

type Names = {
  /** By key: `namespace/name` of a pod, `namespace/name[Kind]` of a template. */
  readonly pods: ReadonlyMap<string, PodFact>;
  /** By `namespace/kind/name`, kind in lower case; the first pod of each speaks for it. */
  readonly workloads: ReadonlyMap<string, PodFact>;
  /** The workloads of one `namespace/name`: several where kinds share it. */
  readonly byName: ReadonlyMap<string, readonly PodFact[]>;
  readonly services: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
};

const INGRESS_CONTROLLER = '{ingress-controller}';
const DOMAIN_PREFIX = 'domain:';
/** A host name of several parts whose last one is no number. */
const DOMAIN_NAME = /^(?:[a-z0-9](?:[\w-]*[a-z0-9])?\.)+[a-z](?:[\w-]*[a-z0-9])?\.?$/i;
/** `api.shop.svc`, `api.shop.svc.cluster.local`: the cluster's own DNS name of a Service. */
const SERVICE_DOMAIN = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?$/;
const DEFAULT_NAMESPACE = 'default';
const MOST_CANDIDATES = 5;

/**
 * Peers by name. A pod wins over a workload, a workload over a Service, all over a node, and what is
 * nothing of the input may be a domain name outside; addresses and blocks are never names. Each text is
 * looked up once.
 */
export const peerNames = (facts: Facts): ((text: string) => NamedPeer) => {
  const names = namesOf(facts);
  const known = new Map<string, NamedPeer>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const peer =
      addressPeer(text) ??
      rangePeer(text) ??
      namedPeer(names, text) ??
      domainPeer(text) ??
      unknown(names, text);
    known.set(text, peer);
    return peer;
  };
};

const namesOf = ({ pods, services, nodes }: Facts): Names => {
  const workloads = new Map<string, PodFact>();
  for (const pod of pods) {
    const key = workloadKey(pod.namespace, pod.workload.kind, pod.workload.name);
    if (!workloads.has(key)) workloads.set(key, pod);
  }
  return {
    pods: new Map(pods.map(pod => [pod.key, pod])),
    workloads,
    byName: Map.groupBy(workloads.values(), pod => `${pod.namespace}/${pod.workload.name}`),
    services: new Set(services.map(({ namespace, name }) => `${namespace}/${name}`)),
    nodes: new Set(nodes.map(({ name }) => name)),
  };
};

const workloadKey = (namespace: string, kind: string, name: string): string =>
  `${namespace}/${kind.toLowerCase()}/${name}`;

/** `10.0.0.1`, `fd00::1`, either with a prefix length. No Kubernetes name looks like these. */
const addressPeer = (text: string): NamedPeer | null => {
  if (!/^(?:\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:\/\d+)?$/.test(text)) return null;
  return {
    endpoint: text.includes('/')
      ? { kind: 'block', cidr: text }
      : { kind: 'address', address: text },
  };
};

/** `10.0.0.0-10.255.255.255`, as the connectivity list writes a block. */
const rangePeer = (text: string): NamedPeer | null => {
  const [, first = '', last = ''] = /^(\d+\.\d+\.\d+\.\d+)-(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  if (first === '') return null;
  const size = numberOf(last) - numberOf(first) + 1;
  const bits = Math.log2(size);
  if (!Number.isInteger(bits) || numberOf(first) % size !== 0) {
    return { error: `\`${text}\` is not one block of addresses`, candidates: [first, last] };
  }
  return { endpoint: { kind: 'block', cidr: `${first}/${32 - bits}` } };
};

const numberOf = (address: string): number =>
  address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);

const namedPeer = (names: Names, text: string): NamedPeer | null => {
  if (text === INGRESS_CONTROLLER) return { endpoint: { kind: 'ingress-controller' } };
  if (text.startsWith('svc:')) return serviceNamed(names, qualified(text.slice(4)));
  const [, service, namespaceOfService] = SERVICE_DOMAIN.exec(text) ?? [];
  if (service !== undefined) return serviceNamed(names, `${namespaceOfService}/${service}`);
  const bracketed = /^(.+)\[([^\]]+)\]$/.exec(text);
  if (bracketed !== null) {
    const [, name = '', kind = ''] = bracketed;
    return ofKind(names, qualified(name), kind);
  }
  const parts = text.split('/');
  const [namespace = '', kind = '', name = ''] = parts;
  if (parts.length === 3) return ofKind(names, `${namespace}/${name}`, kind);
  return parts.length > 3 ? null : byPlainName(names, text);
};

/** By the owner that rows show, or by the template's own kind where something else owns that. */
const ofKind = ({ workloads, pods }: Names, name: string, kind: string): NamedPeer | null => {
  const [namespace = '', own = ''] = name.split('/');
  return workloadPeer(
    workloads.get(workloadKey(namespace, kind, own)) ?? pods.get(`${name}[${kind}]`),
  );
};

/** `www.example.com`, or `domain:localhost` for any other name. A Service's name is never one of outside. */
const domainPeer = (text: string): NamedPeer | null => {
  const isMarked = text.startsWith(DOMAIN_PREFIX);
  const name = isMarked ? text.slice(DOMAIN_PREFIX.length) : text;
  const isOutside = DOMAIN_NAME.test(text) && !SERVICE_DOMAIN.test(text);
  return (isMarked && name !== '') || isOutside ? { endpoint: { kind: 'domain', name } } : null;
};

const qualified = (name: string): string =>
  name.includes('/') ? name : `${DEFAULT_NAMESPACE}/${name}`;

const byPlainName = (names: Names, text: string): NamedPeer | null => {
  const name = qualified(text);
  return (
    podPeer(names.pods.get(name)) ??
    workloadNamed(names, name) ??
    serviceNamed(names, name) ??
    nodeNamed(names, text)
  );
};

const podPeer = (pod: PodFact | undefined): NamedPeer | null =>
  pod === undefined ? null : { endpoint: { kind: 'pod', key: pod.key } };

/** The first pod of a workload speaks for all; a bare Pod is the only one of its kind. */
const workloadPeer = (pod: PodFact | undefined): NamedPeer | null =>
  pod === undefined
    ? null
    : { endpoint: { kind: 'pod', key: pod.key }, isWorkload: pod.workload.kind !== 'Pod' };

const workloadNamed = (names: Names, name: string): NamedPeer | null => {
  const found = names.byName.get(name) ?? [];
  if (found.length < 2) return workloadPeer(found[0]);
  return {
    error: `\`${name}\` is the name of several workloads`,
    candidates: found.map(workloadNameOf),
  };
};

const serviceNamed = ({ services }: Names, name: string): NamedPeer | null => {
  const [namespace = '', service = ''] = name.split('/');
  return services.has(name) ? { endpoint: { kind: 'service', namespace, name: service } } : null;
};

/** `node/NAME`, or the bare name. */
const nodeNamed = ({ nodes }: Names, text: string): NamedPeer | null => {
  const name = text.startsWith('node/') ? text.slice('node/'.length) : text;
  return nodes.has(name) ? { endpoint: { kind: 'node', name } } : null;
};

/** What bears the same name elsewhere, or lives in the same namespace. */
const unknown = (names: Names, text: string): NamedPeer => {
  const name = text.replace(/\[.*$/, '').split('/').at(-1) ?? text;
  const namesakes = [
    ...[...names.byName.values()].flat().map(workloadNameOf),
    ...[...names.services].map(service => `svc:${service}`),
    ...[...names.nodes].map(node => `node/${node}`),
  ].filter(candidate => candidate.includes(name));
  return {
    error: `\`${text}\` names no pod, workload, Service or node of the input, no address and no domain`,
    candidates: namesakes.slice(0, MOST_CANDIDATES),
  };
};

/** The error of a name as one sentence. */
export const peerError = ({ error, candidates }: Extract<NamedPeer, { error: string }>): string =>
  candidates.length === 0
    ? error
    : `${error}; candidates: ${candidates.map(candidate => `\`${candidate}\``).join(', ')}`;
