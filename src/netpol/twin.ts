import type { Facts, PodFact } from './facts.js';
import type { Connection, Endpoint } from './verdict.js';

const MARK = ' twin';

export const twinKey = (key: string): string => `${key}${MARK}`;

/** A second pod of the same workload. Its address is not known. */
export const twinOf = (pod: PodFact): PodFact => ({
  ...pod,
  key: twinKey(pod.key),
  addresses: [],
  ...(pod.memberOf !== undefined && { memberOf: twinKey(pod.memberOf) }),
});

/** Whether two facts are one that stands for a single pod, and its twin. */
export const isSamePod = (one: PodFact, other: PodFact): boolean =>
  one.alone === true && twinKey(one.key) === other.key;

/**
 * Where one fact stands for all pods of a workload, and "a pod cannot block access to itself", traffic between two
 * of them needs a second pod to go to.
 */
export const withTwins = (facts: Facts): Facts => ({
  ...facts,
  pods: [...facts.pods, ...facts.pods.map(twinOf)],
});

/** A connection of a pod's fact to itself as one between two pods; `withTwins` knows both. */
export function betweenPods<C extends Pick<Connection, 'source' | 'destination'>>(asked: C): C {
  const { source, destination } = asked;
  const same =
    source.kind === 'pod' && destination.kind === 'pod' && source.key === destination.key;
  return same ? { ...asked, destination: { kind: 'pod', key: twinKey(source.key) } } : asked;
}

export const isTwin = (end: Endpoint): boolean => end.kind === 'pod' && end.key.endsWith(MARK);
