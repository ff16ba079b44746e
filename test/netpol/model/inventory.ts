import { type Address, parseAddress } from './address.js';
import type {
  Container,
  ContainerPort,
  Deployment,
  End,
  KubeObject,
  LabelMap,
  Pod,
  PodSpec,
} from './objects.js';

export type ModelNode = {
  readonly name: string;
  readonly labels: LabelMap;
  readonly addresses: readonly Address[];
};

export type ModelPod = {
  readonly namespace: string;
  readonly name: string;
  readonly labels: LabelMap;
  readonly namespaceLabels: LabelMap;
  readonly hostNetwork: boolean;
  readonly node: string | null;
  readonly addresses: readonly Address[];
  readonly ports: readonly ContainerPort[];
};

/** What a pod's rules meet: exactly one of pod, node, domain, or a bare address. */
export type Party = {
  readonly pod: ModelPod | null;
  readonly node: ModelNode | null;
  readonly domain: string | null;
  readonly addresses: readonly Address[];
};

export type Cluster = {
  readonly pods: readonly ModelPod[];
  readonly nodes: readonly ModelNode[];
};

const addressesOf = (texts: readonly string[]): Address[] =>
  texts.flatMap(text => parseAddress(text) ?? []);

/** "`kubernetes.io/metadata.name=<name>` is always there", for implied namespaces too. */
const namespaceLabels = (objects: readonly KubeObject[], name: string): LabelMap => {
  const found = objects.find(
    object => object.kind === 'Namespace' && object.metadata.name === name,
  );
  return { 'kubernetes.io/metadata.name': name, ...(found?.metadata.labels ?? {}) };
};

/** Row 13: sidecars count. */
const portsOf = (spec: PodSpec): ContainerPort[] => {
  const sidecars = (spec.initContainers ?? []).filter(
    (container: Container) => container.restartPolicy === 'Always',
  );
  return [...spec.containers, ...sidecars].flatMap(container => container.ports ?? []);
};

const nodesOf = (objects: readonly KubeObject[]): ModelNode[] =>
  objects.flatMap(object =>
    object.kind !== 'Node'
      ? []
      : [
          {
            name: object.metadata.name,
            labels: object.metadata.labels ?? {},
            addresses: addressesOf(
              (object.status?.addresses ?? [])
                .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
                .map(({ address }) => address),
            ),
          },
        ],
  );

const statusAddresses = (pod: Pod): Address[] => {
  const listed = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
  const single = pod.status?.podIP;
  return addressesOf(listed.length > 0 ? listed : single ? [single] : []);
};

const hasEnded = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** A hostNetwork pod is reached at its node's addresses. A Deployment stands for its pods: its template's labels and ports, no address. */
const toPod = (
  object: Pod | Deployment,
  objects: readonly KubeObject[],
  nodes: readonly ModelNode[],
): ModelPod => {
  const isPod = object.kind === 'Pod';
  const spec = isPod ? object.spec : object.spec.template.spec;
  const labels = isPod ? object.metadata.labels : object.spec.template.metadata.labels;
  const own = isPod ? statusAddresses(object) : [];
  const namespace = object.metadata.namespace || 'default';
  const hostNetwork = spec.hostNetwork === true;
  const node = spec.nodeName || null;
  const ofNode = nodes.find(({ name }) => name === node)?.addresses ?? [];
  return {
    namespace,
    name: object.metadata.name,
    labels: labels ?? {},
    namespaceLabels: namespaceLabels(objects, namespace),
    hostNetwork,
    node,
    addresses: hostNetwork ? [...own, ...ofNode] : own,
    ports: portsOf(spec),
  };
};

/** Row 21: pods that have ended are left out. */
export const clusterOf = (objects: readonly KubeObject[]): Cluster => {
  const nodes = nodesOf(objects);
  const pods = objects.flatMap(object => {
    if (object.kind === 'Deployment') return [toPod(object, objects, nodes)];
    return object.kind === 'Pod' && !hasEnded(object) ? [toPod(object, objects, nodes)] : [];
  });
  return { pods, nodes };
};

const holds = (holder: { readonly addresses: readonly Address[] }, wanted: Address): boolean =>
  holder.addresses.some(({ family, value }) => family === wanted.family && value === wanted.value);

export const partyOfPod = (pod: ModelPod): Party => ({
  pod,
  node: null,
  domain: null,
  addresses: pod.addresses,
});

const partyOfNode = (node: ModelNode): Party => ({
  pod: null,
  node,
  domain: null,
  addresses: node.addresses,
});

/** An address that a pod, Service or node holds means that one. */
const partyOfAddress = (cluster: Cluster, text: string): Party => {
  const address = parseAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  const pod = cluster.pods.find(each => !each.hostNetwork && holds(each, address));
  if (pod) return partyOfPod(pod);
  const node = cluster.nodes.find(each => holds(each, address));
  if (node) return partyOfNode(node);
  const onHost = cluster.pods.find(each => holds(each, address));
  if (onHost) return partyOfPod(onHost);
  return { pod: null, node: null, domain: null, addresses: [address] };
};

/** Services are taken apart before; see `service.ts`. */
export const partyOf = (cluster: Cluster, end: End): Party => {
  switch (end.kind) {
    case 'pod': {
      const pod = cluster.pods.find(
        each => each.namespace === end.namespace && each.name === end.name,
      );
      if (!pod) throw new Error(`no pod ${end.namespace}/${end.name}`);
      return partyOfPod(pod);
    }
    case 'node': {
      const node = cluster.nodes.find(each => each.name === end.name);
      if (!node) throw new Error(`no node ${end.name}`);
      return partyOfNode(node);
    }
    case 'address':
      return partyOfAddress(cluster, end.address);
    case 'domain':
      return { pod: null, node: null, domain: end.name, addresses: [] };
    case 'service':
      throw new Error('a Service is no single party');
  }
};
