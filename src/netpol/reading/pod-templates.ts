import { isJsonObject, type KubernetesObject } from './objects.js';
import type { Path } from './source.js';

const TEMPLATE: Path = ['spec', 'template'];

/** Where the workloads of Kubernetes, OpenShift and KubeVirt keep their pod template. */
const TEMPLATES: Readonly<
  Record<string, { readonly groups: readonly string[]; readonly path: Path }>
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
  VirtualMachineInstanceReplicaSet: { groups: ['kubevirt.io'], path: TEMPLATE },
  // "The labels of a VirtualMachineInstance are those of its pod": it is its own template.
  VirtualMachineInstance: { groups: ['kubevirt.io'], path: [] },
  VirtualMachinePool: {
    groups: ['pool.kubevirt.io'],
    path: ['spec', 'virtualMachineTemplate', 'spec', 'template'],
  },
};

/** The API group of `apps/v1` is `apps`; that of `v1` is empty. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The groups that own a kind of workload; null for kinds that are none of those that everybody has. */
export const groupsOfWorkload = (kind: string): readonly string[] | null =>
  Object.hasOwn(TEMPLATES, kind) ? (TEMPLATES[kind]?.groups ?? null) : null;

/** Groups of Kubernetes itself have the workloads above and no other; `x-k8s.io` is for projects around it. */
const isForeign = (group: string): boolean =>
  group.includes('.') && (!group.endsWith('.k8s.io') || group.endsWith('.x-k8s.io'));

/** `{metadata, spec: {containers: [{image}]}}`: what a pod is made from, whoever makes it. An image may be filled in later. */
function isTemplate(value: unknown, path: Path): boolean {
  const spec = isJsonObject(value) ? value['spec'] : null;
  const containers = isJsonObject(spec) ? spec['containers'] : null;
  if (!Array.isArray(containers)) return false;
  const tells = /template$/i.test(String(path.at(-1))) ? ['image', 'name'] : ['image'];
  return containers.some(
    each => isJsonObject(each) && tells.some(key => typeof each[key] === 'string'),
  );
}

/** Templates lie no deeper than this: `spec.pytorchReplicaSpecs.Worker.template` is at 4. */
const DEEPEST = 8;

function templatesIn(value: unknown, path: Path): readonly Path[] {
  if (path.length > 0 && isTemplate(value, path)) return [path];
  if (path.length > DEEPEST || typeof value !== 'object' || value === null) return [];
  const steps: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return steps.flatMap(([step, part]) => templatesIn(part, [...path, step]));
}

/**
 * The paths of an object's pod templates: none for objects that own no pods. "A template is a template": owners of other
 * projects (an Argo Rollout, a PyTorchJob with one for each role) are found by its form.
 */
export function templatePaths(
  object: Pick<KubernetesObject, 'apiVersion' | 'kind' | 'value'>,
): readonly Path[] {
  const group = groupOf(object.apiVersion);
  const known = Object.hasOwn(TEMPLATES, object.kind) ? TEMPLATES[object.kind] : undefined;
  if (known?.groups.includes(group)) return [known.path];
  return isForeign(group) ? templatesIn({ spec: object.value['spec'] }, []) : [];
}

/** Whether its kind is known to own pods, so that a missing template is a fault. */
export const isKnownWorkload = ({ apiVersion, kind }: KubernetesObject): boolean =>
  groupsOfWorkload(kind)?.includes(groupOf(apiVersion)) === true;
