import { type Command, Option } from 'commander';
import { clientOf } from '../client.js';
import { addOutput, group, outputOf } from '../command.js';
import {
  isForPeople,
  LISTING_FORMATS,
  type Listing,
  type ListingFormat,
  listingText,
} from '../print/listing.js';
import { type Terminal, terminalOf } from '../print/terminal.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, type Shell, write } from '../shell.js';
import { show } from '../show.js';
import { addFlowOptions, type FlowOptions, flowsOf } from './flow-options.js';
import {
  type FlowRow,
  flowLine,
  flowRows,
  GROUPS,
  type GroupExternal,
  portText,
} from './flow-row.js';
import { foreignLine } from './foreign.js';

type Format<Formats> = { readonly output: Formats; readonly outputFormat?: Formats };

/** The commands about flows. */
export const flowsNoun = (program: Command): Command =>
  group(program, 'network-flow', 'observed flows');

const COUNTS = [
  '--counts',
  'with the events of each verdict of the dataplane, in the window',
] as const;

type Counted = { readonly counts?: boolean; readonly groupExternal?: GroupExternal };

const groupExternal = (): Option =>
  new Option(
    '--group-external <how>',
    'put ends outside together by this, and say how many addresses each has',
  ).choices(GROUPS);

export const addNetworkFlowList: AddCommands = shell => {
  const command = flowsNoun(shell.program)
    .command('list')
    .description('the flows of a cluster, one per line, with their tags')
    .addHelpText(
      'after',
      `
Example:
  $ weirgate network-flow list --cluster production --namespace my-app --deployment frontend
  frontend -> backend (TCP 8080) [ACTIVE, BASELINE, ALLOWED]
  frontend -> EXTERNAL:api.payments.example (TCP 443) [ACTIVE]

With --namespace the deployments of that namespace go by their bare names.`,
    );
  const asked = addFlowOptions(command)
    .option(...COUNTS)
    .addOption(groupExternal());
  addOutput(asked, LISTING_FORMATS, 'table').action(
    async (options: FlowOptions & Counted & Format<ListingFormat>) => {
      const client = clientOf(shell);
      const flows = await flowsOf(client, options);
      await write(shell.io.stderr, await foreignLine(client, options.cluster));
      const { namespace = null, counts, groupExternal: by } = options;
      const rows = flowRows(flows, namespace, counts, by);
      await print(shell, rows, outputOf(options));
    },
  );
};

const cellsOf = (row: FlowRow) => [
  row.source,
  row.destination,
  portText(row.protocol, row.port),
  row.tags.join(', '),
  row.events,
  shortTime(row.lastSeen),
];

const flowsListing = (rows: readonly FlowRow[]): Listing => ({
  heading: ['source', 'destination', 'port', 'tags', 'events', 'last seen'],
  rows: rows.map(cellsOf),
  value: { flows: rows },
  empty: 'no flows',
});

/** The list in one of its forms; a table of flows has one line for each, as the recipe shows it. */
export const listText = (
  rows: readonly FlowRow[],
  format: ListingFormat,
  terminal: Terminal,
): string =>
  format === 'table'
    ? rows.map(row => `${flowLine(row, terminal)}\n`).join('')
    : listingText(flowsListing(rows), format, terminal);

async function print({ io }: Shell, rows: readonly FlowRow[], format: ListingFormat) {
  if (isForPeople(format) && rows.length === 0) await write(io.stderr, 'no flows\n');
  await write(io.stdout, listText(rows, format, terminalOf(io.stdout, io.env)));
}

const EXPORT_FORMATS = ['json', 'yaml', 'csv'] as const satisfies readonly ListingFormat[];
type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const addNetworkFlowExport: AddCommands = shell => {
  const command = flowsNoun(shell.program)
    .command('export')
    .description('the flows of a cluster for scripts: sorted, each once, names stable')
    .addHelpText(
      'after',
      `
Example, what is new since the flows that were kept:
  $ weirgate network-flow export --cluster production --since 7d --output json > current-flows.json
  $ diff <(jq -S '.flows[] | {src: .source, dst: .destination, port: .port}' baseline-flows.json) \\
         <(jq -S '.flows[] | {src: .source, dst: .destination, port: .port}' current-flows.json)`,
    );
  addOutput(addFlowOptions(command).option(...COUNTS), EXPORT_FORMATS, 'json').action(
    async (options: FlowOptions & Counted & Format<ExportFormat>) => {
      const rows = flowRows(await flowsOf(clientOf(shell), options), null, options.counts);
      await show(shell, flowsListing(rows), { output: outputOf(options) });
    },
  );
};
