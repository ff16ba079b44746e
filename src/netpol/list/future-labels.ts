import { selects } from '../compile/select.js';
import { type Labels, type Requirement, type Selector, SelectorOperator } from '../labels.js';
import type { Policy } from '../policy.js';

/** A value that no policy names, for labels that pods or namespaces of the future may bear. */
export const FRESH = 'weirgate-some-other-value';

/** Every label key that policies ask for, and the values that they shut out. */
export type Vocabulary = {
  readonly keys: readonly string[];
  readonly shutOut: readonly (readonly [key: string, value: string])[];
};

/** Each makes a pod more for every peer; clusters with more are not shown to that depth. */
const MOST_SHUT_OUT = 64;

export const vocabularyOf = (selectors: readonly Selector[]): Vocabulary => {
  const requirements = selectors.flatMap(selector => selector.requirements);
  const negative = requirements.filter(({ operator }) => operator === SelectorOperator.NOT_IN);
  const pairs = negative.flatMap(({ key, values }) => values.map(value => [key, value] as const));
  return {
    keys: [...new Set(requirements.map(({ key }) => key))],
    shutOut: [...new Map(pairs.map(pair => [pair.join('='), pair])).values()].slice(
      0,
      MOST_SHUT_OUT,
    ),
  };
};

/** Selectors of pods and of namespaces, of all subjects and peers. */
export const selectorsOf = (
  policies: readonly Policy[],
): { readonly pods: readonly Selector[]; readonly namespaces: readonly Selector[] } => {
  const peers = policies
    .flatMap(({ ingress, egress }) => [...(ingress ?? []), ...(egress ?? [])])
    .flatMap(({ peers }) => peers ?? [])
    .filter(peer => peer.kind === 'pods');
  const pairs = [...policies.map(({ subject }) => subject), ...peers];
  return {
    pods: pairs.map(({ pods }) => pods),
    namespaces: pairs.flatMap(({ namespaces }) => namespaces ?? []),
  };
};

/** Values that together stand for one selector are few; more are not told apart. */
const MOST_VALUES = 8;

/** The least labels that meet the selector: one list for each value it lets choose. None: it contradicts itself. */
export const leastLabels = (selector: Selector): readonly Labels[] =>
  [...Map.groupBy(selector.requirements, ({ key }) => key)].reduce<readonly Labels[]>(
    (some, [key, requirements]) =>
      some
        .flatMap(labels => choicesOf(key, requirements).map(choice => ({ ...labels, ...choice })))
        .slice(0, MOST_VALUES),
    [{}],
  );

/** What one label must be: one of those listed, absent, or any other value. */
const choicesOf = (key: string, requirements: readonly Requirement[]): readonly Labels[] => {
  const listed = requirements.filter(({ operator }) => operator === SelectorOperator.IN);
  const values = listed.flatMap(requirement => requirement.values);
  const candidates: readonly Labels[] =
    listed.length > 0
      ? [...new Set(values)].map(value => ({ [key]: value }))
      : [{}, { [key]: FRESH }];
  const met = candidates.filter(labels => selects({ requirements }, labels));
  return met.slice(0, listed.length > 0 ? MOST_VALUES : 1);
};

/** The same labels among others that policies know: none of them may change what is shown for all. */
export const variantsOf = (
  labels: Labels,
  selector: Selector,
  { keys, shutOut }: Vocabulary,
): readonly Labels[] =>
  [
    labels,
    { ...Object.fromEntries(keys.map(key => [key, FRESH])), ...labels },
    ...shutOut.map(([key, value]) => ({ ...labels, [key]: value })),
  ].filter(variant => selects(selector, variant));
