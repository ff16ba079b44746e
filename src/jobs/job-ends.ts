import type { Log } from '../database/log.js';
import { listen } from '../database/notify.js';
import { textOfKey } from '../query/row-key.js';
import type { JobKey } from './job.js';
import { JOB_CHANNEL } from './job-row.js';

/** Who hears that a job has ended, by DONE, FAILED or CANCELLED, wherever that happened. */
export type JobEnds = {
  /** Calls back once something was told of the job, or may have been missed. Answers how to stop that. */
  onEnd(key: JobKey, heard: () => void): () => void;
};

export type OpenJobEnds = JobEnds & { close(): Promise<void> };

/**
 * Listens for the ends of jobs: one connection for this process, whatever the number of those who wait.
 * Throws a Failure when the connection cannot be made.
 */
export async function openJobEnds(url: string, log: Log): Promise<OpenJobEnds> {
  const waiting = new Map<string, Set<() => void>>();
  const tell = (text: string): void => {
    for (const heard of waiting.get(text) ?? []) heard();
  };
  const close = await listen(url, JOB_CHANNEL, tell, {
    log,
    onGap: () => {
      for (const text of waiting.keys()) tell(text);
    },
  });
  return {
    onEnd: (key, heard) => {
      const text = textOfKey(key);
      const same = waiting.get(text) ?? new Set();
      waiting.set(text, same.add(heard));
      return () => {
        same.delete(heard);
        if (same.size === 0 && waiting.get(text) === same) waiting.delete(text);
      };
    },
    close,
  };
}
