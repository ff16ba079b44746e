import type { PodFact } from '../facts.js';
import type { Labels } from '../labels.js';

/**
 * Label keys that name a workload, in the order in which they are tried. The first are Kubernetes' recommended
 * and conventional names; the last tell versions apart.
 */
const NAMING_KEYS = [
  'app',
  'app.kubernetes.io/name',
  'k8s-app',
  'name',
  'component',
  'app.kubernetes.io/component',
  'app.kubernetes.io/instance',
  'tier',
  'role',
  'version',
  'app.kubernetes.io/version',
] as const;

/** Labels that a controller writes anew at every rollout or for every pod: never fit for a selector. */
const VOLATILE_KEYS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'job-name',
]);

const pick = (labels: Labels, keys: readonly string[]): Labels =>
  Object.fromEntries(keys.toSorted().map(key => [key, labels[key] ?? '']));

const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const sameWorkload = (one: PodFact, other: PodFact): boolean =>
  one.workload.kind === other.workload.kind && one.workload.name === other.workload.name;

export type Identity = {
  /** Empty when the workload has no label that lasts. */
  readonly matchLabels: Labels;
  /** Other workloads of the namespace that the labels select too. */
  readonly alsoSelects: readonly PodFact[];
};

/**
 * The fewest naming labels that select the workload and no other of its namespace;
 * all of its lasting labels where the naming ones do not tell it apart.
 */
export function identityOf(subject: PodFact, namespacePods: readonly PodFact[]): Identity {
  const others = namespacePods.filter(pod => !sameWorkload(pod, subject));
  const lasting = Object.keys(subject.labels).filter(key => !VOLATILE_KEYS.has(key));
  const naming = NAMING_KEYS.filter(key => lasting.includes(key));
  const alone = (labels: Labels): boolean => !others.some(pod => matches(labels, pod.labels));
  const candidates = [...naming.keys()].map(count =>
    pick(subject.labels, naming.slice(0, count + 1)),
  );
  const all = pick(subject.labels, lasting);
  const matchLabels = candidates.find(alone) ?? all;
  return { matchLabels, alsoSelects: others.filter(pod => matches(matchLabels, pod.labels)) };
}
