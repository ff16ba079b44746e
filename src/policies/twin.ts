import type { Connection, Facts } from '../netpol/index.js';

const twinKey = (key: string): string => `${key} twin`;

/**
 * A deployment is one fact, and "a pod cannot block access to itself": a flow between two of its pods needs a second
 * pod to go to. Its address is not known, as that of any other pod of the deployment.
 */
export const withTwins = (facts: Facts): Facts => ({
  ...facts,
  pods: [
    ...facts.pods,
    ...facts.pods.map(pod => ({ ...pod, key: twinKey(pod.key), addresses: [] })),
  ],
});

/** A connection of a deployment to itself is one between two of its pods. */
export function betweenPods<C extends Pick<Connection, 'source' | 'destination'>>(asked: C): C {
  const { source, destination } = asked;
  const same =
    source.kind === 'pod' && destination.kind === 'pod' && source.key === destination.key;
  return same ? { ...asked, destination: { kind: 'pod', key: twinKey(source.key) } } : asked;
}
