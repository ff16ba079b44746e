import {
  nearestName,
  type Policy,
  type Problem,
  parsePolicies,
  policyKey,
  type Source,
} from '../netpol/index.js';

export type Candidate = {
  /** What would be in force: the live policies with the candidate's in place of their namesakes, without the removed. */
  readonly after: readonly Policy[];
  /** The candidate's own. */
  readonly policies: readonly Policy[];
  /** Live policies that it takes away and puts none in the place of. */
  readonly removed: readonly Policy[];
  readonly problems: readonly Problem[];
};

/** A name to remove is `name`, `namespace/name` or `kind/namespace/name`. */
const isNamed = ({ kind, namespace, name }: Policy, text: string): boolean =>
  [name, `${namespace}/${name}`, `${kind}/${namespace}/${name}`, `${kind}/${name}`].includes(text);

const unknownRemoval = (name: string, nearest: string | null): Problem => ({
  code: 'NOT_FOUND',
  severity: 'WARNING',
  message: `no live policy is named \`${name}\``,
  path: 'remove',
  place: null,
  hint:
    nearest === null
      ? 'write `namespace/name`, as `policies` lists it'
      : `the nearest: \`${nearest}\``,
});

/** Of more unknown names no near ones are looked for: each is held against all that there are. */
const MOST_NEAREST = 20;

const formsOf = (live: readonly Policy[]): readonly string[] =>
  live.flatMap(({ namespace, name }) =>
    namespace === null ? [name] : [name, `${namespace}/${name}`],
  );

/** A candidate that proposes nothing would leave everything as it is: no success, but a wrong file or an empty build. */
const NOTHING_PROPOSED: Problem = {
  code: 'CANDIDATE_EMPTY',
  severity: 'ERROR',
  message: 'the candidate holds no policy that is read here, and takes none away',
  path: null,
  place: null,
  hint: 'give NetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy or ClusterNetworkPolicy objects, or name live policies to remove',
};

/** The policies in force as they are, for questions that propose nothing. */
export const unchanged = (live: readonly Policy[]): Candidate => ({
  after: live,
  policies: [],
  removed: [],
  problems: [],
});

/**
 * A candidate replaces the live policy of the same kind, namespace and name, else adds. One without any policy that takes
 * none away either is an ERROR.
 */
export function candidateOf(
  live: readonly Policy[],
  sources: readonly Source[],
  remove: readonly string[],
): Candidate {
  const told = { warnOfDefaultNamespace: true, tellPassedOver: true };
  const { policies, problems } = parsePolicies(sources, told);
  const replaced = new Set(policies.map(policyKey));
  const isRemoved = (policy: Policy): boolean => remove.some(name => isNamed(policy, name));
  const kept = live.filter(policy => !replaced.has(policyKey(policy)) && !isRemoved(policy));
  const unknown = remove.filter(name => !live.some(policy => isNamed(policy, name)));
  const isEmpty = policies.length === 0 && !live.some(isRemoved);
  return {
    after: [...kept, ...policies],
    policies,
    removed: live.filter(policy => isRemoved(policy) && !replaced.has(policyKey(policy))),
    problems: [
      ...problems,
      ...unknown.map((name, place) =>
        unknownRemoval(name, place < MOST_NEAREST ? nearestName(name, formsOf(live)) : null),
      ),
      ...(isEmpty ? [NOTHING_PROPOSED] : []),
    ],
  };
}
