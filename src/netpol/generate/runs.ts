import type { Facts, PodFact } from '../facts.js';
import type { Endpoint } from '../verdict.js';
import type { ObservedFlow } from './evidence.js';
import { isPassing, lastsOf } from './passing-labels.js';
import { runStem } from './run-stem.js';

/** Kinds that run once and are gone: the next run of the same thing is another object with another name. */
const RUNS = /^(?!Cron)(.*(Job|Run|Workflow)|Pod|SparkApplication|JobSet)$/;

/** `build-unit` of `build-x7k2p-unit` where a label names the run `build-x7k2p`. */
function partOfRun({ workload: { name }, labels }: PodFact): string | null {
  const runs = Object.values(labels).filter(value => name.startsWith(`${value}-`));
  const [run] = runs.toSorted((one, other) => other.length - one.length);
  const stem = run === undefined ? null : runStem(run);
  return run === undefined || stem === null ? null : `${stem}${name.slice(run.length)}`;
}

/** Knative makes a Deployment for each revision of a configuration. */
const revisedName = ({ labels }: PodFact): string | null =>
  labels['serving.knative.dev/revision'] === undefined
    ? null
    : (labels['serving.knative.dev/configuration'] ?? null);

/** What the runs of one thing are called; null: the workload stays, or its name tells no run. */
const stemOf = (pod: PodFact): string | null =>
  RUNS.test(pod.workload.kind) ? (partOfRun(pod) ?? runStem(pod.workload.name)) : revisedName(pod);

/** What is generated from, with all runs of one thing as one workload of their common name. */
export type Seen = {
  readonly facts: Facts;
  readonly subjects: readonly string[];
  readonly flows: readonly ObservedFlow[];
  readonly seen: ReadonlySet<string>;
};

/** Whether some label that lasts stands on all of them. */
function shareLabel(pods: readonly PodFact[], stem: string): boolean {
  const [first, ...others] = pods;
  const labels = first?.labels ?? {};
  return lastsOf(labels, stem).some(
    key => !isPassing(key) && others.every(pod => pod.labels[key] === labels[key]),
  );
}

/** The key of the pod that speaks for the thing, by the keys of all of its runs. */
function speakersOf(facts: Facts): ReadonlyMap<string, PodFact> {
  const taken = new Set(
    facts.pods
      .filter(pod => stemOf(pod) === null)
      .map(({ namespace, workload }) => `${namespace} ${workload.kind} ${workload.name}`),
  );
  const runs = facts.pods.filter(({ memberOf }) => memberOf === undefined);
  const groups = Map.groupBy(
    runs,
    pod => `${pod.namespace} ${pod.workload.kind} ${stemOf(pod) ?? ''}`,
  );
  const speakers = new Map<string, PodFact>();
  for (const [group, same] of groups) {
    const [first] = same.toSorted((one, other) => (one.key < other.key ? -1 : 1));
    if (first === undefined || stemOf(first) === null || taken.has(group)) continue;
    if (!shareLabel(same, stemOf(first) ?? '')) continue;
    for (const { key } of same) speakers.set(key, first);
  }
  return speakers;
}

const asOne = (pod: PodFact, speakers: ReadonlyMap<string, PodFact>): PodFact => {
  const speaker = speakers.get(pod.memberOf ?? pod.key);
  const stem = speaker === undefined ? null : stemOf(speaker);
  if (speaker === undefined || stem === null) return pod;
  const workload = { ...pod.workload, name: stem };
  return pod.key === speaker.key
    ? { ...pod, workload }
    : { ...pod, workload, memberOf: speaker.key };
};

/**
 * All runs of a job as one workload, so that its policy holds for the next run: workloads of one namespace and of one kind that runs once,
 * whose names differ by what a run adds (a time, a number, random letters), and the revisions of a Service of Knative. Their labels are those that
 * all runs share.
 */
export function withRunsAsOne({ facts, subjects, flows, seen }: Seen): Seen {
  const speakers = speakersOf(facts);
  if (speakers.size === 0) return { facts, subjects, flows, seen };
  const keyOf = (key: string): string => speakers.get(key)?.key ?? key;
  const endOf = (end: Endpoint, name: string) => {
    const speaker = end.kind === 'pod' ? speakers.get(end.key) : undefined;
    if (speaker === undefined) return { end, name };
    return {
      end: { ...end, key: speaker.key },
      name: `${speaker.namespace}/${stemOf(speaker) ?? ''}`,
    };
  };
  return {
    facts: { ...facts, pods: facts.pods.map(pod => asOne(pod, speakers)) },
    subjects: [...new Set(subjects.map(keyOf))],
    seen: new Set([...seen].map(keyOf)),
    flows: flows.map(flow => {
      const source = endOf(flow.source, flow.names.source);
      const destination = endOf(flow.destination, flow.names.destination);
      return {
        ...flow,
        source: source.end,
        destination: destination.end,
        names: { source: source.name, destination: destination.name },
      };
    }),
  };
}
