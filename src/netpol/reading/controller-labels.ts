import { type Labels, MADE_UP } from '../labels.js';
import { isJsonObject, type KubernetesObject } from './objects.js';

const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

/** A value that a controller makes up: it is there, and nobody can ask for it by name. */
const madeUp = (name: string): string => `${name}${MADE_UP}`;

type Owner = { readonly kind: string; readonly name: string };
type ValueOf = (owner: Owner, ordinal: number) => string;

const ofJob: ValueOf = ({ kind, name }) => (kind === 'Job' ? name : madeUp(name));
const isJob = ['Job', 'CronJob'];

/** Labels that controllers write on the pods that they make from a template, by the kinds whose pods have them. */
const WRITTEN: Readonly<
  Record<string, { readonly kinds: readonly string[]; readonly value: ValueOf }>
> = {
  'batch.kubernetes.io/job-name': { kinds: isJob, value: ofJob },
  'job-name': { kinds: isJob, value: ofJob },
  'batch.kubernetes.io/controller-uid': { kinds: isJob, value: ({ name }) => madeUp(name) },
  'controller-uid': { kinds: isJob, value: ({ name }) => madeUp(name) },
  [POD_NAME]: { kinds: ['StatefulSet'], value: ({ name }, ordinal) => `${name}-${ordinal}` },
  [POD_INDEX]: { kinds: ['StatefulSet'], value: (_, ordinal) => `${ordinal}` },
  'pod-template-hash': { kinds: ['Deployment', 'ReplicaSet'], value: ({ name }) => madeUp(name) },
  'controller-revision-hash': {
    kinds: ['StatefulSet', 'DaemonSet'],
    value: ({ name }) => madeUp(name),
  },
  'pod-template-generation': { kinds: ['DaemonSet'], value: () => '1' },
};

/** Those of them that some selector asks for: the others tell nothing, and would stand in every answer. */
export function controllerLabels(
  owner: Owner,
  ordinal: number,
  asked: ReadonlySet<string>,
): Labels {
  const own = Object.entries(WRITTEN).filter(
    ([key, { kinds }]) => asked.has(key) && kinds.includes(owner.kind),
  );
  return Object.fromEntries(own.map(([key, { value }]) => [key, value(owner, ordinal)]));
}

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
