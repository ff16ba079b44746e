import type { Labels } from '../labels.js';
import { runStem } from './run-stem.js';

/** Labels that a controller writes anew at every rollout or for every pod: never fit for a selector. */
const PASSING_KEYS: ReadonlySet<string> = new Set([
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
  'training.kubeflow.org/replica-index',
  'ray.io/node-type-index',
  'volcano.sh/task-index',
  'leaderworkerset.sigs.k8s.io/worker-index',
  'jobset.sigs.k8s.io/job-index',
  'jobset.sigs.k8s.io/restart-attempt',
  'workflows.argoproj.io/completed',
  'workflows.argoproj.io/phase',
  'sparkoperator.k8s.io/submission-id',
  'training.kubeflow.org/job-role',
]);

export const isPassing = (key: string): boolean => PASSING_KEYS.has(key);

/**
 * The last words of keys that name a release, a run or a place: `version`, `app.kubernetes.io/version`, `helm.sh/chart`,
 * `istio.io/rev`, `topology.kubernetes.io/zone`, `pipelines.kubeflow.org/run-id`, `tekton.dev/pipelineRun`.
 */
const FRAGILE_WORDS =
  /(^|[/._-])(version|chart|rev|revision|canonical-revision|hash|checksum|sha|sha256|commit|commit-sha|git-sha|build|build-id|build-number|image-tag|zone|region|hostname|host-ip|uid|uuid|run-?id|runid|run_id|exec-?id|attempt|timestamp|date|pipelinerun|taskrun|generation|pod-name|pod-index|replica-index|ordinal|node-name)$/i;

/** Keys whose values come from where or when a pod runs. */
const FRAGILE_KEYS =
  /^(topology|failure-domain\.beta)\.kubernetes\.io\/|^topology\.istio\.io\/|^spark-app-selector$|^spark-app-name$|^workflows\.argoproj\.io\/workflow$/;

const isFragileKey = (key: string): boolean => FRAGILE_KEYS.test(key) || FRAGILE_WORDS.test(key);

/** `1.2`, `worker-1.2.3`, `v1.4.0-rc.1`, `v2` alone. */
const VERSION = /(^|[-_v])\d+\.\d+|^v\d+$/;
/** A hash or a random name: 8 hexadecimal digits or more of both kinds, or a UUID. */
const HASH =
  /(^|[-_])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}($|[-_])|^[0-9a-f]{8}-[0-9a-f]{4}-/i;
/** What controllers append to names: letters that make no words, and digits. */
const SUFFIX = /-(?=[bcdfghjklmnpqrstvwxz2456789]*\d)[bcdfghjklmnpqrstvwxz2456789]{8,10}$/;
/** `2026-11-22`, `20261122`, `1763806800`. */
const TIME = /(^|[-_])20\d{2}-?(0[1-9]|1[0-2])-?([0-2]\d|3[01])|^1[5-9]\d{8}(\d{3})?$/;

/**
 * What an upgrade, a run or another place of the pods changes: taken only where nothing else tells a workload apart. `name` is the
 * workload's: what adds a run to it is of that run.
 */
const isFragile = (key: string, value: string, name: string): boolean =>
  isFragileKey(key) ||
  runStem(value) === name ||
  [VERSION, HASH, SUFFIX, TIME].some(pattern => pattern.test(value));

/** The keys of the labels of a workload of that name that outlive an upgrade, a run and a move. */
export const lastsOf = (labels: Labels, name: string): readonly string[] =>
  Object.keys(labels).filter(key => !isFragile(key, labels[key] ?? '', name));
