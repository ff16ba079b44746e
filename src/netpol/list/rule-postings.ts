import type { CompiledRule, PodPeer } from '../compile/compiled-rule.js';
import type { ControllerPod } from '../decide/party.js';
import { type Labels, type Selector, SelectorOperator } from '../labels.js';

type Postings = Map<string, Set<number>>;

/** U+0000 can be in no label. */
const keyOf = (key: string, value: string): string => `${key}\0${value}`;

/** The labels of which a selector asks for one. Null: it can be met without any. */
function labelsAsked({ requirements }: Selector): readonly string[] | null {
  const listed = requirements.find(({ operator }) => operator === SelectorOperator.IN);
  return listed === undefined ? null : listed.values.map(value => keyOf(listed.key, value));
}

const add = (postings: Postings, keys: readonly string[], place: number): void => {
  for (const key of keys) postings.set(key, (postings.get(key) ?? new Set()).add(place));
};

const under = (postings: Postings, labels: Labels): readonly number[] =>
  Object.entries(labels).flatMap(([key, value]) => [...(postings.get(keyOf(key, value)) ?? [])]);

/**
 * Places of the rules that may select a pod by its labels and those of its namespace, sorted; no other rule does. Of the hundreds
 * of rules of a generated policy each names one workload by its labels.
 */
export function rulePostings(
  rules: readonly CompiledRule[],
): (pod: ControllerPod) => readonly number[] {
  const [byPod, byNamespace]: readonly [Postings, Postings] = [new Map(), new Map()];
  const loose: number[] = [];
  const post = ({ pods, namespaces }: PodPeer, place: number): void => {
    const ofPod = labelsAsked(pods);
    const ofNamespace = namespaces && labelsAsked(namespaces);
    if (ofPod !== null) add(byPod, ofPod, place);
    else if (ofNamespace !== null) add(byNamespace, ofNamespace, place);
    else loose.push(place);
  };
  for (const [place, { everyone, allPods, pods }] of rules.entries()) {
    if (everyone || allPods) loose.push(place);
    else for (const peer of pods) post(peer, place);
  }
  return ({ labels, namespaceLabels }) =>
    [...new Set([...loose, ...under(byPod, labels), ...under(byNamespace, namespaceLabels)])].sort(
      (one, other) => one - other,
    );
}
