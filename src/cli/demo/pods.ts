import { chanceOf, safeText } from './chance.js';
import { WORKLOADS } from './cluster.js';
import { type DemoPod, type DemoWorkload, nodeAt, workloadKey } from './workload.js';

/** The ReplicaSet of a Deployment. */
export const replicaSetName = (workload: DemoWorkload): string =>
  `${workload.name}-${safeText(chanceOf(`replicas ${workloadKey(workload)}`), 9)}`;

const suffix = (workload: DemoWorkload, index: number): string =>
  safeText(chanceOf(`pod ${workloadKey(workload)} ${index}`), 5);

/** CronJob names its Jobs by the minute since 1970 for which they are scheduled. */
export const jobName = ({ name }: DemoWorkload, at: number): string =>
  `${name}-${Math.floor(at / 60_000)}`;

/** The pod of the Job that starts then. */
export const jobPodName = (workload: DemoWorkload, at: number): string =>
  `${jobName(workload, at)}-${suffix(workload, Math.floor(at / 60_000))}`;

const podName = (workload: DemoWorkload, index: number): string => {
  switch (workload.kind) {
    case 'StatefulSet':
      return `${workload.name}-${index}`;
    case 'DaemonSet':
      return `${workload.name}-${suffix(workload, index)}`;
    default:
      return `${replicaSetName(workload)}-${suffix(workload, index)}`;
  }
};

const runningPods = (): readonly DemoPod[] => {
  const wanted = WORKLOADS.filter(({ kind }) => kind !== 'CronJob').flatMap(workload =>
    Array.from({ length: workload.replicas }, (_, index) => ({ workload, index })),
  );
  return wanted.map(({ workload, index }, place) => {
    const node = workload.kind === 'DaemonSet' ? index : place;
    const { ip, podCidr } = nodeAt(node);
    const address = podCidr.replace('.0/24', `.${10 + place}`);
    return {
      workload,
      name: podName(workload, index),
      ip: workload.hostNetwork ? ip : address,
      node: node % 3,
    };
  });
};

/** All pods that run the whole time, CronJobs' aside. */
export const PODS: readonly DemoPod[] = runningPods();

const byWorkload = Map.groupBy(PODS, ({ workload }) => workloadKey(workload));

/** @param key `namespace/name` */
export const podsOf = (key: string): readonly DemoPod[] => byWorkload.get(key) ?? [];

const workloads = new Map(WORKLOADS.map(workload => [workloadKey(workload), workload]));

/** @throws RangeError for a name that the cluster has not */
export const workloadNamed = (key: string): DemoWorkload => {
  const found = workloads.get(key);
  if (found === undefined) throw new RangeError(`no workload \`${key}\` in the demonstration`);
  return found;
};
