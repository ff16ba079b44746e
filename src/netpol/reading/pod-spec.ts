import type { ContainerPort, PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import {
  booleanAt,
  type Cursor,
  isAbsent,
  itemObject,
  listAt,
  member,
  objectAt,
  stringAt,
} from './cursor.js';
import type { KubernetesObject } from './objects.js';
import { portNumberAt, protocolAt } from './ports.js';
import { labelsAt } from './selector.js';

/** What a pod and a pod template have in common. */
export type PodShape = Pick<PodFact, 'labels' | 'hostNetwork' | 'ports'>;

const TEMPLATE: readonly string[] = ['spec', 'template'];

/** Where a workload keeps its pod template. */
const TEMPLATES: Readonly<
  Record<string, { readonly groups: readonly string[]; readonly path: readonly string[] }>
> = {
  Deployment: { groups: ['apps', 'extensions'], path: TEMPLATE },
  ReplicaSet: { groups: ['apps', 'extensions'], path: TEMPLATE },
  StatefulSet: { groups: ['apps'], path: TEMPLATE },
  DaemonSet: { groups: ['apps', 'extensions'], path: TEMPLATE },
  ReplicationController: { groups: [''], path: TEMPLATE },
  DeploymentConfig: { groups: ['apps.openshift.io'], path: TEMPLATE },
  Job: { groups: ['batch'], path: TEMPLATE },
  CronJob: { groups: ['batch'], path: ['spec', 'jobTemplate', 'spec', 'template'] },
  VirtualMachine: { groups: ['kubevirt.io'], path: TEMPLATE },
};

/** The API group of `apps/v1` is `apps`; that of `v1` is empty. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The path of a workload's pod template; null for objects that have none. */
export function templatePath(
  object: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
): readonly string[] | null {
  const known = Object.hasOwn(TEMPLATES, object.kind) ? TEMPLATES[object.kind] : undefined;
  return known?.groups.includes(groupOf(object.apiVersion)) ? known.path : null;
}

/** Reads labels, ports and host network of a pod, or of a template. */
export function podShapeAt(cursor: Cursor): PodShape {
  const spec = member(cursor, 'spec');
  objectAt(spec);
  const labels: Labels = labelsAt(member(member(cursor, 'metadata'), 'labels'));
  return {
    labels,
    hostNetwork: booleanAt(member(spec, 'hostNetwork')) ?? false,
    ports: [...containerPorts(spec), ...virtualMachinePorts(spec)],
  };
}

/** An init container counts when it is a sidecar: "restartPolicy Always … runs until all regular containers stop". */
function containerPorts(spec: Cursor): readonly ContainerPort[] {
  const containers = listAt(member(spec, 'containers')) ?? [];
  const sidecars = (listAt(member(spec, 'initContainers')) ?? []).filter(
    container => member(container, 'restartPolicy').value === 'Always',
  );
  return [...containers, ...sidecars].flatMap(container =>
    portsOf(member(container, 'ports'), 'containerPort'),
  );
}

/** KubeVirt declares the ports of a virtual machine on its interfaces. */
function virtualMachinePorts(spec: Cursor): readonly ContainerPort[] {
  const domain = member(spec, 'domain');
  if (isAbsent(domain)) return [];
  const interfaces = listAt(member(member(domain, 'devices'), 'interfaces')) ?? [];
  return interfaces.flatMap(each => portsOf(member(each, 'ports'), 'port'));
}

function portsOf(cursor: Cursor, number: 'containerPort' | 'port'): readonly ContainerPort[] {
  return (listAt(cursor) ?? []).map(item => portOf(item, number)).filter(port => port !== null);
}

function portOf(cursor: Cursor, number: 'containerPort' | 'port'): ContainerPort | null {
  if (itemObject(cursor) === null) return null;
  const port = portNumberAt(member(cursor, number));
  const protocol = protocolAt(member(cursor, 'protocol'));
  const name = stringAt(member(cursor, 'name'));
  return port === null || protocol === null ? null : { name, port, protocol };
}
