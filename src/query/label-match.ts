import {
  checkedValues,
  type LabelExpression,
  type LabelSelector,
  matchedLabels,
} from './label-selector.js';

type Labels = Readonly<Record<string, string>>;

function holds(expression: LabelExpression, labels: Labels): boolean {
  const { key, operator } = expression;
  const values = checkedValues(expression);
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/**
 * Whether labels are selected: "The result of matchLabels and matchExpressions are ANDed".
 * @throws ApiError BAD_USER_INPUT for a selector that is none
 */
export const matchesLabels = (
  { matchLabels, matchExpressions }: LabelSelector,
  labels: Labels,
): boolean =>
  Object.entries(
    matchLabels === undefined || matchLabels === null ? {} : matchedLabels(matchLabels),
  ).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
  (matchExpressions ?? []).every(expression => holds(expression, labels));
