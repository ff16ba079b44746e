import { setTimeout as pause } from 'node:timers/promises';
import { openDataSource } from '../../../src/database/data-source.js';
import { silentLog } from '../../../src/database/log.js';
import { openJobEnds } from '../../../src/jobs/job-ends.js';
import { jobRunStore } from '../../../src/jobs/job-run.store.js';
import { startJobRunner } from '../../../src/jobs/job-runner.js';

/** A process of its own that runs jobs of kind `slow` of the database given, each of which never ends. */
const [url = ''] = process.argv.slice(2);
const source = await openDataSource(url, { tables: [], migrations: [], poolSize: 2 });
await startJobRunner({
  url,
  runs: jobRunStore(source.manager),
  transaction: work => source.transaction(manager => work(jobRunStore(manager))),
  ends: await openJobEnds(url, silentLog),
  handlers: {
    slow: async (_job, { progress, signal }) => {
      progress(1, 10);
      await pause(600_000, undefined, { signal });
      return null;
    },
  },
  log: silentLog,
});
