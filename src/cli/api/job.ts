import { type Command, Option } from 'commander';
import {
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
import type { AddCommands } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { equalTo } from './flow-options.js';
import { endingIn, SHORT_ID } from './id-ending.js';
import { assertCluster } from './known.js';
import { allNodes } from './pages.js';

/** What commands choose jobs by. */
export type JobOptions = OutputOptions & {
  readonly cluster?: string;
  readonly kind?: string;
  readonly status?: Lowercase<JobStatus>;
};

export const JOB_NOUN = ['job', 'work that takes long: generation, simulation, retention'] as const;

/** What servers do in jobs. */
const KINDS = ['generate', 'simulate', 'retention', 'roll-up', 'delete-cluster'];

const STATUSES: readonly Lowercase<JobStatus>[] = [
  'pending',
  'running',
  'done',
  'failed',
  'cancelled',
];

export const jobFilter = ({ cluster, kind, status }: JobOptions): JobFilter => ({
  cluster: equalTo(cluster),
  kind: equalTo(kind),
  status: status === undefined ? null : [status.toUpperCase() as JobStatus],
});

const jobsOf = ({ ask }: ApiClient, filter: JobFilter | null) =>
  allNodes(async after => (await ask(JobsDocument, { filter, after })).jobs);

/** The job of that id, or the only one whose id ends so. */
export const jobNamed = async (client: ApiClient, text: string): Promise<JobFactsFragment> =>
  endingIn(await jobsOf(client, null), text, { one: 'job', many: 'jobs', list: 'job list' });

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

export const jobsListing = (jobs: readonly JobFactsFragment[]): Listing => ({
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
export const jobListing = (job: JobFactsFragment): Listing => {
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
    isFacts: true,
    rows: rows.filter(([, text]) => text !== ''),
    value: { job: jobValue(job) },
    empty: 'no job',
  };
};

export const addJobFilter = (command: Command): Command =>
  command
    .option('--cluster <name>', 'only of this cluster')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(KINDS))
    .addOption(new Option('--status <status>', 'only in this state').choices(STATUSES));

export const addJobList: AddCommands = shell => {
  const command = addJobFilter(group(shell.program, ...JOB_NOUN).command('list'))
    .description('the jobs of the last 30 days, latest first')
    .addHelpText('after', '\nExample:\n  $ weirgate job list --cluster production --status failed');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: JobOptions) => {
    const client = clientOf(shell);
    if (options.cluster !== undefined) await assertCluster(client, options.cluster);
    await show(shell, jobsListing(await jobsOf(client, jobFilter(options))), options);
  });
};

export const addJobShow: AddCommands = shell => {
  const command = group(shell.program, ...JOB_NOUN)
    .command('show')
    .argument('<id>', 'id of the job, or enough of its end to tell it apart')
    .description('how far one job is, what it made or why it failed')
    .addHelpText('after', '\nExample:\n  $ weirgate job show ZTFhZjEyMw --output json');
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (text: string, options: OutputOptions) =>
      show(shell, jobListing(await jobNamed(clientOf(shell), text)), options),
  );
};
