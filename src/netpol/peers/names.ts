import { canonicalAddress } from '../addresses/canonical.js';
import type { Facts, PodFact } from '../facts.js';
import { distance } from './near.js';
import { DEFAULT_NAMESPACE, formatPeerText, type PeerText } from './peer-text.js';
import { workloadNameOf } from './workload-name.js';

type ServiceName = { readonly namespace: string; readonly name: string };

/** A form that names something of the facts. */
type Form = { readonly namespace: string | null; readonly name: string; readonly text: string };

/** What a cluster's facts name. */
export type Names = {
  /** By key: `namespace/name` of a pod, `namespace/name[Kind]` of a template. */
  readonly pods: ReadonlyMap<string, PodFact>;
  /** By `namespace/kind/name`, kind in lower case; the first pod of each speaks for it. */
  readonly workloads: ReadonlyMap<string, PodFact>;
  /** The workloads of one `namespace/name`: several where kinds share it. */
  readonly byName: ReadonlyMap<string, readonly PodFact[]>;
  /** By `namespace/name`. */
  readonly services: ReadonlyMap<string, ServiceName>;
  readonly nodes: ReadonlySet<string>;
  /** Of Namespace objects, and of whatever is in one. */
  readonly namespaces: ReadonlySet<string>;
  /** By address as written; hostNetwork pods have their node's, and are left out. */
  readonly podsByAddress: ReadonlyMap<string, PodFact>;
};

const MOST_CANDIDATES = 5;

/** Facts are never changed: their names are gathered once. */
const KNOWN = new WeakMap<Facts, Names>();

export function namesOf(facts: Facts): Names {
  const names = KNOWN.get(facts) ?? gathered(facts);
  KNOWN.set(facts, names);
  return names;
}

function gathered({ pods, services, nodes, namespaces }: Facts): Names {
  const workloads = new Map<string, PodFact>();
  for (const pod of pods) {
    const key = workloadKey(pod.namespace, pod.workload.kind, pod.workload.name);
    if (!workloads.has(key)) workloads.set(key, pod);
  }
  return {
    pods: new Map(pods.map(pod => [pod.key, pod])),
    workloads,
    byName: Map.groupBy(workloads.values(), pod => `${pod.namespace}/${pod.workload.name}`),
    services: new Map(
      services.map(({ namespace, name }) => [`${namespace}/${name}`, { namespace, name }]),
    ),
    nodes: new Set(nodes.map(({ name }) => name)),
    namespaces: new Set([
      ...namespaces.map(({ name }) => name),
      ...[...pods, ...services].map(({ namespace }) => namespace),
    ]),
    podsByAddress: new Map(
      pods
        .filter(({ hostNetwork }) => !hostNetwork)
        .flatMap(pod => pod.addresses.map(address => [canonicalAddress(address) ?? '', pod])),
    ),
  };
}

export const workloadKey = (namespace: string, kind: string, name: string): string =>
  `${namespace}/${kind.toLowerCase()}/${name}`;

export const choices = (forms: readonly string[]): string =>
  forms.map(form => `\`${form}\``).join(', ');

const workloadForm = (pod: PodFact): Form => ({
  namespace: pod.namespace,
  name: pod.workload.name,
  text: workloadNameOf(pod),
});

const serviceForm = (service: ServiceName): Form => ({
  ...service,
  text: formatPeerText({ kind: 'service', ...service }),
});

const nodeForm = (name: string): Form => ({
  namespace: null,
  name,
  text: formatPeerText({ kind: 'node', name }),
});

const namespaceForm = (name: string): Form => ({
  namespace: null,
  name,
  text: formatPeerText({ kind: 'namespace', name }),
});

const formsOf = ({ workloads, services, nodes }: Names): readonly Form[] => [
  ...[...workloads.values()].map(workloadForm),
  ...[...services.values()].map(serviceForm),
  ...[...nodes].map(nodeForm),
];

/** In another namespace a name must be the same; a bare name may be of any. */
function farFrom(namespace: string | null, name: string, form: Form): number | null {
  if (form.namespace === namespace || form.namespace === null) return distance(name, form.name);
  return form.name === name ? 1 : null;
}

function askedName(peer: PeerText): Pick<Form, 'namespace' | 'name'> | null {
  switch (peer.kind) {
    case 'named':
      return { namespace: peer.namespace ?? DEFAULT_NAMESPACE, name: peer.name };
    case 'service':
      return peer;
    case 'node':
    case 'namespace':
      return { namespace: null, name: peer.name };
    default:
      return null;
  }
}

/** Forms of what may have been meant: those that are nearest. */
export function nearestTo(names: Names, peer: PeerText): readonly string[] {
  const asked = askedName(peer);
  if (asked === null) return [];
  const forms =
    peer.kind === 'namespace' ? [...names.namespaces].map(namespaceForm) : formsOf(names);
  const near = forms.flatMap(form => {
    const away = farFrom(asked.namespace, asked.name, form);
    return away === null ? [] : [{ text: form.text, away }];
  });
  const least = near.reduce((best, { away }) => Math.min(best, away), Number.POSITIVE_INFINITY);
  return near
    .flatMap(({ text, away }) => (away === least ? [text] : []))
    .sort()
    .slice(0, MOST_CANDIDATES);
}
