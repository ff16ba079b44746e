import { type BaselineEntry, type Decision, EntryStatus, UNDECIDED } from './baseline.js';

const STRENGTH: Readonly<Record<EntryStatus, number>> = {
  FORBIDDEN: 3,
  CONFIRMED: 2,
  OBSERVED: 1,
  REMOVED: 0,
};

/** The one whose word counts where two entries turn out to be the same. */
export const strongest = <Entry extends Decision>(one: Entry, other: Entry): Entry =>
  STRENGTH[other.status] > STRENGTH[one.status] ? other : one;

export const decisionOf = ({ status, statusAt, statusBy, reason }: Decision): Decision => ({
  status,
  statusAt,
  statusBy,
  reason,
});

/** Whether a removed entry was seen again after it was removed. */
const isBack = ({ lastSeenAt }: BaselineEntry, { statusAt }: Decision): boolean =>
  statusAt !== null && lastSeenAt > statusAt;

/** What is learned of an entry that somebody has said something of. */
function learnedAgain(entry: BaselineEntry, before: BaselineEntry): BaselineEntry {
  const decision =
    before.status === EntryStatus.REMOVED && isBack(entry, before) ? UNDECIDED : decisionOf(before);
  return { ...entry, ...decision };
}

/**
 * What was learned, with what was said of entries before: confirmed ones stay, though nothing was seen of them, forbidden ones
 * are never learned, and removed ones only when they were seen again since.
 */
export function withDecisions(
  learned: readonly BaselineEntry[],
  before: readonly BaselineEntry[],
): readonly BaselineEntry[] {
  const known = new Map(before.map(entry => [entry.id, entry]));
  const found = new Set(learned.map(({ id }) => id));
  const kept = before.filter(({ id, status }) => status !== EntryStatus.OBSERVED && !found.has(id));
  return [
    ...learned.map(entry => {
      const earlier = known.get(entry.id);
      return earlier === undefined ? entry : learnedAgain(entry, earlier);
    }),
    ...kept,
  ];
}
