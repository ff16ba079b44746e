import { selects } from '../compile/select.js';
import { type Labels, type Requirement, type Selector, SelectorOperator } from '../labels.js';

/** A value that no policy names, for labels that pods or namespaces of the future may bear. */
export const FRESH = 'weirgate-some-other-value';

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
