import { named } from '../baselines/named.js';
import type { Completeness } from '../flows/completeness.js';
import { counted, type Problem, Severity } from '../netpol/index.js';

/** What lowers the confidence of all rules, and what is said about it. */
export type Doubt = {
  readonly problem: Problem;
  /** By which the confidence of each rule is multiplied, 0 to 1. */
  readonly factor: number;
};

const doubt = (factor: number, code: string, message: string, hint: string): Doubt => ({
  factor,
  problem: { code, severity: Severity.WARNING, message, path: null, place: null, hint },
});

const HOUR_MS = 3_600_000;
/** "Observe traffic for at least 24-48 hours": daily jobs show within a day, and some only in the second. */
const [SHORTEST_HOURS, SHORT_HOURS] = [24, 48];

const grouped = (number: bigint | number): string => number.toLocaleString('en-US');

/** What the sources took in that could be used. */
const acceptedOf = ({ sources }: Completeness): bigint =>
  sources.reduce((sum, { accepted }) => sum + BigInt(accepted), 0n);

/** Of what happened the share that is in the flows, where `missing` of it is not. */
const shareOf = (seen: bigint, missing: bigint): number =>
  seen === 0n ? 0 : Number(seen) / Number(seen + missing);

function lost(completeness: Completeness): readonly Doubt[] {
  const { lostEvents, rejectedRecords } = completeness;
  const accepted = acceptedOf(completeness);
  const [events, records] = [BigInt(lostEvents), BigInt(rejectedRecords)];
  return [
    ...(events > 0n
      ? [
          doubt(
            shareOf(accepted, events),
            'EVENTS_LOST',
            `the sources lost ${counted(grouped(events), 'event')} in the window, beside ${grouped(accepted)} that were taken in; what was only among the lost gets no rule`,
            'find out why (`diagnose`), widen buffers at the source, and observe again before the policies are applied',
          ),
        ]
      : []),
    ...(records > 0n
      ? [
          doubt(
            shareOf(accepted, records),
            'RECORDS_REJECTED',
            `${counted(grouped(records), 'record')} of the window could not be used`,
            'see `completeness` for the reasons, and send them again',
          ),
        ]
      : []),
  ];
}

const sampled = ({ sources }: Completeness): readonly Doubt[] =>
  sources.flatMap(({ name, sampling }) =>
    sampling !== null && sampling > 1
      ? [
          doubt(
            0.7,
            'SAMPLED',
            `the source \`${name}\` keeps one of ${grouped(sampling)} packets: rare connections are not in the flows`,
            'observe without sampling, or for long enough that rare connections come up',
          ),
        ]
      : [],
  );

const hoursBetween = (first: string, last: string): number =>
  (Date.parse(last) - Date.parse(first)) / HOUR_MS;

const length = (hours: number): string => {
  if (hours < 1 / 60) return 'a moment';
  return hours < 2 ? counted(Math.round(hours * 60), 'minute') : counted(Math.round(hours), 'hour');
};

function duration({ firstSeenAt, lastSeenAt, silentHours }: Completeness): readonly Doubt[] {
  if (firstSeenAt === null || lastSeenAt === null) return [];
  const hours = hoursBetween(firstSeenAt, lastSeenAt);
  const spanned = Math.max(1, hours);
  return [
    ...(hours < SHORT_HOURS
      ? [
          doubt(
            hours < SHORTEST_HOURS ? 0.5 : 0.8,
            'SHORT_WINDOW',
            `only ${length(hours)} of traffic was seen`,
            'observe at least 24-48 hours, better a week or two: nightly jobs and rare calls are not in it yet',
          ),
        ]
      : []),
    ...(silentHours > 0
      ? [
          doubt(
            Math.max(0.1, 1 - silentHours / spanned),
            'GAPS',
            `nothing at all was seen in ${counted(silentHours, 'hour')} between the first and the last observation`,
            'find out whether the sources were down (`diagnose`)',
          ),
        ]
      : []),
  ];
}

const forgotten = ({ since, forgottenUntil }: Completeness): readonly Doubt[] =>
  since === null || forgottenUntil === null
    ? []
    : [
        doubt(
          1,
          'FORGOTTEN',
          `the window begins before ${forgottenUntil.slice(0, 13)}:00Z, and what was seen until then is forgotten`,
          'keep flows for as long as the window is (`setRetention`), or ask for a shorter one',
        ),
      ];

const idle = ({ idleCronJobs }: Completeness): readonly Doubt[] =>
  idleCronJobs.length === 0
    ? []
    : [
        doubt(
          0.9,
          'JOBS_NOT_RUN',
          `${counted(idleCronJobs.length, 'CronJob')} never ran in the window: ${named(idleCronJobs)}`,
          'observe until they have run: what they call, and who serves them, is not in the flows',
        ),
      ];

/** What a window did not show, and how far that lowers the confidence of what was made of it. */
export const doubtsOf = (completeness: Completeness): readonly Doubt[] => [
  ...lost(completeness),
  ...sampled(completeness),
  ...forgotten(completeness),
  ...duration(completeness),
  ...idle(completeness),
];

/** Of deployments that did not start anew in the window. */
export const noRestart = (names: readonly string[]): readonly Doubt[] =>
  names.length === 0
    ? []
    : [
        doubt(
          0.9,
          'NO_RESTART',
          `no pod of ${counted(names.length, 'deployment')} started in the window, so that what ${names.length === 1 ? 'it does' : 'they do'} only at start was not seen: ${named(names)}`,
          'restart them once while the flows are recorded, or widen the window',
        ),
      ];
