import type { Command } from 'commander';
import { clientOf } from '../client.js';
import { addOutput, group, outputOf } from '../command.js';
import { jsonText, LISTING_FORMATS, type ListingFormat, yamlText } from '../print/listing.js';
import { markdownText } from '../print/table.js';
import { type Terminal, terminalOf } from '../print/terminal.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, write } from '../shell.js';
import { addFlowOptions, type FlowOptions, flowsOf } from './flow-options.js';
import { type FlowRow, flowLine, flowRows, portText } from './flow-row.js';

type Format<Formats> = { readonly output: Formats; readonly outputFormat?: Formats };

/** The commands about flows. */
export const flowsNoun = (program: Command): Command =>
  group(program, 'network-flow', 'observed flows');

const COUNTS = [
  '--counts',
  'with the events of each verdict of the dataplane, in the window',
] as const;

type Counted = { readonly counts?: boolean };

export const addNetworkFlowList: AddCommands = shell => {
  const { program, io } = shell;
  const command = flowsNoun(program)
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
  addOutput(addFlowOptions(command).option(...COUNTS), LISTING_FORMATS, 'table').action(
    async (options: FlowOptions & Counted & Format<ListingFormat>) => {
      const flows = await flowsOf(clientOf(shell), options);
      const rows = flowRows(flows, options.namespace ?? null, options.counts);
      const terminal = terminalOf(io.stdout, io.env);
      await write(io.stdout, listText(rows, outputOf(options), terminal));
    },
  );
};

const markdownRow = (row: FlowRow) => [
  row.source,
  row.destination,
  portText(row.protocol, row.port),
  row.tags.join(', '),
  row.events,
  shortTime(row.lastSeen),
];

/** The list in one of its forms. */
export const listText = (
  rows: readonly FlowRow[],
  format: ListingFormat,
  terminal: Terminal,
): string => {
  switch (format) {
    case 'table':
      return rows.length === 0
        ? 'no flows\n'
        : rows.map(row => `${flowLine(row, terminal)}\n`).join('');
    case 'json':
      return jsonText({ flows: rows });
    case 'yaml':
      return yamlText({ flows: rows });
    case 'markdown':
      return markdownText({
        heading: ['source', 'destination', 'port', 'tags', 'events', 'last seen'],
        rows: rows.map(markdownRow),
      });
  }
};

const EXPORT_FORMATS = ['json', 'yaml'] as const;
type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const addNetworkFlowExport: AddCommands = shell => {
  const { program, io } = shell;
  const command = flowsNoun(program)
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
      const flows = flowRows(await flowsOf(clientOf(shell), options), null, options.counts);
      await write(
        io.stdout,
        outputOf(options) === 'json' ? jsonText({ flows }) : yamlText({ flows }),
      );
    },
  );
};
