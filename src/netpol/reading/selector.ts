import { type Requirement, type Selector, SelectorOperator } from '../labels.js';
import {
  type Cursor,
  isAbsent,
  itemObject,
  listAt,
  member,
  note,
  objectAt,
  stringAt,
  textAt,
  warnOfUnknown,
} from './cursor.js';
import { faultOfLabelKey, faultOfLabelValue } from './names.js';

/** A LabelSelector; null where it is absent. An empty one selects everything. */
export function selectorAt(cursor: Cursor): Selector | null {
  if (objectAt(cursor) === null) return null;
  warnOfUnknown(cursor, ['matchLabels', 'matchExpressions']);
  const labels = matchLabelsAt(member(cursor, 'matchLabels'));
  const expressions = (listAt(member(cursor, 'matchExpressions')) ?? [])
    .map(requirementAt)
    .filter(requirement => requirement !== null);
  return { requirements: inOrder([...labels, ...expressions]) };
}

/** "matchLabels is a map of {key,value} pairs … equivalent to an element of matchExpressions, whose operator is In". */
function matchLabelsAt(cursor: Cursor): readonly Requirement[] {
  return Object.entries(labelsAt(cursor)).map(([key, value]) => ({
    key,
    operator: SelectorOperator.IN,
    values: [value],
  }));
}

/** A map of labels; wrong ones are noted and left out. */
export function labelsAt(cursor: Cursor): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const key of Object.keys(objectAt(cursor) ?? {})) {
    const entry = member(cursor, key);
    checkKey(entry, key);
    const value = valueAt(entry);
    if (value !== null) labels[key] = value;
  }
  return labels;
}

function checkKey(cursor: Cursor, key: string): void {
  const fault = faultOfLabelKey(key);
  if (fault === null) return;
  note(cursor, {
    code: 'LABEL_KEY_INVALID',
    message: `label key \`${key}\` ${fault}`,
    hint: 'write a name such as `app` or `example.com/app`',
  });
}

function checkValue(cursor: Cursor, value: string): void {
  const fault = faultOfLabelValue(value);
  if (fault === null) return;
  note(cursor, {
    code: 'LABEL_VALUE_INVALID',
    message: `label value \`${value}\` ${fault}`,
    hint: 'no label can have this value; write one that the API accepts',
  });
}

const OPERATORS = Object.values(SelectorOperator);
const WITH_VALUES: readonly SelectorOperator[] = [SelectorOperator.IN, SelectorOperator.NOT_IN];

function requirementAt(cursor: Cursor): Requirement | null {
  if (itemObject(cursor) === null) return null;
  warnOfUnknown(cursor, ['key', 'operator', 'values']);
  const key = keyAt(member(cursor, 'key'));
  const operator = operatorAt(member(cursor, 'operator'));
  const list = member(cursor, 'values');
  const items = isAbsent(list) ? [] : listAt(list);
  const values = (items ?? []).map(valueAt).filter(value => value !== null);
  if (key === null || operator === null || items === null) return null;
  checkCount(isAbsent(list) ? cursor : list, operator, items.length);
  return { key, operator, values: [...new Set(values)].sort() };
}

function valueAt(cursor: Cursor): string | null {
  const value = textAt(cursor);
  if (value !== null) checkValue(cursor, value);
  return value;
}

function keyAt(cursor: Cursor): string | null {
  const key = isAbsent(cursor) ? '' : stringAt(cursor);
  if (key === '') {
    return note(cursor, {
      code: 'LABEL_KEY_MISSING',
      message: 'a condition on labels needs a `key`',
      hint: 'name the label that it asks for',
    });
  }
  if (key !== null) checkKey(cursor, key);
  return key;
}

function operatorAt(cursor: Cursor): SelectorOperator | null {
  const written = isAbsent(cursor) ? '' : stringAt(cursor);
  if (written === null) return null;
  const operator = OPERATORS.find(known => known === written);
  if (operator !== undefined) return operator;
  return note(cursor, {
    code: 'OPERATOR_INVALID',
    message: written === '' ? 'the operator is missing' : `unknown operator \`${written}\``,
    hint: `write one of ${OPERATORS.map(known => `\`${known}\``).join(', ')}`,
  });
}

/** "If the operator is In or NotIn, the values array must be non-empty. If [Exists or DoesNotExist] it must be empty." */
function checkCount(cursor: Cursor, operator: SelectorOperator, count: number): void {
  const wanted = WITH_VALUES.includes(operator);
  if (wanted === count > 0) return;
  const opposite = operator === SelectorOperator.EXISTS ? '`In`' : '`NotIn`';
  note(cursor, {
    code: 'OPERATOR_VALUES_INVALID',
    message: `operator \`${operator}\` ${wanted ? 'needs at least one value' : 'takes no values'}`,
    hint: wanted
      ? 'list the values, or use `Exists` or `DoesNotExist`'
      : `leave \`values\` out, or use ${opposite}`,
  });
}

/** One order for one meaning, so that equal selectors are equal values. */
function inOrder(requirements: readonly Requirement[]): readonly Requirement[] {
  const keyed = new Map(requirements.map(each => [JSON.stringify(each), each]));
  const order = (each: Requirement) => `${each.key} ${each.operator} ${each.values.join(' ')}`;
  return [...keyed.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
