import { selects } from '../compile/select.js';
import {
  isTellingValue,
  type Labels,
  type Requirement,
  SelectorOperator,
  shownValue,
} from '../labels.js';

/** The requirements that labels do not meet. */
export const unmet = (
  requirements: readonly Requirement[],
  labels: Labels,
): readonly Requirement[] =>
  requirements.filter(requirement => !selects({ requirements: [requirement] }, labels));

/** What the labels have in the place of what is asked: "`app=db` and no label `tier`". */
export const unmetText = (missed: readonly Requirement[], labels: Labels): string =>
  missed
    .map(({ key }) =>
      Object.hasOwn(labels, key)
        ? `\`${key}=${shownValue(labels[key] ?? '')}\``
        : `no label \`${key}\``,
    )
    .join(' and ');

/** The label that has the value which is asked for under another key: `app.kubernetes.io/name=web` for `app=web`. */
export function underAnotherKey(missed: readonly Requirement[], labels: Labels): string | null {
  const wanted = missed
    .filter(({ key, operator }) => operator === SelectorOperator.IN && !Object.hasOwn(labels, key))
    .flatMap(({ values }) => values);
  const found = Object.entries(labels).find(
    ([, value]) => isTellingValue(value) && wanted.includes(value),
  );
  return found?.join('=') ?? null;
}
