import { type Command, Option } from 'commander';
import {
  CancelJobDocument,
  type JobFactsFragment,
  type JobFilter,
  type JobStatus,
  JobsDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import type { Color } from '../print/terminal.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { equalTo } from './flow-options.js';
import { assertCluster } from './known.js';
import { allNodes } from './pages.js';
import { hasErrors, tellProblems } from './problem-text.js';

type ListOptions = OutputOptions & {
  readonly cluster?: string;
  readonly kind?: string;
  readonly status?: Lowercase<JobStatus>;
};

const NOUN = ['job', 'work that takes long: generation, simulation, retention'] as const;

const STATUSES: readonly Lowercase<JobStatus>[] = [
  'pending',
  'running',
  'done',
  'failed',
  'cancelled',
];

const filterOf = ({ cluster, kind, status }: ListOptions): JobFilter => ({
  cluster: equalTo(cluster),
  kind: equalTo(kind),
  status: status === undefined ? null : [status.toUpperCase() as JobStatus],
});

const jobsOf = ({ ask }: ApiClient, filter: JobFilter | null) =>
  allNodes(async after => (await ask(JobsDocument, { filter, after })).jobs);

/** All ids of jobs begin alike; their ends tell them apart. */
const SHORT_ID = 10;

/** The job of that id, or the only one whose id ends so. */
async function jobNamed(client: ApiClient, text: string): Promise<JobFactsFragment> {
  const [only, ...others] = (await jobsOf(client, null)).filter(({ id }) => id.endsWith(text));
  if (only === undefined)
    throw new Failure(`no job has an id that ends in \`${text}\``, 'see `weirgate job list`');
  if (others.length === 0) return only;
  throw new Failure(
    `${others.length + 1} jobs have ids that end in \`${text}\``,
    'write more of the id',
  );
}

const COLORS: Readonly<Record<JobStatus, Color | null>> = {
  PENDING: null,
  RUNNING: null,
  DONE: null,
  CANCELLED: 'yellow',
  FAILED: 'red',
};

const progressText = ({ progress: { done, total } }: JobFactsFragment): string =>
  total === null ? `${done}` : `${done} of ${total}`;

const timeText = (moment: string | null): string => (moment === null ? '' : shortTime(moment));

/** A job as documents write it. */
const jobValue = ({ cluster, result, ...job }: JobFactsFragment): object => ({
  ...job,
  cluster: cluster.name,
  result: result?.id ?? null,
});

const jobsListing = (jobs: readonly JobFactsFragment[]): Listing => ({
  heading: ['status', 'kind', 'cluster', 'progress', 'asked for', 'ended', 'id ends in'],
  rows: jobs.map(job => [
    { text: job.status, color: COLORS[job.status] },
    job.kind,
    job.cluster.name,
    progressText(job),
    shortTime(job.createdAt),
    timeText(job.finishedAt),
    job.id.slice(-SHORT_ID),
  ]),
  value: { jobs: jobs.map(jobValue) },
  empty: 'no jobs',
});

/** One job, a line for each thing that is known of it. */
const jobListing = (job: JobFactsFragment): Listing => {
  const rows: readonly (readonly [name: string, text: string])[] = [
    ['id', job.id],
    ['kind', job.kind],
    ['cluster', job.cluster.name],
    ['status', job.status],
    ['progress', progressText(job)],
    ['attempts', `${job.attempts}`],
    ['asked for', `${shortTime(job.createdAt)} by ${job.caller}`],
    ['begun', timeText(job.startedAt)],
    ['should end', timeText(job.progress.expectedEndAt)],
    ['ended', timeText(job.finishedAt)],
    ['error', job.error ?? ''],
    ['result', job.result?.id ?? ''],
    ['details', job.details === null ? '' : JSON.stringify(job.details)],
  ];
  return {
    heading: ['what', 'value'],
    rows: rows.filter(([, text]) => text !== ''),
    value: { job: jobValue(job) },
    empty: 'no job',
  };
};

export const addJobList: AddCommands = shell => {
  const command = group(shell.program, ...NOUN)
    .command('list')
    .description('the jobs of the last 30 days, latest first')
    .option('--cluster <name>', 'only of this cluster')
    .option('--kind <kind>', 'only of this kind, such as simulate')
    .addOption(new Option('--status <status>', 'only in this state').choices(STATUSES))
    .addHelpText('after', '\nExample:\n  $ weirgate job list --cluster production --status failed');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: ListOptions) => {
    const client = clientOf(shell);
    if (options.cluster !== undefined) await assertCluster(client, options.cluster);
    await show(shell, jobsListing(await jobsOf(client, filterOf(options))), options);
  });
};

/** A command that takes a job. */
const ofJob = ({ program }: Shell, name: string): Command =>
  group(program, ...NOUN)
    .command(name)
    .argument('<id>', 'id of the job, or enough of its end to tell it apart');

export const addJobShow: AddCommands = shell => {
  const command = ofJob(shell, 'show')
    .description('how far one job is, what it made or why it failed')
    .addHelpText('after', '\nExample:\n  $ weirgate job show ZTFhZjEyMw --output json');
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (text: string, options: OutputOptions) =>
      show(shell, jobListing(await jobNamed(clientOf(shell), text)), options),
  );
};

export const addJobCancel: AddCommands = shell => {
  const { io, finish } = shell;
  const command = ofJob(shell, 'cancel')
    .description('end a job before it is done; one that has ended stays as it is')
    .addHelpText('after', '\nExample:\n  $ weirgate job cancel ZTFhZjEyMw');
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (text: string, options: OutputOptions) => {
      const client = clientOf(shell);
      const { id } = await jobNamed(client, text);
      const { job, problems } = (await client.ask(CancelJobDocument, { input: { id } })).cancelJob;
      await tellProblems(io, problems);
      if (job === null || hasErrors(problems)) return finish(Exit.FAILED);
      await show(shell, jobListing(job), options);
    },
  );
};
