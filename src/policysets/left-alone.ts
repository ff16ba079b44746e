import { named } from '../baselines/named.js';
import {
  counted,
  type Facts,
  type PodFact,
  type Policy,
  type Problem,
  workloadsGoverned,
} from '../netpol/index.js';
import { warningAt } from '../query/problem.js';

/** What is done about policies that are in force already. */
export const DeleteExisting = {
  NONE: 'NONE',
  GENERATED_ONLY: 'GENERATED_ONLY',
  ALL: 'ALL',
} as const;
export type DeleteExisting = (typeof DeleteExisting)[keyof typeof DeleteExisting];

/** The control plane's own: a mistake there takes the whole cluster down. */
export const PROTECTED_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'];

export type Reserved = {
  /** Namespaces that get no policy unless the scope names them. */
  readonly protectedNamespaces: readonly string[];
  readonly deleteExisting: DeleteExisting;
  /** Whether workloads get a policy that have one which somebody wrote. */
  readonly replaceHandWritten: boolean;
  readonly label: { readonly key: string; readonly value: string };
};

const labelsOf = (document: unknown): Readonly<Record<string, string>> =>
  (document as { metadata?: { labels?: Record<string, string> } } | null)?.metadata?.labels ?? {};

const isGenerated = ({ document }: Policy, { label }: Reserved): boolean =>
  labelsOf(document)[label.key] === label.value;

const isForAll = ({ subject }: Policy): boolean => subject.pods.requirements.length === 0;

const nameOf = ({ namespace, workload }: PodFact): string => `${namespace}/${workload.name}`;

const namesOf = (pods: readonly PodFact[]): string => named(pods.map(nameOf).toSorted());

type Chosen = { readonly chosen: readonly PodFact[]; readonly problems: readonly Problem[] };

function withoutProtected(
  pods: readonly PodFact[],
  asked: readonly string[] | null,
  { protectedNamespaces }: Reserved,
): Chosen {
  const guarded = protectedNamespaces.filter(name => asked?.includes(name) !== true);
  const left = pods.filter(({ namespace }) => guarded.includes(namespace));
  if (left.length === 0) return { chosen: pods, problems: [] };
  return {
    chosen: pods.filter(pod => !left.includes(pod)),
    problems: [
      warningAt(
        'NAMESPACE_PROTECTED',
        null,
        `${counted(left.length, 'deployment of a protected namespace gets', 'deployments of protected namespaces get')} no policy: ${namesOf(left)}`,
        'name the namespace in `namespaces` to generate for it',
      ),
    ],
  };
}

/** A policy for all pods of a namespace (a default deny, DNS for all) is no word on a workload of it. */
function withoutHandWritten(
  pods: readonly PodFact[],
  facts: Facts,
  policies: readonly Policy[],
  reserved: Reserved,
): Chosen {
  if (reserved.replaceHandWritten || reserved.deleteExisting === DeleteExisting.ALL)
    return { chosen: pods, problems: [] };
  const written = policies.filter(
    policy =>
      policy.kind === 'NetworkPolicy' && !isForAll(policy) && !isGenerated(policy, reserved),
  );
  const governed = new Set(written.flatMap(policy => workloadsGoverned(facts, policy)));
  const left = pods.filter(({ key }) => governed.has(key));
  if (left.length === 0) return { chosen: pods, problems: [] };
  return {
    chosen: pods.filter(pod => !left.includes(pod)),
    problems: [
      warningAt(
        'HAND_WRITTEN',
        null,
        `${counted(left.length, 'deployment is', 'deployments are')} left alone, since somebody wrote a policy for ${left.length === 1 ? 'it' : 'them'}: ${namesOf(left)}`,
        'generate with `replaceHandWritten` to get a policy beside that one, or with `deleteExisting: ALL` instead of it',
      ),
    ],
  };
}

/** The deployments of a scope that get a policy, and a WARNING for those that do not. */
export function withoutLeftAlone(
  pods: readonly PodFact[],
  namespaces: readonly string[] | null,
  known: { readonly facts: Facts; readonly policies: readonly Policy[] },
  reserved: Reserved,
): Chosen {
  const open = withoutProtected(pods, namespaces, reserved);
  const free = withoutHandWritten(open.chosen, known.facts, known.policies, reserved);
  return { chosen: free.chosen, problems: [...open.problems, ...free.problems] };
}

/** A policy in force that goes when the set is applied. */
export type Deletion = {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

type Named = { readonly namespace: string | null; readonly name: string };

const sameName = (one: Named, other: Named): boolean =>
  one.namespace === other.namespace && one.name === other.name;

/**
 * NetworkPolicies in force that the set stands instead of, in the order of names: those that are asked for, in the namespaces
 * that it governs, and that select no workload but those which it is for. What the set replaces under its own name is none.
 */
export function deletionsOf(
  subjects: readonly PodFact[],
  items: readonly Named[],
  known: { readonly facts: Facts; readonly policies: readonly Policy[] },
  reserved: Reserved,
): readonly Deletion[] {
  if (reserved.deleteExisting === DeleteExisting.NONE) return [];
  const namespaces = new Set(subjects.map(({ namespace }) => namespace));
  const keys = new Set(subjects.map(({ key }) => key));
  return known.policies
    .filter(policy => policy.kind === 'NetworkPolicy' && namespaces.has(policy.namespace ?? ''))
    .filter(
      policy => reserved.deleteExisting === DeleteExisting.ALL || isGenerated(policy, reserved),
    )
    .filter(policy => workloadsGoverned(known.facts, policy).every(key => keys.has(key)))
    .filter(policy => !items.some(item => sameName(item, policy)))
    .map(({ kind, namespace, name }) => ({ kind, namespace, name }))
    .toSorted((one, other) =>
      `${one.namespace}/${one.name}` < `${other.namespace}/${other.name}` ? -1 : 1,
    );
}
