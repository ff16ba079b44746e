import { selects } from '../compile/select.js';
import { underAnotherKey } from '../decide/unmet.js';
import type { PodFact } from '../facts.js';
import {
  EVERYTHING,
  isMadeUp,
  type Requirement,
  type Selector,
  SelectorOperator,
  shownValue,
} from '../labels.js';
import { workloadNameOf } from '../peers/workload-name.js';
import type { Policy } from '../policy.js';
import { selectorText } from '../selector-text.js';
import type { Inventory } from './inventory.js';

/** What a pod has in the place of what is asked: `app=db`, or `no label app`. */
const hasInstead = ({ labels }: PodFact, { key }: Requirement): string =>
  Object.hasOwn(labels, key)
    ? `\`${key}=${shownValue(labels[key] ?? '')}\``
    : `no label \`${key}\``;

const isUsable = (pod: PodFact, { key, operator }: Requirement): boolean =>
  operator === SelectorOperator.IN && Object.hasOwn(pod.labels, key);

/** What a pod misses a selector by, and what to do about it. */
type NearMiss = { readonly text: string; readonly hint: string };

const missOf = (pod: PodFact, only: Requirement, has: string): NearMiss => ({
  text: `\`${workloadNameOf(pod)}\` has ${has}, not \`${selectorText({ requirements: [only] })}\``,
  hint: isMadeUp(pod.labels[only.key] ?? '')
    ? `select by a label of the template: \`${only.key}\` is made up anew by what makes the pods`
    : 'write the label that the pods have',
});

/**
 * Of the pods where a selector looks, one that misses it by a single condition: "`shop/web[Deployment]` has `tier=back`, not
 * `tier=front`". Null where none is that near; a selector of one condition is near only to a value of the same label.
 */
export function nearMiss(
  inventory: Inventory,
  own: string | null,
  { namespaces, pods }: { readonly namespaces: Selector | null; readonly pods: Selector },
): NearMiss | null {
  const where = { namespace: own } as Policy;
  const there = inventory.podsOfPeer(where, { kind: 'pods', namespaces, pods: EVERYTHING });
  for (const pod of there) {
    const missed = pods.requirements.filter(
      requirement => !selects({ requirements: [requirement] }, pod.labels),
    );
    const [only] = missed;
    if (only === undefined || missed.length > 1) continue;
    const instead = underAnotherKey([only], pod.labels);
    if (instead !== null) {
      return missOf(pod, only, `\`${instead}\``);
    }
    if (pods.requirements.length === 1 && !isUsable(pod, only)) continue;
    if (pods.requirements.length === 1 && !isLike(pod, only)) continue;
    return missOf(pod, only, hasInstead(pod, only));
  }
  return null;
}

/** `App=web` for `app=web`, `webb` for `web`, and any value for one that is made up: what was hardly meant otherwise. */
const isLike = ({ labels }: PodFact, { key, values }: Requirement): boolean => {
  if (isMadeUp(labels[key] ?? '')) return true;
  const has = (labels[key] ?? '').toLowerCase();
  return values.some(value => {
    const wanted = value.toLowerCase();
    return has === wanted || has.startsWith(wanted) || wanted.startsWith(has);
  });
};
