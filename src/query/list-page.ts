import { badInput } from './api-error.js';
import { type Page, type PageArguments, pageRequest } from './page.js';

const cursorOf = (key: string): string => Buffer.from(key).toString('base64url');

/**
 * A page of a short list that is in memory.
 * @param all unique by their keys, in their order
 * @throws ApiError BAD_USER_INPUT for a size out of range
 */
export function pageOfList<T>(
  all: readonly T[],
  keyOf: (one: T) => string,
  { after, before, ...sizes }: PageArguments,
): Page<T> {
  const { limit, backward } = pageRequest(sizes, []);
  const cursors = all.map(one => cursorOf(keyOf(one)));
  const place = (cursor: string): number => {
    const found = cursors.indexOf(cursor);
    if (found < 0) throw badInput('the cursor is none of this list');
    return found;
  };
  const from = after ? place(after) + 1 : 0;
  const to = before ? place(before) : all.length;
  const [first, end] = backward
    ? [Math.max(from, to - limit), to]
    : [from, Math.max(from, Math.min(to, from + limit))];
  const nodes = all.slice(first, end);
  return {
    nodes,
    edges: () => nodes.map((node, at) => ({ node, cursor: cursors[first + at] ?? '' })),
    pageInfo: () => ({
      hasNextPage: end < all.length,
      hasPreviousPage: first > 0,
      startCursor: nodes.length === 0 ? null : (cursors[first] ?? null),
      endCursor: nodes.length === 0 ? null : (cursors[end - 1] ?? null),
    }),
    count: () => all.length,
  };
}
