import { type Policy, type Problem, parsePolicies, type Source } from '../netpol/index.js';

export type Candidate = {
  /** What would be in force: the live policies with the candidate's in place of their namesakes, without the removed. */
  readonly after: readonly Policy[];
  /** The candidate's own. */
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
};

const keyOf = ({ kind, namespace, name }: Policy): string => `${kind} ${namespace ?? ''}/${name}`;

/** A name to remove is `name`, `namespace/name` or `kind/namespace/name`. */
const isNamed = ({ kind, namespace, name }: Policy, text: string): boolean =>
  [name, `${namespace}/${name}`, `${kind}/${namespace}/${name}`, `${kind}/${name}`].includes(text);

const unknownRemoval = (name: string): Problem => ({
  code: 'NOT_FOUND',
  severity: 'WARNING',
  message: `no live policy is named \`${name}\``,
  path: 'remove',
  place: null,
  hint: 'write `namespace/name`, as `policies` lists it',
});

/** A candidate replaces the live policy of the same kind, namespace and name, else adds. */
export function candidateOf(
  live: readonly Policy[],
  sources: readonly Source[],
  remove: readonly string[],
): Candidate {
  const { policies, problems } = parsePolicies(sources, { warnOfDefaultNamespace: true });
  const replaced = new Set(policies.map(keyOf));
  const isRemoved = (policy: Policy): boolean => remove.some(name => isNamed(policy, name));
  const kept = live.filter(policy => !replaced.has(keyOf(policy)) && !isRemoved(policy));
  const unknown = remove.filter(name => !live.some(policy => isNamed(policy, name)));
  return {
    after: [...kept, ...policies],
    policies,
    problems: [...problems, ...unknown.map(unknownRemoval)],
  };
}
