import type { Command } from 'commander';
import {
  AcceptAlertsDocument,
  type AlertFilter,
  type AlertsChangedFragment,
  CommentOnAlertDocument,
  ReopenAlertsDocument,
  ResolveAlertsDocument,
  SnoozeAlertsDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { addDoneOutput, doneListing } from '../done.js';
import { LISTING_FORMATS } from '../print/listing.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { ALERT_NOUN } from './alert.js';
import { addAlertFilter, type FilterOptions, wantedAlerts } from './alert-filter.js';
import { alertNamed, alertsListing, alertsOf } from './alert-rows.js';
import { assertChosen } from './id-ending.js';
import { hasErrors, tellProblems } from './problem-text.js';

type ChangeOptions = FilterOptions &
  OutputOptions & {
    readonly reason?: string;
    readonly resolution?: string;
    readonly for?: string;
  };

type Which = {
  readonly ids: string[] | null;
  readonly filter: AlertFilter | null;
  readonly reason: string | null;
};

type Verb = {
  readonly name: 'resolve' | 'snooze' | 'accept' | 'reopen';
  readonly about: string;
  readonly example: string;
  readonly change: (
    client: ApiClient,
    which: Which,
    options: ChangeOptions,
  ) => Promise<AlertsChangedFragment>;
};

const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The moment after a duration such as `4h`, or the moment itself. */
function untilOf(text: string, now: Date): string {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined)
    return new Date(now.getTime() + Number(count) * (UNITS[unit] ?? 0)).toISOString();
  if (Number.isNaN(Date.parse(text)))
    throw new Failure(`\`${text}\` is no duration`, 'write `4h`, `7d`, or a time as ISO text');
  return new Date(text).toISOString();
}

const VERBS: readonly Verb[] = [
  {
    name: 'resolve',
    about: 'mark alerts as dealt with; they open again when they occur again',
    example: 'weirgate alert resolve ZTFhZjEyMw --resolution "pod replaced, credentials rotated"',
    change: async ({ ask }, input) => (await ask(ResolveAlertsDocument, { input })).resolveAlerts,
  },
  {
    name: 'snooze',
    about: 'let alerts sleep; they are open again when the time is over',
    example: 'weirgate alert snooze --cluster production --rule DENIED --for 7d',
    change: async ({ ask }, which, options) => {
      const input = { ...which, until: untilOf(options.for ?? '1d', new Date()) };
      return (await ask(SnoozeAlertsDocument, { input })).snoozeAlerts;
    },
  },
  {
    name: 'accept',
    about: 'take the flows of alerts into the baselines, and resolve the alerts',
    example: 'weirgate alert accept ZTFhZjEyMw --reason "the new payment provider"',
    change: async ({ ask }, input) => (await ask(AcceptAlertsDocument, { input })).acceptAlerts,
  },
  {
    name: 'reopen',
    about: 'open alerts that were resolved or snoozed',
    example: 'weirgate alert reopen ZTFhZjEyMw',
    change: async ({ ask }, input) => (await ask(ReopenAlertsDocument, { input })).reopenAlerts,
  },
];

const CHOOSING = [
  ...['cluster', 'namespace', 'deployment', 'category', 'rule', 'severity', 'since', 'until'],
] as const satisfies readonly (keyof FilterOptions)[];

const isChosen = (options: FilterOptions): boolean =>
  CHOOSING.some(name => options[name] !== undefined);

/** The alerts that are named, or else those that the flags find; never all of them by an oversight. */
async function whichOf(
  client: ApiClient,
  ids: readonly string[],
  options: ChangeOptions,
): Promise<Which> {
  const reason = options.reason ?? options.resolution ?? null;
  assertChosen(ids, isChosen(options), { one: 'alert', filter: '--cluster production' });
  if (ids.length > 0) {
    const named: string[] = [];
    for (const id of ids) named.push(await alertNamed(client, id));
    return { ids: named, filter: null, reason };
  }
  const { filter, isMeant } = await wantedAlerts(client, options);
  if (options.deployment === undefined) return { ids: null, filter, reason };
  const meant = (await alertsOf(client, filter)).filter(isMeant);
  return { ids: meant.map(({ id }) => id), filter: null, reason };
}

const options = (command: Command, name: Verb['name']): Command => {
  addAlertFilter(command);
  if (name === 'snooze')
    command.option('--for <duration>', 'how long: 30m, 4h, 7d or 2w, or a time until when', '1d');
  if (name === 'resolve') return command.option('--resolution <text>', 'what was done about it');
  return command.option('--reason <text>', 'why, for who reads it later');
};

const addVerb = (shell: Shell, { name, about, example, change }: Verb): void => {
  const { program, io, finish } = shell;
  const command = group(program, ...ALERT_NOUN)
    .command(name)
    .argument('[ids...]', 'ids of alerts, or enough of their ends to tell them apart')
    .description(about)
    .addHelpText('after', `\nExample:\n  $ ${example}`);
  addOutput(options(command, name), LISTING_FORMATS, 'table').action(
    async (ids: readonly string[], given: ChangeOptions) => {
      const client = clientOf(shell);
      const which = await whichOf(client, ids, given);
      if (which.ids?.length === 0) return show(shell, alertsListing([]), given);
      const { alerts, problems } = await change(client, which, given);
      await tellProblems(io, problems);
      await show(shell, alertsListing(alerts), given);
      finish(hasErrors(problems) ? Exit.FAILED : Exit.CLEAN);
    },
  );
};

/** `alert resolve`, `snooze`, `accept`, `reopen`. */
export const addAlertChanges: AddCommands = shell => {
  for (const verb of VERBS) addVerb(shell, verb);
};

export const addAlertComment: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...ALERT_NOUN)
    .command('comment')
    .argument('<id>', 'id of the alert, or enough of its end to tell it apart')
    .argument('<text>', 'what to write')
    .description('write a comment on an alert')
    .addHelpText('after', '\nExample:\n  $ weirgate alert comment ZTFhZjEyMw "asked the team"');
  addDoneOutput(command).action(async (id: string, text: string, options: OutputOptions) => {
    const client = clientOf(shell);
    const input = { id: await alertNamed(client, id), text };
    const { problems } = (await client.ask(CommentOnAlertDocument, { input })).commentOnAlert;
    await tellProblems(io, problems);
    if (hasErrors(problems)) return finish(Exit.FAILED);
    await show(shell, doneListing({ alert: input.id, commented: true }), options);
  });
};
