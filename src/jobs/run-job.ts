import { setTimeout as pause } from 'node:timers/promises';
import { isFailure } from '../database/failure.js';
import type { Log } from '../database/log.js';
import { type ClaimedJob, errorText, type JobKey, type JobResult, MOST_ATTEMPTS } from './job.js';
import type { JobEnds } from './job-ends.js';
import type { JobRunStore, RunProgress } from './job-run.store.js';

export type JobControl = {
  /** Aborted when the job was cancelled or taken away, or when this process drains: end soon, by throwing. */
  readonly signal: AbortSignal;
  /** How far it is; cheap, to be called as often as one likes. `total` null: not known yet. Whole numbers. */
  readonly progress: (done: number, total: number | null) => void;
};

/** What a job does, wherever it runs, for the eyes of who asked for it, until its signal ends it. */
export type Working<UseCases> = {
  readonly useCasesFor: (
    job: Pick<ClaimedJob, 'caller' | 'scope'>,
    signal: AbortSignal,
  ) => UseCases;
};

/**
 * Does one kind of job. It may be run again from its beginning, after a process was killed or something was thrown, so that
 * a second run must not do harm. A Failure that it throws is final; all else is tried again, three times in all.
 */
export type JobHandler = (job: ClaimedJob, control: JobControl) => Promise<JobResult | null>;

export type RunJobDeps = {
  readonly runs: Pick<JobRunStore, 'claim' | 'beat' | 'end' | 'retry' | 'giveBack'>;
  readonly ends: JobEnds;
  /** By the kind of the job. */
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Name of this worker. */
  readonly worker: string;
  /** Aborted when this process gives its jobs back. */
  readonly draining: AbortSignal;
  readonly log: Log;
};

const BEAT_EVERY_MS = 3_000;
const PROGRESS_EVERY_MS = 500;

/** After a give-back, a handler that does not hear has so long until it is left to itself. */
const DEAF_MS = 2_000;

/** Before the second and third attempt. */
const RETRY_SECONDS = [1, 10];

type Run = RunJobDeps & {
  readonly job: ClaimedJob;
  readonly stop: AbortController;
  /** Mutable: what `progress` said last. */
  readonly told: { now: RunProgress; written: RunProgress };
};

/** Tells that it goes on, and how far; where it is not this worker's any more, the handler hears of it. */
async function beat({ runs, job, worker, told, stop, log }: Run): Promise<void> {
  told.written = told.now;
  try {
    if (!(await runs.beat(job, worker, told.now)))
      stop.abort(new Error('the job was cancelled or taken away'));
  } catch (error) {
    log.warn({ err: error, job: job.id }, 'cannot tell how far a job is');
  }
}

/** Every half second where there is news, and at least every three seconds. */
async function keepBeating(run: Run, ended: AbortSignal): Promise<void> {
  for (let waited = PROGRESS_EVERY_MS; ; waited += PROGRESS_EVERY_MS) {
    await pause(PROGRESS_EVERY_MS, undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) return;
    if (run.told.now === run.told.written && waited < BEAT_EVERY_MS) continue;
    waited = 0;
    await beat(run);
  }
}

type Outcome =
  | { readonly kind: 'DONE'; readonly result: JobResult | null }
  | { readonly kind: 'THREW'; readonly error: unknown }
  | { readonly kind: 'GIVEN_BACK' };

/** A process that drains does not wait for a handler that does not hear. */
async function deaf(draining: AbortSignal, ended: AbortSignal): Promise<Outcome> {
  if (!draining.aborted) {
    await new Promise<void>(resolve => {
      for (const signal of [draining, ended])
        signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await pause(DEAF_MS, undefined, { signal: ended }).catch(() => {});
  return { kind: 'GIVEN_BACK' };
}

async function outcomeOf(run: Run, ended: AbortSignal): Promise<Outcome> {
  const { job, handlers, stop, told, draining } = run;
  const handler = handlers[job.kind];
  if (handler === undefined) throw new Error(`no handler is named \`${job.kind}\``);
  const control: JobControl = {
    signal: stop.signal,
    progress: (done, total) => {
      told.now = { done, total };
    },
  };
  const handled = (async (): Promise<Outcome> => {
    try {
      return { kind: 'DONE', result: await handler(job, control) };
    } catch (error) {
      return draining.aborted && !isFailure(error)
        ? { kind: 'GIVEN_BACK' }
        : { kind: 'THREW', error };
    }
  })();
  return await Promise.race([handled, deaf(draining, ended)]);
}

async function settle({ runs, job, worker, log, told }: Run, outcome: Outcome): Promise<void> {
  if (outcome.kind === 'GIVEN_BACK') {
    await runs.giveBack(job, worker);
    return;
  }
  if (told.now !== told.written) await runs.beat(job, worker, told.now);
  if (outcome.kind === 'DONE') {
    await runs.end(job, worker, { status: 'DONE', result: outcome.result });
    return;
  }
  const { error } = outcome;
  const text = errorText(error);
  const final = isFailure(error) || job.attempts >= MOST_ATTEMPTS;
  const held = final
    ? await runs.end(job, worker, { status: 'FAILED', error: text })
    : await runs.retry(job, worker, text, RETRY_SECONDS[job.attempts - 1] ?? 10);
  if (held && !isFailure(error))
    log.error({ err: error, job: job.id, kind: job.kind }, 'a job threw');
}

/**
 * Runs one job that waits to its end: DONE, FAILED, PENDING again, or whatever somebody else made of it meanwhile.
 * Does nothing where it does not wait any more. Throws only when the database cannot be asked.
 */
export async function runJob(deps: RunJobDeps, key: JobKey): Promise<void> {
  const job = await deps.runs.claim(key, deps.worker);
  if (job === null) return;
  const stop = new AbortController();
  const ended = new AbortController();
  const nothing: RunProgress = { done: 0, total: null };
  const run: Run = { ...deps, job, stop, told: { now: nothing, written: nothing } };
  const forget = deps.ends.onEnd(job, () => void beat(run));
  const drained = (): void => stop.abort(new Error('the process drains'));
  deps.draining.addEventListener('abort', drained, { once: true });
  if (deps.draining.aborted) drained();
  const beating = keepBeating(run, ended.signal);
  try {
    const outcome = await outcomeOf(run, ended.signal);
    ended.abort();
    await beating;
    await settle(run, outcome);
  } finally {
    ended.abort();
    forget();
    deps.draining.removeEventListener('abort', drained);
  }
}
