import type { Command } from 'commander';
import { Option } from 'commander';
import {
  AlertActionsDocument,
  type AlertActionsQuery,
  type AlertFilter,
  DecideAlertActionDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addExits, addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { ALERT_NOUN } from './alert.js';
import { addAlertFilter, type FilterOptions, wantedAlerts } from './alert-filter.js';
import { endingIn, SHORT_ID } from './id-ending.js';
import { allNodes } from './pages.js';
import { type ApiProblem, hasErrors, tellProblems } from './problem-text.js';

type Alert = AlertActionsQuery['alerts']['nodes'][number];
type Action = Alert['actions'][number];
/** An action, and the alert whose rules ask for it. */
type Asked = Action & { readonly alert: Alert };

const STATES = ['requested', 'approved', 'rejected', 'expired', 'all'] as const;

type ListOptions = OutputOptions & FilterOptions & { readonly state: (typeof STATES)[number] };

const actionNoun = (program: Command): Command =>
  group(
    group(program, ...ALERT_NOUN),
    'action',
    'what rules ask to be done, such as to end a pod: nothing is done before somebody approves',
  );

const actionsOf = async (
  { ask }: ApiClient,
  filter: AlertFilter,
  isMeant: (alert: Alert) => boolean = () => true,
): Promise<readonly Asked[]> => {
  const alerts = await allNodes(
    async after => (await ask(AlertActionsDocument, { filter, after })).alerts,
  );
  return alerts
    .filter(isMeant)
    .flatMap(alert => alert.actions.map(action => ({ ...action, alert })));
};

const ownerName = ({ deployment }: Alert): string | null =>
  deployment && `${deployment.namespace.name}/${deployment.name}`;

const listingOf = (actions: readonly Asked[]): Listing => ({
  heading: [
    'state',
    'kind',
    'cluster',
    'deployment',
    'requested',
    'decided by',
    'alert',
    'id ends in',
  ],
  rows: actions.map(({ alert, ...action }) => [
    action.state,
    action.kind,
    alert.cluster.name,
    ownerName(alert) ?? '-',
    shortTime(action.requestedAt),
    action.decidedBy ?? '-',
    alert.id.slice(-SHORT_ID),
    action.id.slice(-SHORT_ID),
  ]),
  value: {
    actions: actions.map(({ alert, ...action }) => ({
      ...action,
      cluster: alert.cluster.name,
      deployment: ownerName(alert),
      alert: alert.id,
      message: alert.message,
    })),
  },
  empty: 'no actions',
});

export const addAlertActionList: AddCommands = shell => {
  const command = actionNoun(shell.program)
    .command('list')
    .description('actions that rules ask for, by alert; those that nobody decided about yet')
    .addOption(
      new Option('--state <state>', 'what was decided').choices(STATES).default('requested'),
    )
    .addHelpText('after', '\nExample:\n  $ weirgate alert action list --cluster production');
  addOutput(addAlertFilter(command), LISTING_FORMATS, 'table').action(
    async (options: ListOptions) => {
      const client = clientOf(shell);
      const { filter, isMeant } = await wantedAlerts(client, options);
      const actions = await actionsOf(client, { ...filter, linked: true }, isMeant);
      const { state } = options;
      const wanted = actions.filter(one => state === 'all' || one.state.toLowerCase() === state);
      await show(shell, listingOf(wanted), options);
    },
  );
};

const VERBS = [
  {
    name: 'approve',
    approve: true,
    about: 'let actions be done: from then on a sensor may carry them out',
    state: 'APPROVED',
  },
  {
    name: 'reject',
    approve: false,
    about: 'say that actions are not to be done',
    state: 'REJECTED',
  },
] as const;

const KIND = { one: 'action', many: 'actions', list: 'alert action list --state all' };

const addVerb = (shell: Shell, { name, approve, about, state }: (typeof VERBS)[number]): void => {
  const { program, io, finish } = shell;
  const command = actionNoun(program)
    .command(name)
    .argument('<ids...>', 'ids of actions, or enough of their ends to tell them apart')
    .description(about)
    .addHelpText(
      'after',
      `
What was decided before stays as it is.

Example:
  $ weirgate alert action ${name} MTo0OTo3`,
    );
  addExits(
    command,
    '0 when all of them are so now, 2 for bad input, failure or one decided otherwise',
  );
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (texts: readonly string[], options: OutputOptions) => {
      const client = clientOf(shell);
      const all = await actionsOf(client, { linked: true });
      const asked = texts.map(text => endingIn(all, text, KIND));
      const decided: Asked[] = [];
      const problems: ApiProblem[] = [];
      for (const { id, alert } of asked) {
        const answer = (await client.ask(DecideAlertActionDocument, { input: { id, approve } }))
          .decideAlertAction;
        problems.push(...answer.problems);
        if (answer.action !== null) decided.push({ ...answer.action, alert });
      }
      await tellProblems(io, problems);
      await show(shell, listingOf(decided), options);
      const isDone = !hasErrors(problems) && decided.every(one => one.state === state);
      finish(isDone ? Exit.CLEAN : Exit.FAILED);
    },
  );
};

/** `alert action approve`, `reject`. */
export const addAlertActionDecisions: AddCommands = shell => {
  for (const verb of VERBS) addVerb(shell, verb);
};
