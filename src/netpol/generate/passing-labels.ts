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
  /(^|[/._-])(version|chart|rev|revision|canonical-revision|hash|checksum|sha|sha256|commit|commit-sha|git-sha|build|build-id|build-number|image-tag|zone|region|hostname|host-ip|[a-z]*uid|uuid|run-?id|runid|run_id|exec-?id|attempt|timestamp|date|pipelinerun|taskrun|[a-z]*generation|pod-name|pod-index|replica-index|ordinal|node-name)$/i;

/** Keys whose values come from where or when a pod runs, and those that a mesh writes as long as it is there. */
const FRAGILE_KEYS =
  /^(topology|failure-domain\.beta)\.kubernetes\.io\/|^(topology|security|service|sidecar)\.istio\.io\/|^linkerd\.io\/(proxy-|workload-ns$|control-plane-ns$)|^spark-app-selector$|^spark-app-name$|^workflows\.argoproj\.io\/workflow$/;

/** `role`, `spilo-role`, `cnpg.io/instanceRole`: with one of these values it goes to another pod when that one takes over. */
const ROLE_KEY = /(^|[./_-])[a-z]*role$/i;
const MOVING_ROLE =
  /^(primary|master|leader|replica|slave|secondary|follower|active|passive|(sync_|hot_)?standby(_leader)?)$/i;

/** Keys that name the release of a thing: another label with the same value names it too. */
const RELEASE_KEY = /(^|[/._-])(revision|pipelinerun|taskrun)$/i;

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

/** Beside it stands a name with something counted up: `db-1` of `db`. */
const isOrdinal = (value: string, name: string): boolean =>
  value.startsWith(`${name}-`) && /^\d+$/.test(value.slice(name.length + 1));

/**
 * What an upgrade, a run or another place of the pods changes: taken only where nothing else tells a workload apart. `name` is the
 * workload's: what adds a run to it is of that run.
 */
const isFragile = (key: string, value: string, name: string): boolean =>
  isFragileKey(key) ||
  runStem(value) === name ||
  isOrdinal(value, name) ||
  [VERSION, HASH, SUFFIX, TIME].some(pattern => pattern.test(value));

const movesOn = (key: string, value: string): boolean =>
  ROLE_KEY.test(key) && MOVING_ROLE.test(value);

/**
 * The keys of the labels of a workload of that name that outlive an upgrade, a run, a move and a failover.
 * @param asked what the workload's own selector asks for: a role among these stays
 */
export function lastsOf(labels: Labels, name: string, asked: Labels = {}): readonly string[] {
  const keys = Object.keys(labels);
  const releases = new Set(keys.filter(key => RELEASE_KEY.test(key)).map(key => labels[key]));
  return keys.filter(key => {
    const value = labels[key] ?? '';
    if (isFragile(key, value, name) || releases.has(value)) return false;
    return !movesOn(key, value) || asked[key] === value;
  });
}
