export const JobStatus = {
  /** Waits for a worker. */
  PENDING: 'PENDING',
  /** A worker is at it. */
  RUNNING: 'RUNNING',
  DONE: 'DONE',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
} as const;
export type JobStatus = (typeof JobStatus)[keyof typeof JobStatus];

export type JobKey = { readonly clusterId: number; readonly id: string };

/** Small: what the work made, by id of the API, and numbers worth telling. */
export type JobResult = {
  /** Id of what it made, as `node` takes it. */
  readonly node?: string;
  /** Numbers and words for people. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
  /** What the mutation that asked for it answers beside the node: JSON values, bounded. */
  readonly outcome?: unknown;
};

/** One piece of long work of a cluster. Times are ISO text of the database's clock. */
export type Job = JobKey & {
  /** Names the handler. */
  readonly kind: string;
  readonly status: JobStatus;
  /** Of `total`, in the current attempt. */
  readonly done: number;
  /** Null: not known yet. */
  readonly total: number | null;
  /** Why it failed, or why its last attempt did; without a stack. */
  readonly error: string | null;
  readonly result: JobResult | null;
  readonly createdAt: string;
  /** When the current attempt began. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** When its worker last told of itself. */
  readonly heartbeatAt: string | null;
  /** How often it was begun. */
  readonly attempts: number;
  /** Name of who asked for it. */
  readonly caller: string;
};

/** A job as its handler gets it. What was asked may be megabytes of policies: nobody else reads it. */
export type ClaimedJob = Job & {
  /** As it is stored: `unpacked` reads it. */
  readonly request: unknown;
  /** What of the cluster it is for, as `scopeKey` says it. */
  readonly scope: string;
};

/** Attempts after which a job whose workers end or throw is given up. */
export const MOST_ATTEMPTS = 3;

/** A worker that was silent for so long is taken for dead. */
export const SILENT_SECONDS = 30;

/** Nothing more will happen to it. */
export const hasEnded = ({ status }: Pick<Job, 'status'>): boolean =>
  status === JobStatus.DONE || status === JobStatus.FAILED || status === JobStatus.CANCELLED;

export type JobProgress = {
  readonly done: number;
  readonly total: number | null;
  /** Since the current attempt began; null before it tells anything. */
  readonly ratePerSecond: number | null;
  /** ISO text; null when it has ended or nothing can be said yet. */
  readonly expectedEndAt: string | null;
};

/** How far it is and when it should be there, if it goes on as it did. */
export function progressOf(
  job: Pick<Job, 'status' | 'done' | 'total' | 'startedAt' | 'finishedAt'>,
  now: Date,
): JobProgress {
  const { done, total, startedAt } = job;
  const until = job.finishedAt === null ? now.getTime() : Date.parse(job.finishedAt);
  const seconds = startedAt === null ? 0 : (until - Date.parse(startedAt)) / 1_000;
  const rate = seconds > 0 && done > 0 ? done / seconds : null;
  const left = rate === null || total === null ? null : Math.max(0, total - done) / rate;
  const expected =
    left === null || hasEnded(job) ? null : new Date(now.getTime() + left * 1_000).toISOString();
  return { done, total, ratePerSecond: rate, expectedEndAt: expected };
}

/** The longest text of an error that is kept. */
const LONGEST_ERROR = 1_000;

/** What a thrown value says, without its stack. */
export const errorText = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error)).slice(0, LONGEST_ERROR);
