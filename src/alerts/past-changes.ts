import type { PastPolicy } from './cluster-past.store.js';

/** What a policy was changed to at a moment. */
export type PastChange = {
  readonly at: string;
  readonly did: 'made' | 'changed' | 'deleted';
};

type Step = { readonly at: string; readonly meaning: string | null };

/** What a policy decided by, from when on; null: it was not in force. */
function stepsOf(
  versions: readonly PastPolicy[],
  meaningOf: (version: PastPolicy) => string | null,
): readonly Step[] {
  return versions.flatMap((version, place) => {
    const begins = { at: version.validFrom, meaning: meaningOf(version) };
    const { validTo } = version;
    const goesOn = validTo === null || versions[place + 1]?.validFrom === validTo;
    return goesOn ? [begins] : [begins, { at: validTo, meaning: null }];
  });
}

export type ChangesAsked = {
  readonly meaningOf: (version: PastPolicy) => string | null;
  /** Whether stored sets have it so; null: that it is gone. */
  readonly isOurs: (meaning: string | null) => boolean;
  /** Until then nothing was known, so that nothing was other. */
  readonly firstKnown: string;
  readonly since: string;
  readonly until: string;
};

type Changed = Step & { readonly was: string | null };

/** What decided otherwise than before. */
const changedSteps = (steps: readonly Step[]): readonly Changed[] =>
  steps
    .map((step, place) => ({ ...step, was: steps[place - 1]?.meaning ?? null }))
    .filter(({ was, meaning }) => was !== meaning);

const didOf = ({ was, meaning }: Changed): PastChange['did'] =>
  was === null ? 'made' : meaning === null ? 'deleted' : 'changed';

/**
 * The changes of one policy within a window that no stored set has so, and that do not take back the first of them; oldest first.
 * @param versions oldest first, from what was so when the window began
 */
export function outsideChanges(
  versions: readonly PastPolicy[],
  { meaningOf, isOurs, firstKnown, since, until }: ChangesAsked,
): readonly PastChange[] {
  const within = changedSteps(stepsOf(versions, meaningOf)).filter(
    ({ at }) => at > firstKnown && at >= since && at < until,
  );
  const found: PastChange[] = [];
  // As it was before the change that is open; undefined: none is.
  let before: string | null | undefined;
  for (const change of within) {
    const isSettled = isOurs(change.meaning) || change.meaning === before;
    if (!isSettled) found.push({ at: change.at, did: didOf(change) });
    before = isSettled ? undefined : before === undefined ? change.was : before;
  }
  return found;
}
