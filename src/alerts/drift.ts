import { AlertRule, PeerGroup } from './alert.js';
import type { Watched } from './alert-raise.store.js';
import {
  type ClusterAlert,
  clusterAlertBy,
  clusterAlertId,
  rulesAbout,
  type Subject,
} from './cluster-alert.js';
import { meaningOfRecord, meaningOfYaml, policyLabel } from './policy-text.js';
import type { ExpectedPolicy } from './policy-watch.store.js';

/** A set that was in force, and what is not as it has it. */
export type Drifted = {
  /** Of its alert. */
  readonly id: string;
  /** Labels of policies. */
  readonly others: readonly string[];
  /** Null: nothing is other, or no rule is about it. */
  readonly alert: ClusterAlert | null;
};

/** What became of a policy of a set; null: it is in force as the set has it. */
function becameOf(policy: ExpectedPolicy): 'gone' | 'other' | null {
  if (!policy.isLive) return 'gone';
  if (policy.yaml === null) return null;
  const live = meaningOfRecord({ ...policy, document: policy.live, yaml: '' });
  return live === meaningOfYaml(policy.yaml) ? null : 'other';
}

/** The namespace that all of it is in; null: several, or none. */
function namespaceOf(policies: readonly Pick<ExpectedPolicy, 'namespace'>[]): string | null {
  const [only = null, ...more] = new Set(policies.map(({ namespace }) => namespace));
  return more.length === 0 ? only : null;
}

const MOST_NAMED = 3;

function textOf(set: SetOf, others: readonly Other[]): string {
  const named = others.slice(0, MOST_NAMED).map(([label, became]) => `\`${label}\` is ${became}`);
  const more = others.length - named.length;
  const all = more === 0 ? named : [...named, `and ${more} more are not as they were`];
  return `set \`${set.setName}\`, version ${set.version}, was in force from \`${set.inForceAt}\` on: ${all.join(', ')}`;
}

/** A policy that is not as its set has it: its label, and what became of it. */
export type Other = readonly [label: string, became: 'gone' | 'other'];

type SetOf = Pick<ExpectedPolicy, 'setId' | 'setName' | 'scope' | 'version' | 'inForceAt'>;

/**
 * The alert of a set that was in force; null: nothing is other, or no rule is about it.
 * @param policies all of the set
 */
export function driftAlert(
  watched: Pick<Watched, 'name' | 'rules'>,
  set: SetOf,
  policies: readonly Pick<ExpectedPolicy, 'namespace'>[],
  { others, at }: { readonly others: readonly Other[]; readonly at: string },
): ClusterAlert | null {
  const subject = subjectOf(set, policies);
  const rules = others.length === 0 ? [] : rulesAbout(watched, AlertRule.DRIFT, subject);
  return clusterAlertBy(rules, {
    subject,
    message: textOf(set, others),
    occurrences: others.length,
    adds: false,
    firstOccurredAt: at,
    lastOccurredAt: at,
    leadId: null,
  });
}

const subjectOf = (
  { setId, setName, scope }: SetOf,
  policies: readonly Pick<ExpectedPolicy, 'namespace'>[],
): Subject => ({
  kind: PeerGroup.POLICY_SET,
  key: `${setName} ${scope}`,
  name: setName,
  namespace: namespaceOf(policies),
  id: setId,
});

type Found = { readonly set: ExpectedPolicy; readonly policies: readonly ExpectedPolicy[] };

function driftedOf(watched: Watched, { set, policies }: Found, at: string): Drifted {
  const others = policies.flatMap((policy): readonly Other[] => {
    const became = becameOf(policy);
    return became === null ? [] : [[policyLabel(policy), became]];
  });
  return {
    id: clusterAlertId(subjectOf(set, policies)),
    others: others.map(([label]) => label),
    alert: driftAlert(watched, set, policies, { others, at }),
  };
}

/**
 * The sets that were in force held against the policies that are, and the sets that are found in force for the first time: these take
 * the place of earlier versions.
 * @param expected in the order of names and versions
 */
export function driftOf(
  watched: Watched,
  expected: readonly ExpectedPolicy[],
  at: string,
): { readonly drifts: readonly Drifted[]; readonly nowInForce: readonly string[] } {
  const bySet = Map.groupBy(expected, ({ setId }) => setId);
  const found = [...bySet.values()].flatMap(policies =>
    policies[0] === undefined ? [] : [{ set: policies[0], policies }],
  );
  const nowInForce = found.filter(
    ({ set, policies }) =>
      set.inForceAt === null && policies.every(policy => becameOf(policy) === null),
  );
  const replaced = new Map(nowInForce.map(one => [`${one.set.setName} ${one.set.scope}`, one]));
  const standing = found
    .filter(({ set }) => set.inForceAt !== null)
    .map(one => replaced.get(`${one.set.setName} ${one.set.scope}`) ?? one);
  return {
    drifts: standing.map(one => driftedOf(watched, one, at)),
    nowInForce: nowInForce.map(({ set }) => set.setId),
  };
}
