import { type Command, Option } from 'commander';
import type { AlertFactsFragment, AlertFilter, AlertRule } from '../../generated/cli.js';
import type { ApiClient } from '../client.js';
import { choiceOfAnyCase } from '../command.js';
import { deploymentText } from './deployment-text.js';
import { addWindow, equalTo, type WindowOptions } from './flow-options.js';
import { assertKnown, categoryNamed } from './known.js';

export type AlertScope = {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly deployment?: string;
};

export type FilterOptions = WindowOptions &
  AlertScope & {
    readonly category?: string;
    readonly rule?: AlertRule;
    readonly severity?: string;
  };

const SEVERITIES = ['low', 'medium', 'high', 'critical'];

const RULES = Object.keys({
  FORBIDDEN: true,
  OFF_BASELINE: true,
  UNLEARNED: true,
  NEW_EXTERNAL: true,
  NEW_PORT: true,
  DENIED: true,
  AUDITED: true,
  METADATA: true,
  KNOWN_BAD: true,
  LATERAL_SCAN: true,
  EXFILTRATION: true,
  DRIFT: true,
  POLICY_CHANGED: true,
  INGESTION_GAP: true,
} satisfies Record<AlertRule, true>);

/** Whose alerts. */
export const addAlertScope = (command: Command): Command =>
  command
    .option('--cluster <name>', 'only of this cluster')
    .option('--namespace <name>', 'only of deployments and policies in this namespace')
    .option(
      '--deployment <name>',
      'only with this deployment at either end: `name`, `namespace/name` or `namespace/name[Kind]`',
    );

/** What commands choose alerts by. */
export const addAlertFilter = (command: Command): Command =>
  addWindow(addAlertScope(command), 'alerts that last occurred')
    .option('--category <category>', 'only of this category, such as "Anomalous Activity"')
    .addOption(choiceOfAnyCase('--rule <rule>', 'only what met this rule', RULES))
    .addOption(new Option('--severity <severity>', 'only of this severity').choices(SEVERITIES));

export const STATES = {
  open: 'OPEN',
  snoozed: 'SNOOZED',
  resolved: 'RESOLVED',
  all: null,
} as const;

const upper = <Value extends string>(text: string | undefined): readonly Value[] | null =>
  text === undefined ? null : [text.toUpperCase() as Value];

/** What the server is asked for, and what of its answer is meant. */
export type WantedAlerts = {
  readonly filter: AlertFilter;
  readonly isMeant: (alert: Pick<AlertFactsFragment, 'deployment' | 'peer'>) => boolean;
};

type End = AlertFactsFragment['peer'];

/** Whose alerts are meant: the server does not tell in which namespace which end has its name. */
const meantBy = (deployment: string | undefined): WantedAlerts['isMeant'] => {
  if (deployment === undefined) return () => true;
  const wanted = deploymentText(deployment);
  const isWanted = (end: End): boolean =>
    end?.__typename === 'Deployment' &&
    end.name === wanted.name &&
    (wanted.namespace ?? end.namespace.name) === end.namespace.name &&
    (wanted.kind ?? end.kind).toLowerCase() === end.kind.toLowerCase();
  return ({ deployment: own, peer }) =>
    isWanted(own && { ...own, __typename: 'Deployment' }) || isWanted(peer);
};

/** @throws Failure for names that nothing has there */
export async function wantedScope(client: ApiClient, scope: AlertScope): Promise<WantedAlerts> {
  const { cluster, namespace, deployment } = scope;
  await assertKnown(client, {
    cluster: cluster ?? null,
    namespaces: [namespace],
    deployments: [deployment],
  });
  const wanted = deployment === undefined ? null : deploymentText(deployment);
  const own = wanted?.namespace ?? null;
  const filter = {
    cluster: equalTo(cluster),
    namespace: equalTo(namespace),
    deployment: equalTo(wanted?.name),
    ...(own !== null && { and: [{ namespace: { eq: own } }] }),
  };
  return { filter, isMeant: meantBy(deployment) };
}

/** The alerts that the options choose. @throws Failure for names that nothing has there */
export async function wantedAlerts(
  client: ApiClient,
  options: FilterOptions,
  state: keyof typeof STATES = 'all',
): Promise<WantedAlerts> {
  const { filter, isMeant } = await wantedScope(client, options);
  const { category, rule, severity, since = null, until = null } = options;
  return {
    filter: {
      ...filter,
      category: category === undefined ? null : [await categoryNamed(client, category)],
      rule: rule === undefined ? null : [rule],
      severity: upper(severity),
      state: STATES[state] === null ? null : [STATES[state]],
      since,
      until,
    },
    isMeant,
  };
}
