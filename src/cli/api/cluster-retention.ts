import {
  ClusterRetentionDocument,
  type ClusterRetentionQuery,
  SetRetentionDocument,
  SetRollUpDocument,
} from '../../generated/cli.js';
import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addCluster } from './flow-options.js';
import { SHORT_ID } from './id-ending.js';
import { noCluster } from './known.js';
import { hasErrors, tellProblems } from './problem-text.js';

/** Null: all are kept, or they never become days. In an object, since an option that is null counts as empty text. */
type Days = { readonly days: number | null };

type Options = OutputOptions & {
  readonly cluster: string;
  readonly keep?: Days;
  readonly rollUp?: Days;
};

type Kept = NonNullable<ClusterRetentionQuery['cluster']>;

type Outcome = {
  readonly job: { readonly id: string } | null;
  readonly problems: Parameters<typeof tellProblems>[1];
};

/** Reads `90d`, `90`, or the word for no limit. */
const daysOr =
  (none: string) =>
  (text: string): Days => {
    if (text === none) return { days: null };
    const days = /^(\d{1,5})d?$/.exec(text)?.[1];
    if (days !== undefined && Number(days) > 0) return { days: Number(days) };
    throw new Failure(`\`${text}\` is not a number of days`, `write it as 90d, or \`${none}\``);
  };

export const addClusterRetention: AddCommands = shell => {
  const command = group(shell.program, 'cluster', 'clusters and their inventory')
    .command('retention')
    .description('how long flows of a cluster are kept, and by the hour; with days given, sets it')
    .option('--keep <days>', 'days before the newest observation, or `all`', daysOr('all'))
    .option(
      '--roll-up <days>',
      'days after which counts by hour become counts by day for good, or `never`',
      daysOr('never'),
    )
    .addHelpText(
      'after',
      `
What is older than that goes at once and every night, in jobs that \`job list\` shows.

Examples:
  $ weirgate cluster retention --cluster production
  $ weirgate cluster retention --cluster production --keep 90d --roll-up 30d`,
    );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(async (options: Options) =>
    shell.finish(await run(shell, options)),
  );
};

async function run(shell: Shell, options: Options): Promise<Exit> {
  const client = clientOf(shell);
  const { cluster } = options;
  const outcomes: Outcome[] = [];
  const keptNow = async () => (await client.ask(ClusterRetentionDocument, { cluster })).cluster;
  const before = await keptNow();
  if (before === null) throw await noCluster(client, cluster);
  if (options.keep !== undefined) {
    const input = { cluster, ...options.keep };
    outcomes.push((await client.ask(SetRetentionDocument, { input })).setRetention);
  }
  if (options.rollUp !== undefined) {
    const input = { cluster, ...options.rollUp };
    outcomes.push((await client.ask(SetRollUpDocument, { input })).setRollUp);
  }
  const problems = outcomes.flatMap(outcome => outcome.problems);
  await tellProblems(shell.io, problems);
  const kept = outcomes.length === 0 ? before : await keptNow();
  if (kept === null) throw await noCluster(client, cluster);
  const jobs = outcomes.flatMap(({ job }) => (job === null ? [] : [job.id]));
  await show(shell, listingOf(cluster, kept, jobs), options);
  return hasErrors(problems) ? Exit.FAILED : Exit.CLEAN;
}

const listingOf = (cluster: string, kept: Kept, jobs: readonly string[]): Listing => ({
  heading: ['cluster', 'kept days', 'by day after', 'by day until', 'job ids end in'],
  rows: [
    [
      cluster,
      `${kept.retentionDays ?? 'all'}`,
      `${kept.rollUpDays ?? 'never'}`,
      shortTime(kept.rolledUntil),
      jobs.map(id => id.slice(-SHORT_ID)).join(', '),
    ],
  ],
  value: { cluster, ...kept, jobs },
  empty: '',
});
