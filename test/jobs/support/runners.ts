import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { silentLog } from '../../../src/database/log.js';
import type { Job } from '../../../src/jobs/job.js';
import { type JobStore, jobStore } from '../../../src/jobs/job.store.js';
import { type JobEnds, openJobEnds } from '../../../src/jobs/job-ends.js';
import { jobRunStore } from '../../../src/jobs/job-run.store.js';
import { type JobRunner, startJobRunner } from '../../../src/jobs/job-runner.js';
import type { JobHandler } from '../../../src/jobs/run-job.js';
import { type DatabaseFixture, withDatabase } from '../../support/database.js';

type Handlers = Readonly<Record<string, JobHandler>>;

export type Runners = DatabaseFixture & {
  readonly jobs: JobStore;
  readonly ends: JobEnds;
  /** Starts a runner, which is stopped at the end of the test. */
  readonly start: (handlers: Handlers, drainMs?: number) => Promise<JobRunner>;
  /** A job of cluster 1. */
  readonly ask: (kind: string, request?: object) => Promise<Job>;
  /** The job as it is when it stands so. */
  readonly until: (job: Job, holds: (job: Job) => boolean, seconds?: number) => Promise<Job>;
};

/** Gives the test a database with cluster 1, and runners on it. */
export const withRunners = (use: (runners: Runners) => Promise<void>): Promise<void> =>
  withDatabase(async fixture => {
    const { source, url, execute } = fixture;
    await execute(`insert into cluster (id, name, created_at) values (1, 'first', now())`);
    const jobs = jobStore(source.manager, LOCAL_CALLER);
    const ends = await openJobEnds(url, silentLog);
    const started: JobRunner[] = [];
    const start: Runners['start'] = async (handlers, drainMs = 10_000) => {
      const runner = await startJobRunner({
        url,
        runs: jobRunStore(source.manager),
        transaction: work => source.transaction(manager => work(jobRunStore(manager))),
        ends,
        handlers,
        drainMs,
        log: silentLog,
      });
      started.push(runner);
      return runner;
    };
    const until: Runners['until'] = async (job, holds, seconds = 15) => {
      for (const end = Date.now() + seconds * 1_000; ; await pause(50)) {
        const [now] = await jobs.byIds([job]);
        assert.ok(now !== undefined);
        if (holds(now)) return now;
        assert.ok(Date.now() < end, `the job is ${JSON.stringify(now)} after ${seconds} s`);
      }
    };
    const ask: Runners['ask'] = (kind, request = {}) => jobs.add({ clusterId: 1, kind, request });
    try {
      await use({ ...fixture, jobs, ends, start, ask, until });
    } finally {
      await Promise.all(started.map(runner => runner.stop()));
      await ends.close();
    }
  });
