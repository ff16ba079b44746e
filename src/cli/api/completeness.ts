import { CompletenessDocument, type CompletenessQuery } from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, outputOf } from '../command.js';
import {
  isForPeople,
  LISTING_FORMATS,
  type Listing,
  type ListingFormat,
} from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, write } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addCluster, addWindow, type WindowOptions } from './flow-options.js';
import { assertCluster } from './known.js';
import { flowsNoun } from './network-flow.js';
import { completenessLines } from './simulation-rows.js';

type Options = WindowOptions & OutputOptions & { readonly cluster: string };

type Seen = NonNullable<CompletenessQuery['cluster']>['completeness'];
type Source = Seen['sources'][number];

export const addNetworkFlowCompleteness: AddCommands = shell => {
  const { program, io } = shell;
  const command = flowsNoun(program)
    .command('completeness')
    .description('what came of each source, and what a window does not show')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate network-flow completeness --cluster production --since 7d',
    );
  addOutput(addWindow(addCluster(command)), LISTING_FORMATS, 'table').action(
    async (options: Options) => {
      const seen = await completenessOf(clientOf(shell), options);
      const format = outputOf(options);
      await show(shell, listingOf(seen), options);
      if (isForPeople(format))
        await write(io.stdout, `\n${linesOf(seen).map(bulletIn(format)).join('')}`);
    },
  );
};

const bulletIn =
  (format: ListingFormat) =>
  (line: string): string =>
    `${format === 'markdown' ? '- ' : ''}${line}\n`;

async function completenessOf(client: ApiClient, options: Options): Promise<Seen> {
  const { cluster: name, since = null, until = null } = options;
  await assertCluster(client, name);
  const { cluster } = await client.ask(CompletenessDocument, { cluster: name, since, until });
  if (cluster === null) throw new Error(`cluster ${name} went away`);
  return cluster.completeness;
}

const countOf = (total: string, reasons: Source['skippedReasons']): string =>
  reasons.length === 0
    ? total
    : `${total} (${reasons.map(({ reason, count }) => `${reason} ${count}`).join(', ')})`;

const MOST_GAPS = 3;

const gapsOf = ({ gaps, gapCount }: Source): string => {
  const latest = gaps.slice(-MOST_GAPS);
  const told = latest.map(({ since, until }) => `${shortTime(since)} to ${shortTime(until)}`);
  return gapCount > latest.length
    ? `${gapCount}, the latest ${told.join('; ')}`
    : told.join('; ') || '-';
};

const listingOf = (seen: Seen): Listing => ({
  heading: [
    ...['source', 'received', 'accepted', 'rejected', 'skipped', 'duplicates', 'lost'],
    ...['sampling', 'first', 'last', 'gaps'],
  ],
  rows: seen.sources.map(source => [
    ...[source.name, source.received, source.accepted],
    countOf(source.rejected, source.rejectedReasons),
    countOf(source.skipped, source.skippedReasons),
    ...[source.duplicates, source.lost],
    source.sampling === null ? '-' : `1:${source.sampling}`,
    ...[shortTime(source.firstAt), shortTime(source.lastAt), gapsOf(source)],
  ]),
  value: seen,
  empty: 'nothing was received in the window',
});

const PERCENT = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

const linesOf = (seen: Seen): readonly string[] => [
  ...completenessLines(seen),
  ...(seen.unresolvedShare === null
    ? []
    : [
        `share of flows with an end that nobody could name: ${PERCENT.format(seen.unresolvedShare)}`,
      ]),
  ...seen.sources
    .filter(({ withoutId }) => withoutId !== '0')
    .map(
      ({ name, withoutId }) =>
        `${counted(withoutId, `record of ${name} has`, `records of ${name} have`)} no id: duplicates not told apart where uploads overlap`,
    ),
  ...seen.cutDays.map(
    day => `the window cuts ${day.slice(0, 10)}, of which the whole day is counted or nothing`,
  ),
  ...(seen.forgottenUntil === null
    ? []
    : [`what was seen before ${shortTime(seen.forgottenUntil)} is forgotten`]),
  ...(seen.idleCronJobs.length === 0
    ? []
    : [`CronJobs that never ran: ${seen.idleCronJobs.join(', ')}`]),
];
