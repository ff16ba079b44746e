import { type Problem, Severity } from '../../netpol/index.js';
import {
  type Notice,
  NoticeCode,
  type Observation,
  type Reading,
  type Rejected,
  SkipReason,
} from '../observation.js';

/** Named rejects in one answer; the counts are exact all the same. */
const MOST_PROBLEMS = 1_000;

/** What became of the records of a stream, or of a part of it. */
export type Ingested = {
  readonly accepted: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly skippedReasons: Readonly<Record<string, number>>;
  readonly rejectedReasons: Readonly<Record<string, number>>;
  /** The first rejects by name, and why nothing more was done. */
  readonly problems: readonly Problem[];
};

export const NOTHING_INGESTED: Ingested = {
  accepted: 0,
  skipped: 0,
  rejected: 0,
  duplicates: 0,
  lost: 0,
  skippedReasons: {},
  rejectedReasons: {},
  problems: [],
};

const problemOf = (rejected: Rejected): Problem => ({
  code: rejected.code,
  severity: Severity.WARNING,
  message: rejected.message,
  path: rejected.path,
  place: { file: null, line: rejected.line, column: 1 },
  hint: rejected.hint,
});

const noticed = ({ code, message, hint, line }: Notice): Problem => ({
  code,
  severity: Severity.WARNING,
  message,
  path: null,
  place: { file: null, line, column: 1 },
  hint,
});

/** The records of a chunk that was stored before, when the same key comes with the same bytes. */
export const repeated = (records: number): Ingested => ({
  ...NOTHING_INGESTED,
  duplicates: records,
});

/** So many of the accepted records turned out to be stored already. */
export const withDuplicates = (outcome: Ingested, records: number): Ingested => ({
  ...outcome,
  accepted: outcome.accepted - records,
  duplicates: outcome.duplicates + records,
});

/** The answer to a key that comes with other bytes. */
export const keyReused = (key: string): Ingested => ({
  ...NOTHING_INGESTED,
  problems: [
    {
      code: 'KEY_REUSED',
      severity: Severity.ERROR,
      message: `key \`${key}\` was used before for other records`,
      path: null,
      place: null,
      hint: 'choose a new key, or send the same records again',
    },
  ],
});

/** The answer where nothing came that could be stored, for a cluster that is not there. */
export const noCluster = (name: string): Ingested => ({
  ...NOTHING_INGESTED,
  problems: [
    {
      code: 'NOTHING_STORED',
      severity: Severity.WARNING,
      message: `nothing came that could be stored, so that no cluster \`${name}\` was made`,
      path: null,
      place: null,
      hint: 'check what was sent, its format, and the name of the cluster',
    },
  ],
});

export const countsOf = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const merged = (
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> => {
  const sum: Record<string, number> = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

const isError = ({ severity }: Problem): boolean => severity === Severity.ERROR;

/** Whether nothing more of the stream may be taken in. */
export const isStopped = ({ problems }: Ingested): boolean => problems.some(isError);

/** What stopped the stream is never left out. */
const named = (problems: readonly Problem[]): readonly Problem[] =>
  problems.length <= MOST_PROBLEMS
    ? problems
    : [
        ...problems.filter(problem => !isError(problem)).slice(0, MOST_PROBLEMS),
        ...problems.filter(isError),
      ];

const isNotice = ({ code }: Problem): boolean => Object.hasOwn(NoticeCode, code);

/** A notice is said once for a stream, however it is cut. */
const withNews = (known: readonly Problem[], more: readonly Problem[]): readonly Problem[] => [
  ...known,
  ...more.filter(one => !(isNotice(one) && known.some(({ code }) => code === one.code))),
];

export const added = (one: Ingested, other: Ingested): Ingested => ({
  accepted: one.accepted + other.accepted,
  skipped: one.skipped + other.skipped,
  rejected: one.rejected + other.rejected,
  duplicates: one.duplicates + other.duplicates,
  lost: Math.min(one.lost + other.lost, Number.MAX_SAFE_INTEGER),
  skippedReasons: merged(one.skippedReasons, other.skippedReasons),
  rejectedReasons: merged(one.rejectedReasons, other.rejectedReasons),
  problems: named(withNews(one.problems, other.problems)),
});

/** It looks like a reply, and is counted as one: it is kept all the same, since what comes later may show otherwise. */
export const looksLikeReply = ({ doubt, isReply }: Observation): boolean =>
  doubt != null && isReply === true;

/** What a reading tells of its records. */
export function taken({ observations, skipped }: Reading) {
  const replies = observations.reduce((sum, one) => sum + (looksLikeReply(one) ? 1 : 0), 0);
  if (replies === 0) return { accepted: observations.length, skipped };
  const reply = (skipped[SkipReason.REPLY] ?? 0) + replies;
  return {
    accepted: observations.length - replies,
    skipped: { ...skipped, [SkipReason.REPLY]: reply },
  };
}

export const outcomeOf = (
  { rejected, lost, notices = [] }: Reading,
  { accepted, skipped }: ReturnType<typeof taken>,
): Ingested => ({
  accepted,
  skipped: total(skipped),
  rejected: rejected.length,
  duplicates: 0,
  lost,
  skippedReasons: skipped,
  rejectedReasons: countsOf(rejected.map(({ code }) => code)),
  problems: [...notices.map(noticed), ...rejected.slice(0, MOST_PROBLEMS).map(problemOf)],
});
