export type Labels = Readonly<Record<string, string>>;

/** Of a rollout or a run: another one each time, and no selector that lasts names them. */
export const HASHES: readonly string[] = [
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
];

/** Set by controllers on each pod or each rollout anew: no part of what a deployment is. */
const VOLATILE: ReadonlySet<string> = new Set([
  ...HASHES,
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index',
  'strimzi.io/pod-name',
]);

/** Name the run, which is the deployment itself for a Job, and another one each time for a CronJob. */
const OF_A_RUN = new Set(['job-name', 'batch.kubernetes.io/job-name']);

/** The labels that all pods of a deployment share and keep, sorted by key. */
export const stableLabels = (labels: Labels, workloadKind: string): Labels =>
  Object.fromEntries(
    Object.entries(labels)
      .filter(([key]) => isStable(key, workloadKind))
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

const isStable = (key: string, workloadKind: string): boolean => {
  // OpenShift writes the name of the rollout (`web-3`) into this one.
  if (key === 'deployment') return workloadKind !== 'DeploymentConfig';
  if (OF_A_RUN.has(key)) return workloadKind !== 'CronJob';
  return !VOLATILE.has(key);
};

/** Whether pods of some workload may differ in this label without being another thing. */
export const isPassing = (key: string): boolean =>
  key === 'deployment' || OF_A_RUN.has(key) || VOLATILE.has(key);
