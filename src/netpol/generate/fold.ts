import { counted } from '../counted.js';
import type { PodFact } from '../facts.js';
import { Direction, type Protocol } from '../policy.js';
import type { Problem } from '../problem.js';
import { type PortDraft, portKey, type RuleDraft, RuleOrigin, tidyPorts } from './draft.js';
import { warning } from './warning.js';

/** Ports of one peer from this many on are more than a service has. */
const MANY_PORTS = 5;
const LOWEST_DYNAMIC = 1024;
/** Ports from here on are what clients get; a rule with one is most often a mistake. */
const LOWEST_EPHEMERAL = 32_768;

/** Labels that the pods of one job share, as operators of training and of data processing write them; their values name the job. */
const JOB_LABELS = [
  'training.kubeflow.org/job-name',
  'pytorch-job-name',
  'tf-job-name',
  'mpi-job-name',
  'jobset.sigs.k8s.io/jobset-name',
  'volcano.sh/job-name',
  'ray.io/cluster',
  'leaderworkerset.sigs.k8s.io/name',
  'spark-app-selector',
  'sparkoperator.k8s.io/app-name',
  'dask.org/cluster-name',
  'workload-type',
];

/** Flink labels all parts of a job with its name as `app`, and says that it did so. */
const isFlink = ({ labels }: PodFact): boolean => (labels['type'] ?? '').startsWith('flink-');

const isOneFlinkJob = (one: PodFact, other: PodFact): boolean =>
  isFlink(one) && isFlink(other) && one.labels['app'] === other.labels['app'];

/** Values of `workload-type` whose pods talk on whatever port comes next. */
const isTrainingLabel = (key: string, value: string): boolean =>
  key !== 'workload-type' || value === 'training';

/** Whether two workloads are parts of one job: NCCL, Spark's block managers, Flink's data ports and the like are new for each run. */
export const isOneJob = (one: PodFact, other: PodFact): boolean =>
  one.namespace === other.namespace &&
  (isOneFlinkJob(one, other) ||
    JOB_LABELS.some(key => {
      const value = one.labels[key];
      return value !== undefined && value === other.labels[key] && isTrainingLabel(key, value);
    }));

const portText = ({ protocol, port }: PortDraft): string => `${protocol} ${port}`;

type Known = { readonly declared: ReadonlySet<string>; readonly isJob: boolean };

const isEphemeral = ({ port }: PortDraft): boolean => port !== null && port >= LOWEST_EPHEMERAL;

/** Undeclared ports by protocol, where they are many; between parts of one job one that the system handed out is enough. */
const dynamicPorts = (
  { ports }: RuleDraft,
  { declared, isJob }: Known,
): ReadonlyMap<Protocol, readonly PortDraft[]> => {
  const dynamic = ports.filter(
    port => port.port !== null && port.port >= LOWEST_DYNAMIC && !declared.has(portKey(port)),
  );
  const many = [...Map.groupBy(dynamic, ({ protocol }) => protocol)];
  return new Map(
    many.filter(([, same]) => same.length >= MANY_PORTS || (isJob && same.some(isEphemeral))),
  );
};

const sideText = ({ direction }: RuleDraft, own: string, title: string): string =>
  direction === Direction.INGRESS ? `\`${title}\` to \`${own}\`` : `\`${own}\` to \`${title}\``;

/** `11 TCP ports were used, 8 of which no container or Service declares`. */
function manyText({ ports }: RuleDraft, wanted: Protocol, declared: ReadonlySet<string>): string {
  const all = ports.filter(({ protocol }) => protocol === wanted);
  const undeclared = all.filter(port => !declared.has(portKey(port))).length;
  const which = undeclared === all.length ? 'which' : `${undeclared} of which`;
  return `${all.length} ${wanted} ports were used, ${which} no container or Service declares`;
}

type Folded = { readonly draft: RuleDraft; readonly problems: readonly Problem[] };

/**
 * Many undeclared ports of one peer become every port of the protocol where both ends are one job, as a stated
 * reading; elsewhere they may be a scan or replies that were taken for requests, and each stays the one port that was seen.
 * `declared`: ports that a container or Service names, which do not count.
 */
export function foldPorts(draft: RuleDraft, own: string, known: Known): Folded {
  if (draft.origin !== RuleOrigin.OBSERVED) return { draft, problems: [] };
  const { declared, isJob } = known;
  const many = dynamicPorts(draft, known);
  const between = sideText(draft, own, draft.title);
  const ephemeral = draft.ports.filter(
    port => isEphemeral(port) && !declared.has(portKey(port)) && !many.has(port.protocol),
  );
  const problems = [
    ...[...many].map(([protocol, ports]) =>
      isJob
        ? warning(
            'DYNAMIC_PORTS',
            `${between}: ${counted(ports.length, 'undeclared port was', 'undeclared ports were')} used inside one job, which takes new ones for each run; the rule opens every ${protocol} port between them`,
            'declare the container ports where they are fixed',
          )
        : warning(
            'MANY_PORTS',
            `${between}: ${manyText(draft, protocol, declared)}; the rule opens these and no other`,
            'find out whether somebody scans, or whether replies were taken for requests; a service that takes a new port for each run needs a rule of your own',
          ),
    ),
    ...ephemeral.map(port =>
      warning(
        'EPHEMERAL_PORT',
        `the rule of \`${own}\` for \`${draft.title}\` opens ${portText(port)}, which no container or Service declares`,
        'check that it is not the reply of a connection',
      ),
    ),
  ];
  if (!isJob || many.size === 0) return { draft, problems };
  const whole = [...many.keys()].map(protocol => ({ protocol, port: null }));
  return { draft: { ...draft, ports: tidyPorts([...draft.ports, ...whole]) }, problems };
}
