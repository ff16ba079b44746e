import {
  isForeignPolicy,
  type KubernetesObject,
  manifestsOf,
  type NodeFact,
  type PodFact,
  type Policy,
  type Problem,
  type ServiceFact,
  Severity,
} from '../netpol/index.js';
import { rangesIn } from './cluster-objects.js';
import type { ClusterRange } from './cluster-range.js';
import { type Declaration, declarationsOf, declaringKinds } from './declaration.js';
import { contentHash, deploymentKey, namespaceId, peerId, podId, serviceId } from './identity.js';
import type { Labels } from './labels.js';
import { namespaceLabels } from './namespace.js';
import { type NodeAddresses, nodeAddressesIn } from './node-addresses.js';
import { asRunning, createdAt, hasEnded, namespaceOf, validAddresses } from './object-history.js';
import { wellNamed } from './object-names.js';
import { timeFaults } from './object-times.js';
import { PeerKind } from './peer.js';
import { endpointsIn, type SnapshotEndpoints } from './snapshot-endpoints.js';
import { type SnapshotDeployment, type SnapshotPod, workloadsOf } from './workloads.js';

export type SnapshotNamespace = {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly contentHash: string;
  /** Creation time, or null. */
  readonly since: string | null;
};

export type SnapshotNode = NodeFact & {
  readonly id: string;
  readonly since: string | null;
  /** At which it speaks to its own pods. */
  /** Out of those of pods, by which it speaks to pods of other nodes. */
  readonly tunnels: readonly string[];
  readonly gateways: readonly string[];
};

export type SnapshotService = ServiceFact & {
  readonly id: string;
  readonly contentHash: string;
  readonly since: string | null;
};

/** Ids of what the input holds, what could not be read of it included: these have not ended. */
type Present = {
  readonly namespaces: readonly string[];
  readonly nodes: readonly string[];
  readonly services: readonly string[];
  readonly pods: readonly string[];
  readonly deployments: readonly string[];
};

/** A policy of an API that is not read here: what it allows or denies is in no verdict. */
export type ForeignPolicy = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

type PolicyName = {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

export type PoliciesFound = {
  readonly policies: readonly Policy[];
  /** Also those that were refused: they have not ended. */
  readonly present: readonly PolicyName[];
  readonly foreign: readonly ForeignPolicy[];
};

/** What one input shows of a cluster. */
export type Snapshot = {
  /** Kinds that it holds objects of: what is absent of these is gone, in mode REPLACE. */
  readonly kinds: readonly string[];
  readonly namespaces: readonly SnapshotNamespace[];
  /** Namespaces that objects are in, whether they are shown or not. */
  readonly implied: readonly SnapshotNamespace[];
  readonly nodes: readonly SnapshotNode[];
  readonly ranges: readonly ClusterRange[];
  readonly services: readonly SnapshotService[];
  /** Where Services without a selector lead. */
  readonly endpoints: readonly SnapshotEndpoints[];
  readonly deployments: readonly SnapshotDeployment[];
  readonly pods: readonly SnapshotPod[];
  /** What its objects say besides who is there. */
  readonly declarations: readonly Declaration[];
  /** Kinds of objects of which it shows all declarations, in mode REPLACE. */
  readonly declaring: readonly string[];
  readonly policies: PoliciesFound;
  readonly present: Present;
};

export type SnapshotReading = {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
};

type Creation = (kind: string, namespace: string, name: string) => string | null;

const objectKey = (kind: string, namespace: string, name: string): string =>
  `${kind}/${namespace}/${name}`;

const creationsIn = (objects: readonly KubernetesObject[]): Creation => {
  const times = new Map(
    objects.map(object => [
      objectKey(object.kind, object.namespace ?? '', object.name ?? ''),
      createdAt(object),
    ]),
  );
  return (kind, namespace, name) => times.get(objectKey(kind, namespace, name)) ?? null;
};

const namespaceSeen = (name: string, labels: Labels, since: string | null): SnapshotNamespace => {
  const all = namespaceLabels(name, labels);
  return { id: namespaceId(name), name, labels: all, contentHash: contentHash(all), since };
};

const serviceSeen = (service: ServiceFact, since: string | null): SnapshotService => {
  const { clusterIps, externalIps } = service;
  const seen = {
    ...service,
    // A headless Service has `None` instead, and its clients reach the pods on the pods' own ports.
    clusterIps: clusterIps.includes('None') ? ['None'] : validAddresses(clusterIps),
    externalIps: validAddresses(externalIps),
  };
  const id = serviceId(service.namespace, service.name);
  return { ...seen, id, since, contentHash: contentHash(seen) };
};

const nodeSeen = (
  node: NodeFact,
  since: string | null,
  { own, tunnels, gateways }: NodeAddresses,
): SnapshotNode => ({
  ...node,
  id: peerId(PeerKind.NODE, node.name),
  addresses: own,
  tunnels,
  gateways,
  since,
});

function presentIn(
  objects: readonly KubernetesObject[],
  deployments: readonly SnapshotDeployment[],
  implied: readonly SnapshotNamespace[],
): Present {
  const idsOf = (kind: string, idOf: (object: KubernetesObject) => string) =>
    objects.filter(object => object.kind === kind).map(idOf);
  const nameOf = ({ name }: KubernetesObject) => name ?? '';
  return {
    namespaces: [
      ...idsOf('Namespace', object => namespaceId(nameOf(object))),
      ...implied.map(({ id }) => id),
    ],
    nodes: idsOf('Node', object => peerId(PeerKind.NODE, nameOf(object))),
    services: idsOf('Service', object => serviceId(namespaceOf(object), nameOf(object))),
    pods: idsOf('Pod', object => podId(namespaceOf(object), nameOf(object))),
    deployments: [
      ...deployments.map(({ id }) => id),
      ...objects.map(object =>
        peerId(
          PeerKind.DEPLOYMENT,
          deploymentKey(namespaceOf(object), object.kind, nameOf(object)),
        ),
      ),
    ],
  };
}

const CORE: readonly string[] = ['Namespace', 'Node', 'Pod', 'Service'];

/** Knative's Service is none. */
const isOwnKind = ({ kind, apiVersion }: KubernetesObject): boolean =>
  !CORE.includes(kind) || apiVersion === 'v1';

const policyNames = (objects: readonly KubernetesObject[]): readonly PolicyName[] =>
  objects
    .filter(({ kind }) => kind.endsWith('NetworkPolicy'))
    .map(({ kind, namespace, name }) => ({
      kind,
      namespace: namespace ?? (kind === 'NetworkPolicy' ? 'default' : null),
      name: name ?? '',
    }));

/** An address that is none, in a fixture made by hand or after a mistake, is left out. */
function addressFaults(
  pods: readonly PodFact[],
  objects: readonly KubernetesObject[],
): readonly Problem[] {
  const wrong = pods.flatMap(({ namespace, name, addresses }) =>
    addresses
      .filter(address => validAddresses([address]).length === 0)
      .map(address => ({ namespace, name, address })),
  );
  return wrong.map(({ namespace, name, address }) => ({
    code: 'ADDRESS_INVALID',
    severity: Severity.WARNING,
    message: `\`${address}\`, the address of pod \`${namespace}/${name}\`, is not an IP address: left out`,
    path: 'status.podIP',
    place:
      objects
        .find(object => object.kind === 'Pod' && object.name === name)
        ?.locate(['status', 'podIP']) ?? null,
    hint: 'write an IPv4 or IPv6 address',
  }));
}

/** Reads what objects of a cluster show; what is wrong with one of them is a problem, and the others are read. */
const foreignIn = (objects: readonly KubernetesObject[]): readonly ForeignPolicy[] =>
  objects.filter(isForeignPolicy).map(({ apiVersion, kind, name, namespace }) => ({
    apiVersion,
    kind,
    namespace,
    name: name ?? '',
  }));

const selecting = (services: readonly ServiceFact[]): ReadonlySet<string> =>
  new Set(
    services
      .filter(({ selector }) => selector !== null)
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );

export function snapshotOf(all: readonly KubernetesObject[]): SnapshotReading {
  const { objects, problems: misnamed } = wellNamed(all);
  const ended = objects.filter(hasEnded);
  const { facts, policies, problems } = manifestsOf(objects);
  const last = manifestsOf(ended.map(asRunning));
  const creation = creationsIn(objects);
  const { deployments, pods } = workloadsOf(objects, facts.pods, last.facts.pods);
  const services = facts.services.map(service =>
    serviceSeen(
      service,
      creation('Service', service.namespace, service.name) ?? creation('Service', '', service.name),
    ),
  );
  const namespaced = [...deployments, ...services, ...policies].flatMap(
    ({ namespace }) => namespace ?? [],
  );
  const addressesOf = nodeAddressesIn(objects);
  const implied = [...new Set(namespaced)].map(name => namespaceSeen(name, {}, null));
  return {
    snapshot: {
      kinds: [...new Set(objects.filter(isOwnKind).map(({ kind }) => kind))],
      namespaces: facts.namespaces.map(({ name, labels }) =>
        namespaceSeen(name, labels, creation('Namespace', '', name)),
      ),
      implied,
      nodes: facts.nodes.map(node =>
        nodeSeen(
          node,
          creation('Node', '', node.name),
          addressesOf(node.name, validAddresses(node.addresses)),
        ),
      ),
      ranges: rangesIn(objects),
      services,
      endpoints: endpointsIn(objects, selecting(services)),
      deployments,
      pods,
      declarations: declarationsOf(facts),
      declaring: declaringKinds(objects),
      policies: { policies, present: policyNames(all), foreign: foreignIn(objects) },
      present: presentIn(all, deployments, implied),
    },
    problems: [
      ...misnamed,
      ...problems,
      ...last.problems,
      ...addressFaults(facts.pods, objects),
      ...timeFaults(objects),
    ],
  };
}
