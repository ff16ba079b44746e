import { NAMESPACES, serviceName, WORKLOADS } from './cluster.js';
import { LIVE_POLICIES } from './live-policies.js';
import { jobName, jobPodName, PODS, replicaSetName } from './pods.js';
import { type DemoPod, type DemoWorkload, NODES, nodeAt } from './workload.js';

type KubernetesObject = { readonly kind: string; readonly [field: string]: unknown };
type Owner = { readonly kind: string; readonly name: string };

/** Label of the namespace `shop` that says up to which hour the cluster's flows were made. */
export const SEEDED_UNTIL = 'weirgate.demo/seeded-until';

const DAY = 86_400_000;

/** Seconds are all that Kubernetes writes. */
const timestamp = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** As a label's value may be written. */
const untilText = (until: Date): string =>
  until
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');

/** The moment that `untilText` wrote; null for another text. */
export const readUntil = (text: string): Date | null => {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1);
  if (parts === undefined) return null;
  const [year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
};

const ownedBy = ({ kind, name }: Owner) => [
  { apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, name, controller: true },
];

const containers = ({ name, ports }: DemoWorkload) => [
  {
    name,
    image: `registry.example/${name}:1.0`,
    ports: ports.map(port => ({
      name: port.name,
      containerPort: port.port,
      protocol: port.protocol,
    })),
  },
];

const template = (workload: DemoWorkload) => ({
  metadata: { labels: workload.labels },
  spec: {
    ...(workload.hostNetwork ? { hostNetwork: true } : {}),
    containers: containers(workload),
  },
});

const scaled = (workload: DemoWorkload) => ({
  replicas: workload.replicas,
  selector: { matchLabels: workload.labels },
  template: template(workload),
});

const nodes = (born: string): readonly KubernetesObject[] =>
  NODES.map(({ name, ip, podCidr }) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, creationTimestamp: born, labels: { 'kubernetes.io/hostname': name } },
    spec: { podCIDR: podCidr },
    status: { addresses: [{ type: 'InternalIP', address: ip }] },
  }));

const namespaces = (born: string, until: Date): readonly KubernetesObject[] =>
  Object.entries(NAMESPACES).map(([name, labels]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      creationTimestamp: born,
      labels: {
        'kubernetes.io/metadata.name': name,
        ...labels,
        ...(name === 'shop' ? { [SEEDED_UNTIL]: untilText(until) } : {}),
      },
    },
  }));

const metadata = ({ namespace, name, labels }: DemoWorkload, born: string) => ({
  name,
  namespace,
  creationTimestamp: born,
  labels,
});

/** A Deployment with its ReplicaSet, or the workload's own object. */
const workloadObjects = (workload: DemoWorkload, born: string): readonly KubernetesObject[] => {
  const { kind } = workload;
  const head = metadata(workload, born);
  if (kind === 'CronJob') {
    const jobTemplate = { spec: { template: template(workload) } };
    return [
      {
        apiVersion: 'batch/v1',
        kind,
        metadata: head,
        spec: { schedule: '0 2 * * *', jobTemplate },
      },
    ];
  }
  const own = { apiVersion: 'apps/v1', kind, metadata: head, spec: scaled(workload) };
  if (kind !== 'Deployment') return [own];
  const name = replicaSetName(workload);
  const ownerReferences = ownedBy({ kind, name: workload.name });
  const replicas = {
    ...own,
    kind: 'ReplicaSet',
    metadata: { ...head, name, ownerReferences },
  };
  return [own, replicas];
};

const ownerOf = (workload: DemoWorkload): Owner =>
  workload.kind === 'Deployment'
    ? { kind: 'ReplicaSet', name: replicaSetName(workload) }
    : { kind: workload.kind, name: workload.name };

const podObject = ({ workload, name, ip, node }: DemoPod, born: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...metadata(workload, born), name, ownerReferences: ownedBy(ownerOf(workload)) },
  spec: { ...template(workload).spec, nodeName: nodeAt(node).name },
  status: {
    phase: 'Running',
    startTime: born,
    podIP: ip,
    podIPs: [{ ip }],
    hostIP: nodeAt(node).ip,
  },
});

/** The Job of the last night and its pod, which has ended and holds no address any more. */
const lastJob = (workload: DemoWorkload, at: number): readonly KubernetesObject[] => {
  const { namespace, labels, name } = workload;
  const job = jobName(workload, at);
  const created = timestamp(at);
  return [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: job,
        namespace,
        labels,
        creationTimestamp: created,
        ownerReferences: ownedBy({ kind: 'CronJob', name }),
      },
      spec: { template: template(workload) },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: jobPodName(workload, at),
        namespace,
        labels,
        creationTimestamp: created,
        ownerReferences: ownedBy({ kind: 'Job', name: job }),
      },
      spec: { ...template(workload).spec, nodeName: nodeAt(0).name },
      status: { phase: 'Succeeded', startTime: created },
    },
  ];
};

/** At two every night, in UTC: the last time before `until`. */
const lastNight = (until: Date): number => {
  const at = Date.UTC(until.getUTCFullYear(), until.getUTCMonth(), until.getUTCDate(), 2);
  return at < until.getTime() ? at : at - DAY;
};

const serviceObject = (workload: DemoWorkload, index: number, born: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...metadata(workload, born), name: serviceName(workload) },
  spec: {
    type: workload.loadBalancer === null ? 'ClusterIP' : 'LoadBalancer',
    clusterIP: serviceName(workload) === 'kube-dns' ? '10.96.0.10' : `10.96.1.${10 + index}`,
    selector: workload.labels,
    ports: Object.entries(workload.service).map(([name, port]) => ({
      name,
      port,
      targetPort: name,
      protocol: workload.ports.find(each => each.name === name)?.protocol ?? 'TCP',
    })),
  },
  ...(workload.loadBalancer === null
    ? {}
    : { status: { loadBalancer: { ingress: [{ ip: workload.loadBalancer }] } } }),
});

/**
 * What `kubectl get nodes,namespaces,…,networkpolicies -A -o json` would print of the cluster.
 * @param until whole hour up to which flows are made; everything runs since 30 days before
 */
export const demoInventory = (until: Date): string => {
  const born = timestamp(until.getTime() - 30 * DAY);
  const services = WORKLOADS.filter(({ service }) => Object.keys(service).length > 0);
  const items = [
    ...nodes(born),
    ...namespaces(born, until),
    ...WORKLOADS.flatMap(workload => workloadObjects(workload, born)),
    ...PODS.map(pod => podObject(pod, born)),
    ...WORKLOADS.filter(({ kind }) => kind === 'CronJob').flatMap(workload =>
      lastJob(workload, lastNight(until)),
    ),
    ...services.map((workload, index) => serviceObject(workload, index, born)),
    ...LIVE_POLICIES.map(policy => ({
      ...policy,
      metadata: { ...policy.metadata, creationTimestamp: born },
    })),
  ];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
};
