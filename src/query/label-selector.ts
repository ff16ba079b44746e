import { badInput } from './api-error.js';
import { and, type Condition, condition, EVERYTHING } from './condition.js';
import { storable } from './filter.js';

/** As `metav1.LabelSelectorRequirement` writes them. */
export const LabelOperator = {
  In: 'In',
  NotIn: 'NotIn',
  Exists: 'Exists',
  DoesNotExist: 'DoesNotExist',
} as const;
export type LabelOperator = (typeof LabelOperator)[keyof typeof LabelOperator];

export type LabelExpression = {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values?: readonly string[] | null | undefined;
};

/** `metav1.LabelSelector`: "The result of matchLabels and matchExpressions are ANDed." */
export type LabelSelector = {
  readonly matchLabels?: unknown;
  readonly matchExpressions?: readonly LabelExpression[] | null | undefined;
};

export function matchedLabels(value: unknown): Readonly<Record<string, string>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isObject ? Object.entries(value) : [];
  if (!isObject || entries.some(([, label]) => typeof label !== 'string'))
    throw badInput('`matchLabels` is not an object whose values are strings');
  return Object.fromEntries(entries.map(([key, label]) => [storable(key), storable(label)]));
}

export function checkedValues({ key, operator, values }: LabelExpression): readonly string[] {
  const wantsValues = operator === 'In' || operator === 'NotIn';
  const given = values ?? [];
  if (wantsValues === given.length > 0) return given;
  throw badInput(
    wantsValues
      ? `operator \`${operator}\` on label \`${key}\` needs at least one value`
      : `operator \`${operator}\` on label \`${key}\` takes no values`,
  );
}

/** "NotIn" and "DoesNotExist" also match objects without the key. */
function expressionCondition(column: string, expression: LabelExpression): Condition {
  const { key, operator } = expression;
  const values = checkedValues(expression).map(storable);
  storable(key);
  switch (operator) {
    case 'In':
      return condition(`${column} ->> $1 = any($2::text[])`, key, values);
    case 'NotIn':
      return condition(`(${column} ->> $1 = any($2::text[])) is not true`, key, values);
    case 'Exists':
      return condition(`${column} ? $1`, key);
    case 'DoesNotExist':
      return condition(`not ${column} ? $1`, key);
  }
}

/**
 * An empty selector matches every object.
 * @param column a `jsonb` expression that holds an object of strings
 * @throws ApiError BAD_USER_INPUT
 */
export function labelCondition(
  column: string,
  selector: LabelSelector | null | undefined,
): Condition {
  if (selector === null || selector === undefined) return EVERYTHING;
  const { matchLabels, matchExpressions } = selector;
  const hasLabels = matchLabels !== null && matchLabels !== undefined;
  return and([
    hasLabels
      ? condition(`${column} @> $1::jsonb`, JSON.stringify(matchedLabels(matchLabels)))
      : EVERYTHING,
    ...(matchExpressions ?? []).map(one => expressionCondition(column, one)),
  ]);
}
