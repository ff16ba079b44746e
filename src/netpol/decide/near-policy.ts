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
    lost: policies.filter(({ subjects }) => subjects.length === 0),
    ignored: { INGRESS: ignoredIn(Direction.INGRESS), EGRESS: ignoredIn(Direction.EGRESS) },
  };
});

const nameOf = ({ namespace, name }: Policy): string => `NetworkPolicy \`${namespace}/${name}\``;

/** `web` and `web-svc`: one begins with the other, as words do. */
const isAkin = (own: string, wanted: string): boolean =>
  own !== '' && (wanted.startsWith(`${own}-`) || own.startsWith(`${wanted}-`));

/** Where a policy without a namespace went, and no pod is. */
function lostMiss({ engine }: Compiled, { policy, subjects }: CompiledPolicy): string | null {
  const { metadata } = (policy.document ?? {}) as { readonly metadata?: { namespace?: unknown } };
  if (subjects.length > 0 || typeof metadata?.namespace === 'string') return null;
  const { namespace } = policy;
  if (engine.index.registry.classes.some(podClass => podClass.namespace === namespace)) return null;
  return `names no namespace, so that it is in \`${namespace}\`, where no pod is`;
}

/** `app=web` is hardly meant for a pod without `app`, unless `web` stands in another of its labels. A value that is made up may be this one. */
function isLikely(labels: Labels, { subject }: Policy): boolean {
  const missed = unmet(subject.pods.requirements, labels);
  const [only] = missed;
  if (only === undefined || missed.length > 1 || only.operator !== SelectorOperator.IN)
    return false;
  const own = (labels[only.key] ?? '').toLowerCase();
  if (isMadeUp(own) || only.values.some(value => isAkin(own, value.toLowerCase()))) return true;
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
  const { idle, lost, ignored } = suspects(compiled);
  const silent = ignored[direction].find(({ subjects }) => subjects.includes(podClass.id));
  if (silent !== undefined) {
    const section = sectionOf(direction);
    return `${nameOf(silent.policy)} selects it and has ${section} rules, but its policyTypes leave out ${section === 'ingress' ? 'Ingress' : 'Egress'}, so that they are ignored`;
  }
  const misses = [
    ...idle.map(one => ({ one, miss: () => idleMiss(podClass, one.policy) })),
    ...lost.map(one => ({ one, miss: () => lostMiss(compiled, one) })),
  ];
  for (const { one, miss } of misses) {
    const text = one.rules[direction] === null ? null : miss();
    if (text !== null) return `${nameOf(one.policy)} ${text}`;
  }
  return null;
}
