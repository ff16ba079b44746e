import type { PodFact } from '../facts.js';
import type { Labels } from '../labels.js';

/**
 * Label keys that name a workload, in the order in which they are tried: Kubernetes' recommended and conventional
 * names.
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
] as const;

/** Labels that a controller writes anew at every rollout or for every pod: never fit for a selector. */
const VOLATILE_KEYS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'job-name',
  'strimzi.io/pod-name',
  'spark-exec-id',
]);

/** Labels that an upgrade or another place of the pods changes: only where nothing else tells a workload apart. */
const FRAGILE_KEYS =
  /(^|[/.-])version$|^helm\.sh\/chart$|^(topology|failure-domain\.beta)\.kubernetes\.io\/|^istio\.io\/rev$|^spark-app-selector$/;
/** `1.2`, `worker-1.2.3`, `v1.4.0-rc.1` */
const VERSION_VALUE = /(^|[-_v])\d+\.\d+/;

const isFragile = (key: string, value: string): boolean =>
  FRAGILE_KEYS.test(key) || VERSION_VALUE.test(value);

const pick = (labels: Labels, keys: readonly string[]): Labels =>
  Object.fromEntries(keys.toSorted().map(key => [key, labels[key] ?? '']));

const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const sameWorkload = (one: PodFact, other: PodFact): boolean =>
  one.workload.kind === other.workload.kind && one.workload.name === other.workload.name;

export type Identity = {
  /** Distinct pods of the workload that the facts show. */
  readonly sets: number;
  /** Empty when the workload's pods share no label that lasts. */
  readonly matchLabels: Labels;
  /** Those of its keys that an upgrade or another place of the pods changes. */
  readonly fragile: readonly string[];
  /** Other workloads of the namespace that the labels select too. */
  readonly alsoSelects: readonly PodFact[];
};

/** Labels that all pods of the workload have and that last: a selector of anything else leaves some of them out. */
function lastingLabels(sets: readonly PodFact[]): Labels {
  const [first, ...others] = sets;
  return Object.fromEntries(
    Object.entries(first?.labels ?? {}).filter(
      ([key, value]) =>
        !VOLATILE_KEYS.has(key) && others.every(pod => matches({ [key]: value }, pod.labels)),
    ),
  );
}

/**
 * The fewest naming labels that select all pods of the workload and none of another of its namespace; all of its
 * lasting labels where the naming ones do not tell it apart, and what an upgrade changes only where nothing else does.
 */
export function identityOf(subject: PodFact, namespacePods: readonly PodFact[]): Identity {
  const others = namespacePods.filter(pod => !sameWorkload(pod, subject));
  const sets = namespacePods.filter(pod => sameWorkload(pod, subject));
  const labels = lastingLabels([subject, ...sets]);
  const lasting = Object.keys(labels);
  const firm = lasting.filter(key => !isFragile(key, labels[key] ?? ''));
  const naming = NAMING_KEYS.filter(key => firm.includes(key));
  const alone = (some: Labels): boolean =>
    Object.keys(some).length > 0 && !others.some(pod => matches(some, pod.labels));
  const candidates = [
    ...[...naming.keys()].map(count => pick(labels, naming.slice(0, count + 1))),
    pick(labels, firm),
    pick(labels, lasting),
  ];
  const matchLabels = candidates.find(alone) ?? pick(labels, firm.length > 0 ? firm : lasting);
  return {
    sets: sets.length,
    matchLabels,
    fragile: Object.keys(matchLabels).filter(key => !firm.includes(key)),
    alsoSelects: others.filter(pod => matches(matchLabels, pod.labels)),
  };
}
