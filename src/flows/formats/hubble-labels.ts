import { canonicalCidr } from '../../netpol/index.js';
import { PeerHint } from '../observation.js';
import { faultOfLabels } from './name-fault.js';

/** Labels of one pod that controllers add: they differ between pods of one workload. */
const VOLATILE_LABELS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'pod-template-generation',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'job-name',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/job-completion-index',
]);

const NAMESPACE = 'io.kubernetes.pod.namespace';
const CLUSTER = 'io.cilium.k8s.policy.cluster';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const CILIUM = 'io.cilium.k8s.';

/** What an identity's labels say. */
export type LabelSet = {
  /** As they came; an identity's labels are compared with these before they are trusted. */
  readonly raw: readonly string[];
  /** The pod's own; null: no Kubernetes labels at all. */
  readonly labels: Readonly<Record<string, string>> | null;
  readonly namespaceLabels: Readonly<Record<string, string>> | null;
  readonly namespace: string | null;
  readonly cluster: string | null;
  readonly reserved: readonly string[];
  /** The narrowest block of a CIDR identity. */
  readonly cidr: string | null;
  /** Names of policies' rules that the address matched, without patterns. */
  readonly dnsNames: readonly string[];
  /** A label that Kubernetes cannot have: what one record says is not learned for others. */
  readonly isFaulty: boolean;
};

/** Cilium writes IPv6 with `-` for `:`, and `0` before a leading and after a trailing one. */
const parseCidr = (text: string): string | null => {
  const [address = '', length] = text.replace(/=$/, '').split('/');
  const readable = /^[0-9a-f]*-[0-9a-f-]*$/i.test(address) ? address.replaceAll('-', ':') : address;
  return canonicalCidr(`${readable}/${length}`);
};

const prefixLength = (cidr: string): number => Number(cidr.slice(cidr.indexOf('/') + 1));

const narrowest = (cidrs: readonly string[]): string | null =>
  cidrs.reduce<string | null>(
    (best, cidr) => (best === null || prefixLength(cidr) > prefixLength(best) ? cidr : best),
    null,
  );

type Label = { readonly source: string; readonly key: string; readonly value: string };

/** `source:key=value`; the source may be absent, and a key holds no colon. */
const parseLabel = (text: string): Label => {
  const colon = text.indexOf(':');
  const equals = text.indexOf('=');
  const hasSource = colon >= 0 && (equals < 0 || colon < equals);
  const start = hasSource ? colon + 1 : 0;
  const end = equals < 0 ? text.length : equals;
  return {
    source: hasSource ? text.slice(0, colon) : 'k8s',
    key: text.slice(start, end),
    value: equals < 0 ? '' : text.slice(equals + 1),
  };
};

const KUBERNETES: ReadonlySet<string> = new Set(['k8s', 'any', 'unspec']);

const ofSource = (labels: readonly Label[], source: string): readonly string[] =>
  labels.filter(label => label.source === source).map(label => label.key);

const recordOf = (labels: readonly Label[]): Readonly<Record<string, string>> =>
  Object.fromEntries(labels.map(({ key, value }) => [key, value]));

const isOwn = ({ key }: Label): boolean =>
  key !== NAMESPACE && !key.startsWith(CILIUM) && !VOLATILE_LABELS.has(key);

const namespaceLabelsOf = (labels: readonly Label[]): LabelSet['namespaceLabels'] => {
  const found = labels.filter(({ key }) => key.startsWith(NAMESPACE_LABELS));
  if (found.length === 0) return null;
  return recordOf(
    found.map(label => ({ ...label, key: label.key.slice(NAMESPACE_LABELS.length) })),
  );
};

export const parseLabels = (raw: readonly string[]): LabelSet => {
  const labels = raw.map(parseLabel);
  const kubernetes = labels.filter(({ source }) => KUBERNETES.has(source));
  const find = (key: string): string | null =>
    kubernetes.find(label => label.key === key)?.value || null;
  const own = kubernetes.length === 0 ? null : recordOf(kubernetes.filter(isOwn));
  const namespaceLabels = namespaceLabelsOf(kubernetes);
  return {
    raw,
    labels: own,
    namespaceLabels,
    isFaulty: faultOfLabels(own) !== null || faultOfLabels(namespaceLabels) !== null,
    namespace: find(NAMESPACE),
    cluster: find(CLUSTER),
    reserved: ofSource(labels, 'reserved'),
    cidr: narrowest(
      raw.filter(text => text.startsWith('cidr:')).flatMap(text => parseCidr(text.slice(5)) ?? []),
    ),
    dnsNames: ofSource(labels, 'fqdn').filter(name => !name.includes('*')),
  };
};

/** Reserved identities by number, for records whose labels were masked. */
const RESERVED_IDENTITIES: Readonly<Record<number, string>> = {
  1: 'host',
  2: 'world',
  3: 'unmanaged',
  4: 'health',
  5: 'init',
  6: 'remote-node',
  7: 'kube-apiserver',
  8: 'ingress',
  9: 'world-ipv4',
  10: 'world-ipv6',
};

/** What the upper byte of an identity says: numbers that one node gave, for addresses outside and for other nodes. */
const NODE_LOCAL: Readonly<Record<number, string>> = { 1: 'world', 2: 'remote-node' };
/** "Identities 1 to 255 are reserved". */
const LAST_RESERVED = 255;

export const isReservedIdentity = (identity: unknown): boolean =>
  typeof identity === 'number' && identity <= LAST_RESERVED;

/** The reserved name that an identity stands for; null: none, it is some workload's. */
export const reservedNameOf = (identity: number): string | null =>
  RESERVED_IDENTITIES[identity] ?? NODE_LOCAL[Math.floor(identity / 2 ** 24)] ?? null;

/** The kinds of reserved labels, the deciding one first: `kube-apiserver` beats `world`. */
const RESERVED_KINDS = [
  ['host', PeerHint.HOST],
  ['remote-node', PeerHint.NODE],
  ['health', PeerHint.HEALTH],
  ['kube-apiserver', PeerHint.APISERVER],
  ['ingress', PeerHint.INGRESS],
  ['unmanaged', PeerHint.UNMANAGED],
  ['init', PeerHint.UNMANAGED],
  ['world', PeerHint.WORLD],
  ['world-ipv4', PeerHint.WORLD],
  ['world-ipv6', PeerHint.WORLD],
] as const;

export type ReservedKind = { readonly kind: PeerHint; readonly reserved: string };

const KUBE_APISERVER: ReservedKind = { kind: PeerHint.APISERVER, reserved: 'kube-apiserver' };

/**
 * The kind that reserved labels give. A control plane's node is both host and API server: it is the
 * API server where it is asked on the API's port, else the node (kubelet's probes come from it).
 */
export const reservedKindOf = ({ reserved }: LabelSet, isApiPort: boolean): ReservedKind | null => {
  if (isApiPort && reserved.includes('kube-apiserver')) return KUBE_APISERVER;
  const found = RESERVED_KINDS.find(([name]) => reserved.includes(name));
  return found === undefined ? null : { kind: found[1], reserved: found[0] };
};
