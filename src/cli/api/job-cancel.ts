import {
  CancelJobDocument,
  CancelJobsDocument,
  type JobFactsFragment,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { type AddCommands, Exit } from '../shell.js';
import { show } from '../show.js';
import { assertChosen } from './id-ending.js';
import {
  addJobFilter,
  JOB_NOUN,
  type JobOptions,
  jobFilter,
  jobListing,
  jobNamed,
  jobsListing,
} from './job.js';
import { assertCluster } from './known.js';
import { type ApiProblem, hasErrors, tellProblems } from './problem-text.js';

type Cancelled = {
  readonly jobs: readonly JobFactsFragment[];
  readonly problems: readonly ApiProblem[];
};

async function byIds(client: ApiClient, texts: readonly string[]): Promise<Cancelled> {
  const ids: string[] = [];
  for (const text of texts) ids.push((await jobNamed(client, text)).id);
  const jobs: JobFactsFragment[] = [];
  const problems: ApiProblem[] = [];
  for (const id of ids) {
    const answer = (await client.ask(CancelJobDocument, { input: { id } })).cancelJob;
    if (answer.job !== null) jobs.push(answer.job);
    problems.push(...answer.problems);
  }
  return { jobs, problems };
}

/** So many at once as the server takes, until the filter finds none that goes on. */
async function byFilter({ ask }: ApiClient, options: JobOptions): Promise<Cancelled> {
  const jobs: JobFactsFragment[] = [];
  for (;;) {
    const input = { filter: jobFilter(options) };
    const answer = (await ask(CancelJobsDocument, { input })).cancelJobs;
    jobs.push(...answer.jobs);
    if (!answer.more || answer.jobs.length === 0) return { jobs, problems: answer.problems };
  }
}

/** One that was named is shown with all that is known of it. */
function listingOf(jobs: readonly JobFactsFragment[], named: number): Listing {
  const [only] = named === 1 ? jobs : [];
  return only === undefined ? jobsListing(jobs) : jobListing(only);
}

const isChosen = ({ cluster, kind, status }: JobOptions): boolean =>
  [cluster, kind, status].some(each => each !== undefined);

export const addJobCancel: AddCommands = shell => {
  const { io, finish } = shell;
  const command = addJobFilter(group(shell.program, ...JOB_NOUN).command('cancel'))
    .argument('[ids...]', 'ids of jobs, or enough of their ends to tell them apart')
    .description('end jobs before they are done, by ids or by a filter; those that have ended stay')
    .addHelpText(
      'after',
      '\nExamples:\n  $ weirgate job cancel ZTFhZjEyMw\n  $ weirgate job cancel --cluster production --kind simulate',
    );
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (texts: readonly string[], options: JobOptions) => {
      assertChosen(texts, isChosen(options), { one: 'job', filter: '--kind simulate' });
      const client = clientOf(shell);
      if (options.cluster !== undefined) await assertCluster(client, options.cluster);
      const { jobs, problems } = await (texts.length > 0
        ? byIds(client, texts)
        : byFilter(client, options));
      await tellProblems(io, problems);
      const listing = listingOf(jobs, texts.length);
      if (jobs.length > 0 || !hasErrors(problems)) await show(shell, listing, options);
      finish(hasErrors(problems) ? Exit.FAILED : Exit.CLEAN);
    },
  );
};
