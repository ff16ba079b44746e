import type { Column } from '../brand.js';
import { type Labels, type Requirement, type Selector, SelectorOperator } from '../labels.js';

const labelOf = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

/**
 * "The requirements are ANDed." `In` and `Exists` need the key; `NotIn` and `DoesNotExist` hold
 * where it is missing; a key with the value `""` is present.
 */
function meets(labels: Labels, { key, operator, values }: Requirement): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case SelectorOperator.IN:
      return value !== undefined && values.includes(value);
    case SelectorOperator.NOT_IN:
      return value === undefined || !values.includes(value);
    case SelectorOperator.EXISTS:
      return value !== undefined;
    case SelectorOperator.DOES_NOT_EXIST:
      return value === undefined;
  }
}

/** True when `labels` meet every requirement; a selector without any selects everything. */
export const selects = (selector: Selector, labels: Labels): boolean =>
  selector.requirements.every(requirement => meets(labels, requirement));

export const selectsEverything = (selector: Selector): boolean =>
  selector.requirements.length === 0;

const KEYS = new WeakMap<Selector, string>();

/** Equal selectors have equal keys where they are written alike. Selectors are never changed: each is written once. */
export function keyOfSelector(selector: Selector): string {
  const known = KEYS.get(selector);
  if (known !== undefined) return known;
  const key = JSON.stringify(
    selector.requirements.map(({ key: label, operator, values }) => [label, operator, values]),
  );
  KEYS.set(selector, key);
  return key;
}

/** Answers the sorted positions of the items that a selector selects. */
export type LabelIndex<Id extends number> = { select(selector: Selector): Column<Id> };

type Postings = Map<string, Map<string, number[]>>;

function post(postings: Postings, labels: Labels, position: number): void {
  for (const [key, value] of Object.entries(labels)) {
    const values = postings.get(key) ?? new Map<string, number[]>();
    postings.set(key, values);
    const positions = values.get(value);
    if (positions === undefined) values.set(value, [position]);
    else positions.push(position);
  }
}

/** The lists that together hold every item a positive requirement can select; null for a negative one. */
function listsOf(postings: Postings, requirement: Requirement): readonly number[][] | null {
  const values = postings.get(requirement.key);
  if (requirement.operator === SelectorOperator.EXISTS) return [...(values?.values() ?? [])];
  if (requirement.operator !== SelectorOperator.IN) return null;
  return [...new Set(requirement.values)].flatMap(value => {
    const positions = values?.get(value);
    return positions === undefined ? [] : [positions];
  });
}

const sizeOf = (lists: readonly number[][]): number =>
  lists.reduce((size, list) => size + list.length, 0);

/** The shortest way to all candidates: the rarest positive requirement; null when there is none. */
function candidatesOf(postings: Postings, selector: Selector): readonly number[] | null {
  let rarest: readonly number[][] | null = null;
  for (const requirement of selector.requirements) {
    const lists = listsOf(postings, requirement);
    if (lists !== null && (rarest === null || sizeOf(lists) < sizeOf(rarest))) rarest = lists;
  }
  if (rarest === null) return null;
  return rarest.length === 1 ? (rarest[0] ?? []) : rarest.flat().sort((a, b) => a - b);
}

/** What a selector selects of the first `seen` items. */
type Selection<Id extends number> = { readonly positions: Column<Id>; readonly seen: number };

/** `items` may grow: what was selected before is only looked up for the new ones. */
export function labelIndex<Id extends number>(items: readonly Labels[]): LabelIndex<Id> {
  const postings: Postings = new Map();
  let posted = 0;
  const known = new Map<string, Selection<Id>>();
  const columnOf = (positions: readonly number[]) => Int32Array.from(positions) as Column<Id>;
  const all = (): readonly number[] => items.map((_, position) => position);
  const candidates = (selector: Selector): readonly number[] => {
    for (; posted < items.length; posted++) post(postings, items[posted] ?? {}, posted);
    return candidatesOf(postings, selector) ?? all();
  };
  const select = (selector: Selector): Column<Id> =>
    selectsEverything(selector)
      ? columnOf(all())
      : columnOf(candidates(selector).filter(at => selects(selector, items[at] ?? {})));
  const extended = (selector: Selector, { positions, seen }: Selection<Id>): Column<Id> => {
    const fresh = items
      .slice(seen)
      .flatMap((labels, at) => (selects(selector, labels) ? seen + at : []));
    return fresh.length === 0 ? positions : columnOf([...positions, ...fresh]);
  };
  return {
    select: selector => {
      const key = keyOfSelector(selector);
      const before = known.get(key);
      if (before?.seen === items.length) return before.positions;
      const positions = before === undefined ? select(selector) : extended(selector, before);
      known.set(key, { positions, seen: items.length });
      return positions;
    },
  };
}
