import type { Expression, LabelMap, LabelSelector, Maybe } from './objects.js';
import type { Touch } from './touch.js';

const holds = (expression: Expression, labels: LabelMap, touch: Touch): boolean => {
  const present = Object.hasOwn(labels, expression.key);
  const value = labels[expression.key];
  const listed = present && (expression.values ?? []).includes(value as string);
  switch (expression.operator) {
    case 'In':
      touch(`In ${listed}`);
      return listed;
    case 'NotIn':
      touch(present ? `NotIn ${!listed}` : 'NotIn with the key missing');
      return !listed;
    case 'Exists':
      touch(present && value === '' ? 'Exists with an empty value' : `Exists ${present}`);
      return present;
    case 'DoesNotExist':
      touch(`DoesNotExist ${!present}`);
      return !present;
    default:
      throw new Error(`operator ${expression.operator} should have been refused`);
  }
};

const carries = (labels: LabelMap, key: string, value: string, touch: Touch): boolean => {
  const present = Object.hasOwn(labels, key);
  if (value === '' && !present) touch('empty value asked, key missing');
  return present && labels[key] === value;
};

const touchShape = (pairs: number, expressions: number, touch: Touch): void => {
  if (pairs + expressions === 0) touch('empty selector');
  if (pairs > 0 && expressions > 0) touch('labels and expressions together');
  if (pairs > 1) touch('several labels');
};

/** Rows 6 to 8. `selector` is there and not null; `{}` selects everything. */
export const selects = (selector: LabelSelector, labels: LabelMap, touch: Touch): boolean => {
  const pairs = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  touchShape(pairs.length, expressions.length, touch);
  return (
    pairs.every(([key, value]) => carries(labels, key, value, touch)) &&
    expressions.every(expression => holds(expression, labels, touch))
  );
};

/** Where an absent selector selects everything. */
export const selectsOrAbsent = (
  selector: Maybe<LabelSelector>,
  labels: LabelMap,
  touch: Touch,
): boolean => selects(selector ?? {}, labels, touch);
