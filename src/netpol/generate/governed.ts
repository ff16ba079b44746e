import { selects } from '../compile/select.js';
import type { Facts, PodFact } from '../facts.js';
import type { Policy } from '../policy.js';

/** Keys of the workloads that a NetworkPolicy selects: of each the key of the fact that speaks for it. */
export function workloadsGoverned(facts: Facts, { namespace, subject }: Policy): readonly string[] {
  const chosen = facts.pods.filter(
    pod =>
      subject.namespaces === null &&
      pod.namespace === namespace &&
      !pod.hostNetwork &&
      selects(subject.pods, pod.labels),
  );
  return [...new Set(chosen.map(({ key, memberOf }: PodFact) => memberOf ?? key))];
}
