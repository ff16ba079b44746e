import { EntitySchema } from 'typeorm';
import type { ClaimedJob } from './job.js';

const primaryKey = { primary: true, primaryKeyConstraintName: 'job_pkey' } as const;

type StoredJob = ClaimedJob & {
  /** The process that is at it, as graphile-worker names it. */
  readonly worker: string | null;
  readonly principal: string;
  readonly turn: number;
  readonly trace: string | null;
};

export const JobTable = new EntitySchema<StoredJob>({
  name: 'job',
  columns: {
    clusterId: {
      ...primaryKey,
      type: 'int',
      name: 'cluster_id',
      foreignKey: { target: 'cluster', name: 'job_cluster_fkey' },
    },
    id: { ...primaryKey, type: 'uuid' },
    kind: { type: 'text' },
    status: { type: 'text' },
    done: { type: 'int' },
    total: { type: 'int', nullable: true },
    error: { type: 'text', nullable: true },
    request: { type: 'jsonb' },
    result: { type: 'jsonb', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    startedAt: { type: 'timestamptz', name: 'started_at', nullable: true },
    finishedAt: { type: 'timestamptz', name: 'finished_at', nullable: true },
    heartbeatAt: { type: 'timestamptz', name: 'heartbeat_at', nullable: true },
    attempts: { type: 'int' },
    caller: { type: 'text' },
    scope: { type: 'text', default: '' },
    worker: { type: 'text', nullable: true },
    principal: { type: 'text', default: '' },
    turn: { type: 'smallint', default: 0 },
    trace: { type: 'text', nullable: true },
  },
  indices: [
    { name: 'job_created', synchronize: false },
    { name: 'job_unfinished', synchronize: false },
  ],
});

type JobWorker = { readonly id: string; readonly heartbeatAt: string };

/** Processes that take jobs; the name is graphile-worker's own for what it locks. */
export const JobWorkerTable = new EntitySchema<JobWorker>({
  name: 'job_worker',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'job_worker_pkey' },
    heartbeatAt: { type: 'timestamptz', name: 'heartbeat_at' },
  },
});
