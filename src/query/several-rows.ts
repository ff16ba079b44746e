import type { Problem } from '../netpol/index.js';
import { badInput } from './api-error.js';
import type { Condition } from './condition.js';
import { rowKey } from './node-id.js';
import { errorAt, infoAt } from './problem.js';
import type { RowKey } from './row-key.js';

/** Ids of one call; more are found by a filter. */
export const MOST_IDS = 500;

/** What somebody names: by ids, of which those of something else are null, or by a filter. */
export type Which =
  | { readonly keys: readonly (RowKey | null)[]; readonly filter: null }
  | { readonly keys: null; readonly filter: Condition };

type Given<Filter> = {
  readonly ids?: readonly string[] | null;
  readonly filter?: Filter | null;
};

/**
 * @param type of what the ids are; @param conditionOf the condition of a filter
 * @throws ApiError BAD_USER_INPUT where neither or both are given, or too many ids
 */
export function whichOf<Filter>(
  { ids, filter }: Given<Filter>,
  type: string,
  conditionOf: (filter: Filter) => Condition,
): Which {
  const [givenIds, givenFilter] = [ids ?? null, filter ?? null];
  if (givenIds !== null && givenFilter === null) {
    if (givenIds.length > MOST_IDS) throw badInput(`\`ids\` has more than ${MOST_IDS} ids`);
    const keys = [...new Set(givenIds)].map(id => rowKey(type, id));
    return { keys, filter: null };
  }
  if (givenFilter === null || givenIds !== null) throw badInput('give either `ids` or `filter`');
  return { keys: null, filter: conditionOf(givenFilter) };
}

export type DeletedOutcome = {
  readonly deleted: number;
  /** Whether the filter finds more, which the next call deletes. */
  readonly more: boolean;
  readonly problems: readonly Problem[];
};

/** What the rows are called, one and many, and the field of the API that lists them. */
export type Noun = { readonly one: string; readonly many: string; readonly list: string };

type Rows = {
  /** The first that the filter finds, so many at most. */
  readonly found: (filter: Condition, most: number) => Promise<readonly RowKey[]>;
  /** Answers how many went: not what the caller may not delete, or what is not there. */
  readonly remove: (keys: readonly RowKey[]) => Promise<number>;
};

const notThere = (missing: number, { one, many, list }: Noun): Problem =>
  errorAt(
    'NOT_FOUND',
    'ids',
    missing === 1
      ? `there is no ${one} of this id`
      : `there are no ${many} of ${missing} of the ids`,
    `take the \`id\` of each from \`${list}\``,
  );

/** Deletes what is named: of ids those that are there, of a filter the first of what it finds. @param most of a filter at once */
export async function deleteNamed(
  { keys, filter }: Which,
  { found, remove }: Rows,
  { most, ...noun }: Noun & { readonly most: number },
): Promise<DeletedOutcome> {
  const { many, list } = noun;
  if (keys?.length === 0) {
    const told = errorAt(
      'NOTHING_NAMED',
      'ids',
      `no ${noun.one} was named`,
      `give ids, or a filter over \`${list}\``,
    );
    return { deleted: 0, more: false, problems: [told] };
  }
  if (keys !== null) {
    const deleted = await remove(keys.filter(key => key !== null));
    const missing = keys.length - deleted;
    return { deleted, more: false, problems: missing === 0 ? [] : [notThere(missing, noun)] };
  }
  const rows = await found(filter, most + 1);
  const none = infoAt(
    'NONE_FOUND',
    'filter',
    `the filter finds no ${many}`,
    `\`${list}\` with the same filter shows what it finds`,
  );
  if (rows.length === 0) return { deleted: 0, more: false, problems: [none] };
  const deleted = await remove(rows.slice(0, most));
  return { deleted, more: rows.length > most, problems: [] };
}
