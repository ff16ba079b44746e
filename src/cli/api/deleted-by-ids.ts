import type { ApiProblem } from './problem-text.js';

export type Deleted = { readonly deleted: number; readonly problems: readonly ApiProblem[] };

/** As many as the server takes at once. */
const AT_ONCE = 500;

/** Asks for one part of the ids after another, in their order; the counts are added up. */
export async function deletedByIds(
  ids: readonly string[],
  ask: (some: readonly string[]) => Promise<Deleted>,
): Promise<Deleted> {
  const problems: ApiProblem[] = [];
  let deleted = 0;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const answer = await ask(ids.slice(start, start + AT_ONCE));
    deleted += answer.deleted;
    problems.push(...answer.problems);
  }
  return { deleted, problems };
}
