import { type Facts, type PodFact, parsePolicies } from '../../src/netpol/index.js';
import type { KubeObject, NetworkPolicy, Pod } from '../../test/netpol/model/objects.js';
import { policiesOf } from './cluster-policies.js';
import { randomFrom } from './random.js';

/** A made-up cluster of one size, the same for the same seed. */
export type ClusterSize = {
  readonly namespaces: number;
  readonly deployments: number;
  /** Pods of each deployment. */
  readonly replicas: number;
  readonly policies: number;
  readonly seed: number;
};

/** The figures of the goal: 10,000 pods of 2,000 deployments and 3,000 policies. */
export const LARGE: ClusterSize = {
  namespaces: 100,
  deployments: 2_000,
  replicas: 5,
  policies: 3_000,
  seed: 7,
};

/** A cluster of the same density with `1/part` of everything but replicas. */
export const partOf = (size: ClusterSize, part: number): ClusterSize => ({
  ...size,
  namespaces: size.namespaces / part,
  deployments: size.deployments / part,
  policies: size.policies / part,
});

export const ROLES = ['web', 'api', 'worker', 'data'] as const;
export type Role = (typeof ROLES)[number];

/** One in twenty deployments has a role in each of the four places of its namespace. */
export type Workload = {
  readonly number: number;
  readonly namespace: string;
  readonly name: string;
  readonly role: Role;
};

const PORTS: Readonly<Record<Role, readonly { name: string; number: number }[]>> = {
  web: [
    { name: 'http', number: 8080 },
    { name: 'https', number: 8443 },
  ],
  api: [
    { name: 'http', number: 8000 },
    { name: 'grpc', number: 9090 },
  ],
  worker: [{ name: 'admin', number: 7070 }],
  data: [{ name: 'db', number: 5432 }],
};

/** Names are shared, numbers are not: a few teams listen one, two or three ports higher. */
const portsOf = ({ number, role }: Workload) => [
  ...PORTS[role].map(port => ({
    name: port.name,
    containerPort: port.number + (number % 4),
    protocol: 'TCP',
  })),
  { name: 'metrics', containerPort: number % 3 === 0 ? 9102 : 9100, protocol: 'TCP' },
];

const ENVIRONMENTS = ['production', 'staging', 'development'];

const namespaceOf = (place: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: `team-${place}`,
    labels: {
      team: `team-${place}`,
      environment: ENVIRONMENTS[place % 3] ?? '',
      ...(place % 10 === 0 ? { platform: 'true' } : {}),
    },
  },
});

const addressOf = (pod: number): string => `10.${1 + (pod >> 16)}.${(pod >> 8) & 255}.${pod & 255}`;

function podOf(workload: Workload, replica: number, pod: number): Pod {
  const { number, namespace, name, role } = workload;
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, controller: true };
  const metadata = {
    namespace,
    name: `${name}-${replica}`,
    ownerReferences: [owner],
    labels: {
      app: name,
      role,
      suite: `suite-${number % 50}`,
      version: `v${1 + (number % 3)}`,
      ...(number % 7 === 0 ? { critical: '' } : {}),
    },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      nodeName: `node-${pod % 100}`,
      containers: [{ name: 'main', image: 'example.com/main:1', ports: portsOf(workload) }],
    },
    status: { phase: 'Running', podIP: addressOf(pod) },
  };
}

export const workloadsOf = ({ namespaces, deployments }: ClusterSize): readonly Workload[] =>
  Array.from({ length: deployments }, (_, number) => {
    const role = ROLES[Math.floor(number / namespaces) % ROLES.length] ?? 'web';
    return { number, namespace: `team-${number % namespaces}`, name: `${role}-${number}`, role };
  });

export type Cluster = {
  readonly workloads: readonly Workload[];
  readonly policies: readonly NetworkPolicy[];
  /** Namespaces, pods and policies as manifests hold them. */
  readonly objects: readonly KubeObject[];
};

export function clusterOf(size: ClusterSize): Cluster {
  const workloads = workloadsOf(size);
  const policies = policiesOf(size, workloads, randomFrom(size.seed));
  const pods = workloads.flatMap((workload, place) =>
    Array.from({ length: size.replicas }, (_, replica) =>
      podOf(workload, replica, place * size.replicas + replica),
    ),
  );
  const namespaces = Array.from({ length: size.namespaces }, (_, place) => namespaceOf(place));
  return { workloads, policies, objects: [...namespaces, ...pods, ...policies] };
}

/** All objects as one `List`, as `kubectl get -o json` prints it. */
export const sourceOf = ({ objects }: Cluster) => ({
  file: 'cluster.json',
  text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
});

const factOf = (pod: Pod, { namespace, name }: Workload): PodFact => ({
  key: `${namespace}/${pod.metadata.name}`,
  namespace,
  name: pod.metadata.name,
  labels: pod.metadata.labels ?? {},
  addresses: [pod.status?.podIP ?? ''],
  hostNetwork: false,
  ports: pod.spec.containers.flatMap(({ ports }) =>
    (ports ?? []).map(port => ({
      name: port.name ?? null,
      port: port.containerPort,
      protocol: 'TCP' as const,
    })),
  ),
  node: pod.spec.nodeName ?? null,
  workload: { kind: 'ReplicaSet', name },
});

/** What the engine is given, without the detour over text for the pods: reading 100,000 takes a while. */
export function engineInput({ objects, workloads, policies }: Cluster) {
  const pods = objects.filter(object => object.kind === 'Pod');
  const replicas = pods.length / workloads.length;
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: policies });
  const facts: Facts = {
    namespaces: objects
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels ?? {} })),
    pods: pods.map((pod, place) =>
      factOf(pod, workloads[Math.floor(place / replicas)] as Workload),
    ),
    nodes: [],
    services: [],
    routes: [],
  };
  return { facts, policies: parsePolicies([{ file: 'policies.json', text }]).policies };
}
