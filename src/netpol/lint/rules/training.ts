import type { PodFact } from '../../facts.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Protocol } from '../../policy.js';
import { Severity } from '../../problem.js';
import { twinOf } from '../../twin.js';
import type { Workload } from '../inventory.js';
import { ofPod } from '../on.js';
import { connectionOf, isDenied, podEnd } from '../probe.js';
import { isSelectable, type LintContext, type LintRule } from '../rule.js';

/** Labels by which operators mark the pods of one distributed job. */
const JOB_LABELS = [
  'training.kubeflow.org/job-name',
  'jobset.sigs.k8s.io/jobset-name',
  'leaderworkerset.sigs.k8s.io/name',
  'volcano.sh/job-name',
  'ray.io/cluster',
] as const;

const JOB_KINDS: ReadonlySet<string> = new Set([
  'PyTorchJob',
  'MPIJob',
  'TFJob',
  'XGBoostJob',
  'PaddleJob',
  'TrainJob',
  'JobSet',
  'LeaderWorkerSet',
  'RayCluster',
  'RayJob',
]);

/**
 * Linux' `ip_local_port_range` as shipped. NCCL listens on ports that the kernel picks from it, for
 * its bootstrap and for its sockets, so a policy must open all of it between the pods of a job.
 */
const DYNAMIC_PORTS = { from: 32_768, to: 60_999 } as const;

const jobOf = ({ namespace, labels, workload }: PodFact): string | null => {
  const label = JOB_LABELS.find(key => labels[key] !== undefined);
  if (label !== undefined) return `${namespace}/${labels[label]}`;
  return JOB_KINDS.has(workload.kind) ? `${namespace}/${workload.name}` : null;
};

export const dynamicPortsCut: LintRule = {
  id: 'training-ports-cut',
  severity: Severity.WARNING,
  description:
    'Pods of a distributed training job that cannot reach each other on NCCL’s dynamic ports',
  check: context => {
    const jobs = Map.groupBy(
      context.inventory.workloads.filter(({ pod }) => isSelectable(context, pod)),
      ({ pod }) => jobOf(pod),
    );
    const members = [...jobs].flatMap(([job, workloads]) =>
      job === null ? [] : [{ job, workloads }],
    );
    if (members.length === 0) return [];
    const twins = new Map(
      members.flatMap(({ workloads }) => workloads.map(({ pod }) => [pod, twinOf(pod)] as const)),
    );
    const probe = context.probeWith([...twins.values()]);
    return members.flatMap(({ job, workloads }) => {
      const cut = cutPair({ probe }, workloads, twins);
      return cut === null
        ? []
        : {
            on: workloads.slice(0, 1).map(({ pod }) => ofPod(pod)),
            message: `the pods of training job \`${job}\` cannot reach each other on TCP ${DYNAMIC_PORTS.from}-${DYNAMIC_PORTS.to}: ${cut}`,
            hint: 'allow all TCP ports between the pods of the job, or fix NCCL’s ports by `net.ipv4.ip_local_port_range`',
          };
    });
  },
};

/** The first pair that is closed on the first or the last of the ports. */
const cutPair = (
  { probe }: Pick<LintContext, 'probe'>,
  workloads: readonly Workload[],
  twins: ReadonlyMap<PodFact, PodFact>,
): string | null => {
  for (const { pod: source } of workloads) {
    for (const { pod } of workloads) {
      const destination = twins.get(pod) ?? pod;
      const closed = [DYNAMIC_PORTS.from, DYNAMIC_PORTS.to].find(port =>
        isDenied(
          probe(
            connectionOf(podEnd(source), podEnd(destination), { port, protocol: Protocol.TCP }),
          ),
        ),
      );
      if (closed !== undefined) {
        return `\`${workloadNameOf(source)} => ${workloadNameOf(pod)}\` is closed on port ${closed}`;
      }
    }
  }
  return null;
};
