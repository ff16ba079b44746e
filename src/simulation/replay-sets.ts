import { type InForceStores, inForceBefore } from '../enforcement/in-force.js';
import type { Evaluated } from '../enforcement/kept-sets.js';
import { type FactsBefore, factsBefore, type Past, podsByDeployment } from '../inventory/past.js';
import {
  type Change,
  type Compiled,
  compile,
  type Modes,
  type PodFact,
  type Policy,
  withChange,
  withTwins,
} from '../netpol/index.js';
import { justBefore } from './replay-times.js';

/** The policies in force and the candidate's, each held against the facts of one time. */
export type Sets = { readonly before: Compiled; readonly after: Compiled };

export type ReplayedSets = {
  /** With the labels of deployments and namespaces just before a moment, all else as it is now. */
  ofPods(moment: string): Sets;
  /** With all that is known of the cluster just before a moment. */
  ofCluster(moment: string): Promise<Sets>;
};

type Live = {
  readonly clusterId: number;
  readonly live: Evaluated;
  readonly after: readonly Policy[];
  readonly modes: Modes;
  readonly sets: Sets;
};

const isSamePods = (one: readonly PodFact[], other: readonly PodFact[]): boolean =>
  one.length === other.length && one.every((pod, place) => pod === other[place]);

const twinned = (facts: Evaluated['facts'], pods: readonly PodFact[]): readonly PodFact[] =>
  withTwins({ ...facts, pods }).pods;

type Now = {
  readonly facts: Evaluated['facts'];
  readonly now: ReturnType<typeof podsByDeployment>;
};

/** What changes from one time to another. */
function changeBetween({ facts, now }: Now, was: FactsBefore | null, is: FactsBefore): Change {
  const moved = [...is.pods].filter(
    ([id, pods]) => !isSamePods(pods, was?.pods.get(id) ?? now.get(id) ?? []),
  );
  const put = twinned(
    facts,
    moved.flatMap(([, pods]) => pods),
  );
  const kept = new Set(put.map(({ key }) => key));
  const gone = twinned(
    facts,
    moved.flatMap(([id]) => was?.pods.get(id) ?? now.get(id) ?? []),
  );
  return {
    pods: { put, remove: gone.map(({ key }) => key).filter(key => !kept.has(key)) },
    namespaces: { put: is.namespaces },
  };
}

/** Sets of the past: each is made from the one that was asked for before it, so ask in the order of time. */
export function replayedSets(
  stores: InForceStores,
  past: Past,
  { clusterId, live, after, modes, sets }: Live,
): ReplayedSets {
  let latest: Sets = sets;
  const known: Now = { facts: live.facts, now: podsByDeployment(live.facts) };
  let facts: FactsBefore | null = null;
  return {
    ofPods: moment => {
      const then = factsBefore(past, known, moment);
      const change = changeBetween(known, facts, then);
      latest = {
        before: withChange(latest.before, change),
        after: withChange(latest.after, change),
      };
      facts = then;
      return latest;
    },
    ofCluster: async moment => {
      const then = await inForceBefore(stores, clusterId, live, { at: justBefore(moment), modes });
      return { before: then.compiled, after: compile(withTwins(then.facts), after, modes) };
    },
  };
}
