import { Option } from 'commander';
import {
  type AlertFactsFragment,
  AlertShownDocument,
  type AlertShownQuery,
} from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS } from '../print/listing.js';
import { type AddCommands, Failure } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addAlertFilter, type FilterOptions, STATES, wantedAlerts } from './alert-filter.js';
import { alertNamed, alertsListing, alertsOf, alertValue } from './alert-rows.js';
import { peerName } from './peer-name.js';

type ListOptions = OutputOptions &
  FilterOptions & {
    readonly state: 'open' | 'snoozed' | 'resolved' | 'all';
    readonly linked?: boolean;
  };

export const ALERT_NOUN = ['alert', 'deviations that somebody should look at'] as const;

export const addAlertList: AddCommands = shell => {
  const { program } = shell;
  const command = group(program, ...ALERT_NOUN)
    .command('list')
    .description('the alerts, latest first')
    .addOption(
      new Option('--state <state>', 'whether somebody has to look at them')
        .choices(Object.keys(STATES))
        .default('open'),
    )
    .option('--linked', 'also those that belong to a more telling one')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate alert list --cluster production --category "Anomalous Activity" --output table',
    );
  addOutput(addAlertFilter(command), LISTING_FORMATS, 'table').action(
    async (options: ListOptions) => {
      const client = clientOf(shell);
      const { filter, isMeant } = await wantedAlerts(client, options, options.state);
      const alerts = await alertsOf(client, { ...filter, linked: options.linked ?? false });
      await show(shell, alertsListing(alerts.filter(isMeant)), options);
    },
  );
};

type Found = Extract<AlertShownQuery['node'], AlertFactsFragment>;

type Shown = Found & { readonly linked: readonly AlertFactsFragment[] };

/** An id may be of something else. */
const isShown = (node: AlertShownQuery['node']): node is Found => node !== null && 'rules' in node;

const shown = async (client: ApiClient, id: string) => {
  const { node } = await client.ask(AlertShownDocument, { id });
  if (!isShown(node)) throw new Failure('there is no alert of this id');
  return { ...node, linked: await alertsOf(client, { lead: id }) };
};

const flowText = ({ source, destination, protocol, port, events }: Found['flows'][number]) =>
  `${peerName(source)} -> ${peerName(destination)} (${protocol} ${port ?? '-'}), ${counted(events, 'event')}`;

/** One fact a line. */
const shownText = (alert: Shown): readonly (readonly [string, string])[] => [
  ['state', alert.state],
  ['severity', alert.severity],
  ['rules', alert.rules.join(', ')],
  ['what', alert.message],
  ['peers', alert.groupName],
  ['events', `${alert.occurrences}, ${alert.passed} of them not blocked`],
  ['first', alert.firstOccurredAt],
  ['last', alert.lastOccurredAt],
  ...(alert.snoozedUntil === null ? [] : [['snoozed until', alert.snoozedUntil] as const]),
  ...(alert.resolution === null ? [] : [['resolution', alert.resolution] as const]),
  ...alert.flows.map(flow => ['flow', flowText(flow)] as const),
  ...alert.linked.map(one => ['belongs to it', `${one.rule}: ${one.message}`] as const),
  ...alert.comments.map(one => [`${one.createdAt} ${one.author}`, one.text] as const),
];

export const addAlertShow: AddCommands = shell => {
  const { program } = shell;
  const command = group(program, ...ALERT_NOUN)
    .command('show')
    .argument('<id>', 'id of the alert, or enough of its end to tell it apart')
    .description('an alert with its flows, what belongs to it, and comments')
    .addHelpText('after', '\nExample:\n  $ weirgate alert show ZTFhZjEyMw');
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (text: string, options: OutputOptions) => {
      const client = clientOf(shell);
      const alert = await shown(client, await alertNamed(client, text));
      const listing = {
        heading: ['fact', 'value'],
        isFacts: true,
        rows: shownText(alert),
        value: {
          ...alertValue(alert),
          linked: alert.linked.map(alertValue),
          comments: alert.comments,
          flows: alert.flows.map(flow => ({
            ...flow,
            source: peerName(flow.source),
            destination: peerName(flow.destination),
          })),
        },
        empty: '',
      };
      await show(shell, listing, options);
    },
  );
};
