import type { PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import { isPassing, lastsOf } from './passing-labels.js';

/**
 * Label keys that name a workload, in the order in which they are preferred: Kubernetes' recommended and conventional
 * names.
 */
export const NAMING_KEYS = [
  'app',
  'app.kubernetes.io/name',
  'k8s-app',
  'name',
  'run',
  'component',
  'app.kubernetes.io/component',
  'app.kubernetes.io/instance',
  'tier',
  'role',
];

/** Keys of operators whose values name what they run: `sparkoperator.k8s.io/app-name`, `ray.io/cluster`, `workflows.argoproj.io/cron-workflow`. */
const NAME_LIKE =
  /[./-](name|app|app-name|cluster|cluster-name|job-name|jobset-name|cron-workflow|workflow-template|pipeline|service)$/;

/** Of some keys those that name a workload, the conventional ones first. */
const namingAmong = (keys: readonly string[]): readonly string[] => {
  const known = NAMING_KEYS.filter(key => keys.includes(key));
  const alike = keys.filter(key => !known.includes(key) && NAME_LIKE.test(key));
  return [...known, ...alike.toSorted()];
};

const pick = (labels: Labels, keys: readonly string[]): Labels =>
  Object.fromEntries(keys.toSorted().map(key => [key, labels[key] ?? '']));

const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const sameWorkload = (one: PodFact, other: PodFact): boolean =>
  one.workload.kind === other.workload.kind && one.workload.name === other.workload.name;

export type Identity = {
  /** Distinct pods of the workload that the facts show. */
  readonly sets: number;
  /** Empty when the workload's pods share no label that lasts. */
  readonly matchLabels: Labels;
  /** Those of its keys that an upgrade, a run or another place of the pods changes. */
  readonly fragile: readonly string[];
  /** Other workloads of the namespace that the labels select too. */
  readonly alsoSelects: readonly PodFact[];
};

/** Labels that all pods of the workload have and that are not written anew: a selector of anything else leaves some of them out. */
function lastingLabels(sets: readonly PodFact[]): Labels {
  const [first, ...others] = sets;
  return Object.fromEntries(
    Object.entries(first?.labels ?? {}).filter(
      ([key, value]) =>
        !isPassing(key) && others.every(pod => matches({ [key]: value }, pod.labels)),
    ),
  );
}

/** More labels than these are never needed together: they are tried all at once instead. */
const MOST_TOGETHER = 3;

/** Every choice of `size` of the keys, in their order. */
function* choices(keys: readonly string[], size: number): Generator<readonly string[]> {
  if (size === 0) yield [];
  for (const [place, key] of size === 0 ? [] : keys.entries())
    for (const rest of choices(keys.slice(place + 1), size - 1)) yield [key, ...rest];
}

/** Smaller choices first; among equally many keys those that come first. */
function* subsets(keys: readonly string[], most: number): Generator<readonly string[]> {
  for (let size = 1; size <= most; size++) yield* choices(keys, size);
  if (keys.length > most) yield keys;
}

/**
 * First come names that the workload's own selector asks for, since these cannot change while it lives.
 * What tells releases, roles or colours of one name apart says nothing by itself: it stands beside the name, so that pods of
 * another name that come later are not selected. Without a name a label with the workload's own name comes first.
 */
function* candidates(
  labels: Labels,
  firm: readonly string[],
  { workload: { name }, selector = {} }: PodFact,
): Generator<readonly string[]> {
  const asked = firm.filter(key => selector[key] === labels[key]);
  yield* subsets(namingAmong(asked), MOST_TOGETHER);
  const known = NAMING_KEYS.filter(key => firm.includes(key));
  const naming = known.length > 0 ? known : namingAmong(firm);
  const rest = firm.filter(key => !naming.includes(key)).toSorted();
  const others = [
    ...rest.filter(key => labels[key] === name),
    ...rest.filter(key => labels[key] !== name),
  ];
  yield* subsets(naming, MOST_TOGETHER);
  for (const key of naming) for (const other of others) yield [key, other];
  yield* subsets(others, 2);
  const fragile = Object.keys(labels).filter(key => !firm.includes(key));
  for (const some of subsets(fragile.toSorted(), 1)) {
    const [first] = naming;
    if (first !== undefined) yield [first, ...some];
    yield [...firm, ...some];
  }
}

const firstOf = <T>(all: Iterable<T>, holds: (one: T) => boolean): T | undefined => {
  for (const one of all) if (holds(one)) return one;
  return undefined;
};

/** Where no labels tell the workload apart: the first that names it, else all that last. */
function sharedLabels(labels: Labels, firm: readonly string[]): readonly string[] {
  const naming = namingAmong(firm);
  if (naming.length > 0) return naming;
  return firm.length > 0 ? firm : Object.keys(labels);
}

/**
 * The fewest labels that select all pods of the workload and none of another of its namespace: of those that name a
 * workload, else of all that last. What an upgrade, a run or another zone changes is taken only where nothing else
 * tells the workload apart.
 */
export function identityOf(subject: PodFact, namespacePods: readonly PodFact[]): Identity {
  const others = namespacePods.filter(pod => !sameWorkload(pod, subject));
  const sets = namespacePods.filter(pod => sameWorkload(pod, subject));
  const labels = lastingLabels([subject, ...sets]);
  const firm = lastsOf(labels, subject.workload.name, subject.selector);
  const isAlone = (keys: readonly string[]): boolean =>
    keys.length > 0 && !others.some(pod => matches(pick(labels, keys), pod.labels));
  const alone = firstOf(candidates(labels, firm, subject), isAlone);
  const matchLabels = pick(labels, alone ?? sharedLabels(labels, firm));
  return {
    sets: sets.length,
    matchLabels,
    fragile: Object.keys(matchLabels).filter(key => !firm.includes(key)),
    alsoSelects: others.filter(pod => matches(matchLabels, pod.labels)),
  };
}
