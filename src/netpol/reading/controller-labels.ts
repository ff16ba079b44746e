import { type Labels, MADE_UP } from '../labels.js';
import { isJsonObject, type KubernetesObject } from './objects.js';

const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

/** A value that a controller makes up: it is there, and nobody can ask for it by name. */
const madeUp = (name: string): string => `${name}${MADE_UP}`;

type Owner = { readonly group: string; readonly kind: string; readonly name: string };
type ValueOf = (owner: Owner, ordinal: number) => string;

/** Kinds whose controller writes the label; `group` where kinds of others bear the same name. */
type Writers = {
  readonly group?: string;
  readonly kinds: readonly string[];
  readonly value: ValueOf;
};

const ownName: ValueOf = ({ name }) => name;
const unknown: ValueOf = () => MADE_UP;
const ofRevision: ValueOf = ({ name }) => madeUp(name);
const always =
  (value: string): ValueOf =>
  () =>
    value;

const ofJob: ValueOf = owner => (owner.kind === 'Job' ? owner.name : madeUp(owner.name));
const isJob = ['Job', 'CronJob'];
const isMachine = ['VirtualMachine', 'VirtualMachineInstance'];
const isMachines = ['VirtualMachineInstanceReplicaSet', 'VirtualMachinePool'];
const knative = { group: 'serving.knative.dev', kinds: ['Service', 'Configuration', 'Revision'] };
const ofService = { ...knative, kinds: ['Service'] };
const training = {
  group: 'kubeflow.org',
  kinds: ['PyTorchJob', 'TFJob', 'MPIJob', 'XGBoostJob', 'PaddleJob', 'JAXJob'],
};
const ray = { group: 'ray.io', kinds: ['RayCluster'] };

/** Labels that controllers write on the pods that they make from a template, by the kinds whose pods have them. */
const WRITTEN: Readonly<Record<string, readonly Writers[]>> = {
  'batch.kubernetes.io/job-name': [{ kinds: isJob, value: ofJob }],
  'job-name': [{ kinds: isJob, value: ofJob }],
  'batch.kubernetes.io/controller-uid': [{ kinds: isJob, value: unknown }],
  'controller-uid': [{ kinds: isJob, value: unknown }],
  [POD_NAME]: [{ kinds: ['StatefulSet'], value: ({ name }, ordinal) => `${name}-${ordinal}` }],
  [POD_INDEX]: [{ kinds: ['StatefulSet'], value: (_, ordinal) => `${ordinal}` }],
  'pod-template-hash': [{ kinds: ['Deployment', 'ReplicaSet'], value: unknown }],
  'controller-revision-hash': [{ kinds: ['StatefulSet', 'DaemonSet'], value: unknown }],
  'pod-template-generation': [{ kinds: ['DaemonSet'], value: always('1') }],
  deploymentconfig: [{ kinds: ['DeploymentConfig'], value: ownName }],
  deployment: [{ kinds: ['DeploymentConfig'], value: unknown }],
  'rollouts-pod-template-hash': [{ group: 'argoproj.io', kinds: ['Rollout'], value: unknown }],
  'kubevirt.io': [{ kinds: [...isMachine, ...isMachines], value: always('virt-launcher') }],
  'vm.kubevirt.io/name': [
    { kinds: isMachine, value: ownName },
    { kinds: isMachines, value: unknown },
  ],
  'kubevirt.io/created-by': [{ kinds: [...isMachine, ...isMachines], value: unknown }],
  'kubevirt.io/nodeName': [{ kinds: [...isMachine, ...isMachines], value: unknown }],
  'serving.knative.dev/service': [{ ...ofService, value: ownName }],
  'serving.knative.dev/serviceUID': [{ ...ofService, value: unknown }],
  'serving.knative.dev/configuration': [
    { ...knative, kinds: ['Service', 'Configuration'], value: ownName },
  ],
  'serving.knative.dev/revision': [{ ...knative, value: ofRevision }],
  'serving.knative.dev/revisionUID': [{ ...knative, value: unknown }],
  'training.kubeflow.org/job-name': [{ ...training, value: ownName }],
  'ray.io/cluster': [{ ...ray, value: ownName }],
  'ray.io/is-ray-node': [{ ...ray, value: always('yes') }],
  'leaderworkerset.sigs.k8s.io/name': [{ kinds: ['LeaderWorkerSet'], value: ownName }],
  'jobset.sigs.k8s.io/jobset-name': [{ kinds: ['JobSet'], value: ownName }],
};

/** Those of them that some selector asks for: the others tell nothing, and would stand in every answer. */
export function controllerLabels(
  owner: Owner,
  ordinal: number,
  asked: ReadonlySet<string>,
): Labels {
  const own = Object.entries(WRITTEN).flatMap(([key, writers]) => {
    const writer = asked.has(key) ? writers.find(each => writes(each, owner)) : undefined;
    return writer === undefined ? [] : [[key, writer.value(owner, ordinal)] as const];
  });
  return Object.fromEntries(own);
}

const writes = ({ group, kinds }: Writers, owner: Owner): boolean =>
  kinds.includes(owner.kind) && (group === undefined || group === owner.group);

/** More pods of one StatefulSet are not told apart. */
const MOST_REPLICAS = 1_000;

const countAt = (value: unknown, key: string): number | null => {
  const count = isJsonObject(value) ? value[key] : null;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : null;
};

/** Ordinals of the pods that are to be told apart: of a StatefulSet, where a selector asks for what differs; else one. */
export function replicasOf(
  { kind, value }: KubernetesObject,
  asked: ReadonlySet<string>,
): readonly number[] {
  const differ = kind === 'StatefulSet' && (asked.has(POD_NAME) || asked.has(POD_INDEX));
  const spec = value['spec'];
  const first = (isJsonObject(spec) ? countAt(spec['ordinals'], 'start') : null) ?? 0;
  const count = differ ? Math.max(1, countAt(spec, 'replicas') ?? 1) : 1;
  return Array.from({ length: Math.min(count, MOST_REPLICAS) }, (_, place) => first + place);
}
