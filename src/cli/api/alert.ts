import { Option } from 'commander';
import {
  type AlertFactsFragment,
  type AlertFilter,
  AlertsDocument,
  ResolveAlertDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group, outputOf } from '../command.js';
import {
  LISTING_FORMATS,
  type Listing,
  type ListingFormat,
  listingText,
} from '../print/listing.js';
import type { Cell } from '../print/table.js';
import type { Color } from '../print/terminal.js';
import { terminalOf } from '../print/terminal.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, Failure, write } from '../shell.js';
import { addWindow, assertCluster, equalTo, type WindowOptions } from './flow-options.js';
import { allNodes } from './pages.js';
import { peerName } from './peer-name.js';
import { hasErrors, tellProblems } from './problem-text.js';

type OutputOptions = { readonly output: ListingFormat; readonly outputFormat?: ListingFormat };

type ListOptions = OutputOptions &
  WindowOptions & {
    readonly cluster?: string;
    readonly namespace?: string;
    readonly category?: string;
    readonly state: 'open' | 'resolved' | 'all';
  };

const NOUN = ['alert', 'deviations that somebody should look at'] as const;

export const addAlertList: AddCommands = shell => {
  const { program, io } = shell;
  const command = group(program, ...NOUN)
    .command('list')
    .description('the alerts, latest first')
    .option('--cluster <name>', 'only of this cluster')
    .option('--namespace <name>', 'only of deployments in this namespace')
    .option('--category <category>', 'as "Anomalous Activity"')
    .addOption(
      new Option('--state <state>', 'whether somebody resolved them')
        .choices(['open', 'resolved', 'all'])
        .default('open'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate alert list --cluster production --category "Anomalous Activity" --output table',
    );
  addOutput(addWindow(command), LISTING_FORMATS, 'table').action(async (options: ListOptions) => {
    const client = clientOf(shell);
    if (options.cluster !== undefined) await assertCluster(client, options.cluster);
    const listing = alertsListing(await alertsOf(client, filterOf(options)));
    await write(io.stdout, listingText(listing, outputOf(options), terminalOf(io.stdout, io.env)));
  });
};

const STATES = { open: 'OPEN', resolved: 'RESOLVED', all: null } as const;

const filterOf = (options: ListOptions): AlertFilter => ({
  cluster: equalTo(options.cluster),
  namespace: equalTo(options.namespace),
  category: options.category ?? null,
  state: STATES[options.state],
  since: options.since ?? null,
  until: options.until ?? null,
});

const alertsOf = ({ ask }: ApiClient, filter: AlertFilter) =>
  allNodes(async after => (await ask(AlertsDocument, { filter, after })).alerts);

const COLORS: Readonly<Record<AlertFactsFragment['severity'], Color | null>> = {
  HIGH: 'red',
  MEDIUM: 'yellow',
  LOW: null,
};

/** All ids of alerts begin alike; their ends tell them apart, and `alert resolve` takes an end. */
const SHORT_ID = 10;

const deploymentName = ({ deployment }: AlertFactsFragment): string =>
  `${deployment.namespace.name}/${deployment.name}`;

/** An alert as documents write it. */
const alertValue = (alert: AlertFactsFragment): object => ({
  ...alert,
  cluster: alert.cluster.name,
  deployment: deploymentName(alert),
  kind: alert.deployment.kind,
  peer: peerName(alert.peer),
});

const rowOf = (alert: AlertFactsFragment): readonly Cell[] => [
  { text: alert.severity, color: COLORS[alert.severity] },
  alert.rule,
  deploymentName(alert),
  peerName(alert.peer),
  alert.occurrences,
  shortTime(alert.lastOccurredAt),
];

/** The state stands there only where some alert is not open. */
const alertsListing = (alerts: readonly AlertFactsFragment[]): Listing => {
  const allOpen = alerts.every(({ state }) => state === 'OPEN');
  const heading = ['severity', 'rule', 'deployment', 'peer', 'count', 'last'];
  return {
    heading: [...heading, ...(allOpen ? [] : ['state']), 'id ends in'],
    rows: alerts.map(each => [
      ...rowOf(each),
      ...(allOpen ? [] : [each.state]),
      each.id.slice(-SHORT_ID),
    ]),
    value: { alerts: alerts.map(alertValue) },
    empty: 'no alerts',
  };
};

type ResolveOptions = OutputOptions & { readonly resolution?: string };

export const addAlertResolve: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command('resolve')
    .argument('<id>', 'id of the alert, or enough of its end to tell it apart')
    .description('mark an alert as dealt with; it opens again when it occurs again')
    .option('--resolution <text>', 'what was done about it')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate alert resolve ZTFhZjEyMw --resolution "pod replaced, credentials rotated"',
    );
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (text: string, options: ResolveOptions) => {
      const client = clientOf(shell);
      const id = await alertNamed(client, text);
      const { resolveAlert } = await client.ask(ResolveAlertDocument, {
        input: { id, resolution: options.resolution ?? null },
      });
      const { alert, problems } = resolveAlert;
      await tellProblems(io, problems);
      const listing = alertsListing(alert === null ? [] : [alert]);
      await write(
        io.stdout,
        listingText(listing, outputOf(options), terminalOf(io.stdout, io.env)),
      );
      finish(alert === null || hasErrors(problems) ? Exit.FAILED : Exit.CLEAN);
    },
  );
};

const alertNamed = async (client: ApiClient, text: string): Promise<string> => {
  const ids = (await alertsOf(client, {})).map(({ id }) => id);
  const found = ids.filter(id => id === text || id.endsWith(text));
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only;
  throw new Failure(
    only === undefined
      ? `no alert has an id that ends in \`${text}\``
      : `${found.length} alerts have ids that end in \`${text}\``,
    'see `weirgate alert list --state all -o json` for whole ids',
  );
};
