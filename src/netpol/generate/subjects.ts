import type { Facts, PodFact } from '../facts.js';
import type { ObservedFlow } from './evidence.js';
import type { Subject } from './subject.js';

/** Problems come in the order of flows, and theirs is that of ids. */
const inOrder = (flows: readonly ObservedFlow[]): readonly ObservedFlow[] =>
  flows.toSorted((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));

/** A workload's facts may be several pods: the first speaks for them, and flows of all count. */
export function subjectsOf(
  facts: Facts,
  subjects: readonly string[],
  flows: readonly ObservedFlow[],
): readonly Subject[] {
  const wanted = new Set(subjects);
  const touching = new Map<string, Set<ObservedFlow>>();
  for (const flow of flows) {
    for (const end of [flow.source, flow.destination]) {
      if (end.kind !== 'pod' || !wanted.has(end.key)) continue;
      const known = touching.get(end.key) ?? new Set();
      touching.set(end.key, known.add(flow));
    }
  }
  const order = ({ namespace, workload }: PodFact): string =>
    `${namespace}/${workload.name}/${workload.kind}`;
  return facts.pods
    .filter(pod => wanted.has(pod.key))
    .toSorted((one, other) => (order(one) < order(other) ? -1 : 1))
    .map(pod => ({ pod, flows: inOrder([...(touching.get(pod.key) ?? [])]) }));
}
