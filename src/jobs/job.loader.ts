import DataLoader from 'dataloader';
import { textOfKey } from '../query/row-key.js';
import type { Job, JobKey } from './job.js';
import type { JobStore } from './job.store.js';

export type JobLoader = Pick<DataLoader<JobKey, Job | null>, 'load'>;

/** Jobs by id, null where there is none: one statement for all that one response asks for. */
export const jobLoader = (jobs: Pick<JobStore, 'byIds'>): JobLoader =>
  new DataLoader<JobKey, Job | null, string>(
    async keys => {
      const found = new Map((await jobs.byIds(keys)).map(job => [textOfKey(job), job]));
      return keys.map(key => found.get(textOfKey(key)) ?? null);
    },
    { cacheKeyFn: textOfKey },
  );
