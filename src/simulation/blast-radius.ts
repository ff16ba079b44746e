import type { Caller } from '../access/caller.js';
import {
  type BlastQuestion,
  type BlastRadius,
  blastRadius,
  compile,
  connectivityMap,
  type Facts,
  formatMapPeer,
  type PodFact,
  peerResolver,
  withTwins,
} from '../netpol/index.js';
import { matchesLabels } from '../query/label-match.js';
import type { LabelSelector } from '../query/label-selector.js';
import { type SimulatedThenStores, simulatedThen } from './explain-simulated.js';
import type { ReplayStore } from './replay.store.js';
import type { SimulationKey } from './simulation.js';

export type BlastInput = {
  /** Text of a workload; null: nobody. */
  readonly compromised: string | null;
  /** Labels of pods; null: nobody. */
  readonly sensitive: LabelSelector | null;
};

export type BlastStores = SimulatedThenStores & {
  readonly simulationRuns: Pick<ReplayStore, 'enteredFromOutside'>;
};

export type BlastOutcome =
  | { readonly before: BlastRadius; readonly after: BlastRadius }
  | { readonly fault: string };

const textOf = ({ namespace, workload: { kind, name } }: PodFact): string =>
  formatMapPeer({ kind: 'workload', namespace, name, workloadKind: kind });

const isEntrance = ({ type, externalIps }: Facts['services'][number]): boolean =>
  type === 'NodePort' || type === 'LoadBalancer' || externalIps.length > 0;

/** Workloads behind a Service that is reached from outside, and those to which something from outside came. */
function entrancesOf({ pods, services }: Facts, entered: ReadonlySet<string>): ReadonlySet<string> {
  const open = services.filter(isEntrance);
  const isBehind = (pod: PodFact): boolean =>
    open.some(
      ({ namespace, selector }) =>
        selector !== null &&
        Object.keys(selector).length > 0 &&
        namespace === pod.namespace &&
        Object.entries(selector).every(([key, value]) => pod.labels[key] === value),
    );
  const isOpen = (pod: PodFact) => entered.has(pod.memberOf ?? pod.key) || isBehind(pod);
  return new Set(pods.filter(isOpen).map(textOf));
}

/** The workload that a text names, as maps write it; a fault where it names none. */
function workloadOf(facts: Facts, text: string): string | { readonly fault: string } {
  const found = peerResolver(facts, null)(text);
  if ('fault' in found) return found;
  const { endpoint } = found;
  const pod = endpoint.kind === 'pod' ? facts.pods.find(({ key }) => key === endpoint.key) : null;
  return pod ? textOf(pod) : { fault: `\`${text}\` is no workload` };
}

/**
 * How far one gets before and after a candidate, along what policies allow: from workloads with an entrance from outside, and
 * from one that is taken for compromised. Null where the candidate was not kept.
 */
export async function simulatedBlastRadius(
  stores: BlastStores,
  caller: Caller,
  key: SimulationKey,
  { compromised, sensitive }: BlastInput,
): Promise<BlastOutcome | null> {
  const then = await simulatedThen(stores, caller, key);
  if (then === null) return null;
  const { live, after, modes } = then;
  const start = compromised === null ? null : workloadOf(live.known, compromised);
  if (start !== null && typeof start !== 'string') return start;
  const entered = new Set(await stores.simulationRuns.enteredFromOutside(key.clusterId));
  const isSensitive = (pod: PodFact) => sensitive !== null && matchesLabels(sensitive, pod.labels);
  const question: BlastQuestion = {
    entrances: entrancesOf(live.known, entered),
    compromised: start,
    sensitive: new Set(live.known.pods.filter(isSensitive).map(textOf)),
  };
  return {
    before: blastRadius(connectivityMap(live.compiled), question),
    after: blastRadius(connectivityMap(compile(withTwins(live.facts), after, modes)), question),
  };
}
