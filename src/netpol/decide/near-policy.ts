import { type Compiled, ofState } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { CompiledPolicy } from '../compile/program.js';
import { selects } from '../compile/select.js';
import { isMadeUp, isTellingValue, type Labels, SelectorOperator } from '../labels.js';
import { Direction, type Policy, Tier } from '../policy.js';
import { selectorText } from '../selector-text.js';
import { unmet, unmetText } from './unmet.js';

const sectionOf = (direction: Direction): 'ingress' | 'egress' =>
  direction === Direction.INGRESS ? 'ingress' : 'egress';

/** Rules that policyTypes leave out, so that they say nothing. */
function hasIgnoredRules({ document }: Policy, direction: Direction): boolean {
  const written = document as { readonly spec?: Readonly<Record<string, unknown>> | null } | null;
  const rules = written?.spec?.[sectionOf(direction)];
  return Array.isArray(rules) && rules.length > 0;
}

const selectsNobody = ({ policy, subjects }: CompiledPolicy): boolean =>
  subjects.length === 0 && policy.subject.pods.requirements.length > 0;

/** NetworkPolicies that hardly do what was meant: they select no pod at all, or have rules that are ignored. */
const suspects = ofState(({ engine }) => {
  const policies = engine.policies.filter(({ policy }) => policy.tier === Tier.NETWORK_POLICY);
  const ignoredIn = (direction: Direction) =>
    policies.filter(
      ({ policy, rules }) => rules[direction] === null && hasIgnoredRules(policy, direction),
    );
  return {
    idle: policies.filter(selectsNobody),
    ignored: { INGRESS: ignoredIn(Direction.INGRESS), EGRESS: ignoredIn(Direction.EGRESS) },
  };
});

const nameOf = ({ namespace, name }: Policy): string => `NetworkPolicy \`${namespace}/${name}\``;

/** `app=web` is hardly meant for a pod without `app`, unless `web` stands in another of its labels. */
function isLikely(labels: Labels, { subject }: Policy): boolean {
  const missed = unmet(subject.pods.requirements, labels);
  const [only] = missed;
  if (only === undefined || missed.length > 1 || only.operator !== SelectorOperator.IN)
    return false;
  const values = Object.values(labels)
    .filter(isTellingValue)
    .map(value => value.toLowerCase());
  return (
    subject.pods.requirements.length > 1 ||
    only.values.some(value => values.includes(value.toLowerCase()))
  );
}

function idleMiss({ namespace, labels }: PodClass, policy: Policy): string | null {
  const selector = `\`${selectorText(policy.subject.pods)}\``;
  if (policy.namespace !== namespace) {
    return selects(policy.subject.pods, labels)
      ? `selects ${selector} in namespace \`${policy.namespace}\`, where no such pod is; these are in \`${namespace}\``
      : null;
  }
  const missed = unmet(policy.subject.pods.requirements, labels);
  if (!isLikely(labels, policy)) return null;
  const [first] = missed;
  if (first !== undefined && isMadeUp(labels[first.key] ?? ''))
    return `selects ${selector}; the value of \`${first.key}\` is made up when pods are made, and not known of this one: the policy selects it where it is the same`;
  const instead = Object.entries(labels).find(([, value]) => missed[0]?.values.includes(value));
  const other = instead === undefined ? '' : `, but \`${instead.join('=')}\``;
  return `selects ${selector}, which no pod has; this one has ${unmetText(missed, labels)}${other}`;
}

/**
 * Of a pod that no policy selects in a direction: the NetworkPolicy that was probably meant to, and why it does not. Null where none
 * is that near: a policy that selects other pods is taken to be meant for them.
 */
export function nearestPolicy(
  compiled: Compiled,
  podClass: PodClass,
  direction: Direction,
): string | null {
  const { idle, ignored } = suspects(compiled);
  const silent = ignored[direction].find(({ subjects }) => subjects.includes(podClass.id));
  if (silent !== undefined) {
    const section = sectionOf(direction);
    return `${nameOf(silent.policy)} selects it and has ${section} rules, but its policyTypes leave out ${section === 'ingress' ? 'Ingress' : 'Egress'}, so that they are ignored`;
  }
  for (const { policy, rules } of idle) {
    const miss = rules[direction] === null ? null : idleMiss(podClass, policy);
    if (miss !== null) return `${nameOf(policy)} ${miss}`;
  }
  return null;
}
