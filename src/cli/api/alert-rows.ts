import { type AlertFactsFragment, type AlertFilter, AlertsDocument } from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import type { ApiClient } from '../client.js';
import type { Listing } from '../print/listing.js';
import type { Cell } from '../print/table.js';
import type { Color } from '../print/terminal.js';
import { shortTime } from '../print/time.js';
import { Failure } from '../shell.js';
import { allNodes } from './pages.js';
import { peerName } from './peer-name.js';

export const alertsOf = ({ ask }: ApiClient, filter: AlertFilter) =>
  allNodes(async after => (await ask(AlertsDocument, { filter, after })).alerts);

const COLORS: Readonly<Record<AlertFactsFragment['severity'], Color | null>> = {
  CRITICAL: 'red',
  HIGH: 'red',
  MEDIUM: 'yellow',
  LOW: null,
};

/** All ids of alerts begin alike; their ends tell them apart, and commands take an end. */
const SHORT_ID = 10;

/** What an alert is about that is of no deployment, it says where its peers would be. */
const deploymentName = ({ deployment }: AlertFactsFragment): string | null =>
  deployment && `${deployment.namespace.name}/${deployment.name}`;

/** An alert as documents write it. */
export const alertValue = (alert: AlertFactsFragment): object => ({
  ...alert,
  cluster: alert.cluster.name,
  deployment: deploymentName(alert),
  kind: alert.deployment?.kind ?? null,
  peer: alert.peer && peerName(alert.peer),
});

/** A group of one address goes by the address. */
const peersOf = (alert: AlertFactsFragment): string =>
  alert.peer !== null && alert.flowCount === 1 && alert.groupKind !== 'SCAN'
    ? peerName(alert.peer)
    : alert.groupName;

const rowOf = (alert: AlertFactsFragment): readonly Cell[] => [
  { text: alert.severity, color: COLORS[alert.severity] },
  alert.rule,
  deploymentName(alert) ?? '-',
  peersOf(alert),
  alert.occurrences,
  alert.state,
  shortTime(alert.lastOccurredAt),
  alert.id.slice(-SHORT_ID),
];

export const alertsListing = (alerts: readonly AlertFactsFragment[]): Listing => ({
  heading: ['severity', 'rule', 'deployment', 'peer', 'count', 'state', 'last', 'id ends in'],
  rows: alerts.map(rowOf),
  value: { alerts: alerts.map(alertValue) },
  empty: 'no alerts',
});

/** The alert of that id, or the only one whose id ends so. */
export const alertNamed = async (client: ApiClient, text: string): Promise<string> => {
  const ids = (await alertsOf(client, { linked: true })).map(({ id }) => id);
  const found = ids.filter(id => id === text || id.endsWith(text));
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only;
  throw new Failure(
    only === undefined
      ? `no alert has an id that ends in \`${text}\``
      : `${counted(found.length, 'alert has an id that ends', 'alerts have ids that end')} in \`${text}\``,
    'see `weirgate alert list --state all --linked -o json` for whole ids',
  );
};
