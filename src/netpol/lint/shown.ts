import { isUndecided } from '../compile/unknown-labels.js';
import { METADATA_NAME, type Selector, SelectorOperator } from '../labels.js';
import type { Peer, Policy } from '../policy.js';
import { nearMiss } from './near-miss.js';
import type { LintContext } from './rule.js';

/** Namespaces that the input shows pods of. */
const withPods = ({ inventory }: LintContext): ReadonlySet<string> =>
  new Set(inventory.workloads.map(({ namespace }) => namespace));

/** Namespaces that a selector names by their name; none where it goes by other labels. */
export const namesAsked = ({ requirements }: Selector): readonly string[] =>
  requirements.flatMap(({ key, operator, values }) =>
    key === METADATA_NAME && operator === 'In' ? values : [],
  );

/**
 * What a peer names may be in the cluster although it is not in the input: a namespace that the input does not show, or
 * shows without pods, or whose labels it does not tell. Never where the input is of a whole cluster.
 */
export function isUnseen(context: LintContext, policy: Policy, peer: Peer): boolean {
  const { facts, inventory } = context;
  if (facts.partial !== true || peer.kind !== 'pods') return false;
  if (inventory.podsOfPeer(policy, peer).length > 0) return false;
  const shown = withPods(context);
  if (peer.namespaces === null) return !shown.has(policy.namespace ?? '');
  const matching = inventory.namespacesMatching(peer.namespaces);
  if (matching.length === 0) return mayBeElsewhere(context, peer.namespaces);
  if (!matching.every(name => shown.has(name))) return true;
  return holdsAnywhere(peer.namespaces) && nearMiss(inventory, policy.namespace, peer) === null;
}

/** Namespaces of which nothing is known may be meant: the selector asks for no label. */
export const holdsAnywhere = ({ requirements }: Selector): boolean =>
  requirements.every(
    ({ operator }) => operator !== SelectorOperator.IN && operator !== SelectorOperator.EXISTS,
  );

/** Of namespaces that go by a label: where objects of namespaces are in the input, it shows what labels there are. */
export function mayBeElsewhere({ facts, inventory }: LintContext, selector: Selector): boolean {
  const names = namesAsked(selector);
  if (names.length > 0) return names.some(name => !inventory.namespaces.has(name));
  const labelled = new Set(facts.namespaces.map(({ name }) => name));
  const unlabelled = new Set([...inventory.namespaces.keys()].filter(name => !labelled.has(name)));
  const labels = inventory.namespaces;
  const undecided = [...unlabelled].some(name =>
    isUndecided({ unlabelled, labels }, name, selector),
  );
  return undecided || labelled.size === 0;
}

/** Some of what a policy's rules name in a direction may be there all the same. */
export const namesUnseen = (
  context: LintContext,
  policy: Policy,
  rules: Policy['ingress'],
): boolean =>
  (rules ?? []).some(({ peers }) => peers?.some(peer => isUnseen(context, policy, peer)) === true);
