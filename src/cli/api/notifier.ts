import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  CreateNotifierDocument,
  type CreateNotifierInput,
  DeleteNotifierDocument,
  type NotifierFactsFragment,
  NotifiersDocument,
  RetryNotificationDocument,
  SwitchNotifierDocument,
  TestNotifierDocument,
  UpdateNotifierDocument,
  type UpdateNotifierInput,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { addDoneOutput, doneListing } from '../done.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { type AddCommands, Exit, Failure, write } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { allNodes } from './pages.js';
import { hasErrors, tellProblems } from './problem-text.js';

const NOUN = ['notifier', 'where alerts are sent'] as const;

const notifiersOf = ({ ask }: ApiClient) =>
  allNodes(async after => {
    const { notifiers } = await ask(NotifiersDocument, { after });
    if (notifiers === null) throw new Failure('the notifiers could not be read');
    return notifiers;
  });

async function idNamed(client: ApiClient, text: string): Promise<string> {
  const all = await notifiersOf(client);
  const found = all.find(
    ({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase(),
  );
  if (found === undefined)
    throw new Failure(`no notifier is named \`${text}\``, 'see `weirgate notifier list`');
  return found.id;
}

const listingOf = (notifiers: readonly NotifierFactsFragment[]): Listing => ({
  heading: ['name', 'kind', 'from', 'state', 'to send', 'given up', 'last error'],
  rows: notifiers.map(one => [
    one.name,
    one.kind,
    one.minSeverity,
    one.state,
    `${one.pending}`,
    `${one.dead}`,
    one.lastError ?? '',
  ]),
  value: { notifiers },
  empty: 'no notifiers',
});

export const addNotifierList: AddCommands = shell => {
  const command = group(shell.program, ...NOUN)
    .command('list')
    .description('where alerts are sent, and how each does')
    .addHelpText('after', '\nExample:\n  $ weirgate notifier list');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: OutputOptions) => {
    await show(shell, listingOf(await notifiersOf(clientOf(shell))), options);
  });
};

const KINDS = ['webhook', 'slack', 'teams', 'pagerduty', 'alertmanager', 'jira', 'email', 'syslog'];
const SEVERITIES = ['low', 'medium', 'high', 'critical'];

type NotifierOptions = OutputOptions & {
  readonly url?: string;
  readonly email?: string;
  readonly project?: string;
  readonly from?: string;
  readonly to?: string;
  readonly rule?: readonly string[];
  readonly onlyCluster?: readonly string[];
  readonly maxPerHour?: number | null;
};

type CreateOptions = NotifierOptions & { readonly kind: string; readonly minSeverity: string };

type UpdateOptions = NotifierOptions & { readonly name?: string; readonly minSeverity?: string };

type Severity = NotifierFactsFragment['minSeverity'];

/** What is not given is not sent. */
const givenOf = (secret: string | undefined, options: NotifierOptions) => {
  const { url, email, project, from, to, rule, onlyCluster, maxPerHour } = options;
  const rules = rule?.map(one => one.toUpperCase().replaceAll('-', '_'));
  const given = { url, email, project, from, to, rules, clusters: onlyCluster, maxPerHour };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(secret && { secret }),
  } as Omit<UpdateNotifierInput, 'id' | 'name' | 'enabled' | 'minSeverity'>;
};

const perHour = (text: string): number | null => {
  if (text === 'any') return null;
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a number, or `any`');
};

const addFields = (command: Command): Command =>
  command
    .option('--url <url>', 'address; of Slack and Teams it is the secret instead')
    .option('--email <email>', 'Jira: whose API token the secret is')
    .option('--project <key>', 'Jira: key of the project')
    .option('--from <address>', 'e-mail: the sender')
    .option('--to <addresses>', 'e-mail: to whom, several with commas')
    .option('--rule <rules...>', 'alerts of these rules alone, such as `denied`')
    .option('--only-cluster <names...>', 'alerts of these clusters alone')
    .option('--max-per-hour <number>', 'so many messages an hour at most, or `any`', perHour);

const inputOf = (
  name: string,
  secret: string | undefined,
  options: CreateOptions,
): CreateNotifierInput => ({
  ...givenOf(secret, options),
  name,
  kind: options.kind.toUpperCase() as CreateNotifierInput['kind'],
  minSeverity: options.minSeverity.toUpperCase() as Severity,
});

export const addNotifierCreate: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command('create')
    .argument('<name>', 'name of the notifier')
    .description(
      'make one; its secret is taken from WEIRGATE_NOTIFIER_SECRET, never from the command line',
    )
    .addOption(new Option('--kind <kind>', 'what it sends to').choices(KINDS).makeOptionMandatory())
    .addOption(
      new Option('--min-severity <severity>', 'alerts of this severity and above')
        .choices(SEVERITIES)
        .default('low'),
    )
    .addHelpText(
      'after',
      '\nExample, at a server with WEIRGATE_SECRET_KEY:\n  $ weirgate notifier create soc --kind webhook --url https://soc.example.org/hook',
    );
  addOutput(addFields(command), LISTING_FORMATS, 'table').action(
    async (name: string, options: CreateOptions) => {
      const input = inputOf(name, io.env['WEIRGATE_NOTIFIER_SECRET'], options);
      const { createNotifier } = await clientOf(shell).ask(CreateNotifierDocument, { input });
      const { notifier, signingSecret, problems } = createNotifier;
      await tellProblems(io, problems);
      if (signingSecret !== null)
        await write(io.stderr, `signing secret, told this once: ${signingSecret}\n`);
      if (notifier === null) return finish(Exit.FAILED);
      await show(shell, listingOf([notifier]), options);
    },
  );
};

export const addNotifierUpdate: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command('update')
    .argument('<notifier>', 'name or id')
    .description(
      'change what is given; a new secret is taken from WEIRGATE_NOTIFIER_SECRET, and of a webhook the old one signs for another day',
    )
    .option('--name <name>', 'its new name')
    .addOption(
      new Option('--min-severity <severity>', 'alerts of this severity and above').choices(
        SEVERITIES,
      ),
    )
    .addHelpText('after', '\nExample:\n  $ weirgate notifier update soc --min-severity high');
  addOutput(addFields(command), LISTING_FORMATS, 'table').action(
    async (text: string, options: UpdateOptions) => {
      const client = clientOf(shell);
      const input = {
        ...givenOf(io.env['WEIRGATE_NOTIFIER_SECRET'], options),
        id: await idNamed(client, text),
        ...(options.name !== undefined && { name: options.name }),
        ...(options.minSeverity !== undefined && {
          minSeverity: options.minSeverity.toUpperCase() as Severity,
        }),
      };
      const { notifier, problems } = (await client.ask(UpdateNotifierDocument, { input }))
        .updateNotifier;
      await tellProblems(io, problems);
      if (notifier === null) return finish(Exit.FAILED);
      await show(shell, listingOf([notifier]), options);
    },
  );
};

export const addNotifierSwitch: AddCommands = shell => {
  const { program, io, finish } = shell;
  for (const name of ['enable', 'disable'] as const)
    addDoneOutput(
      group(program, ...NOUN)
        .command(name)
        .argument('<notifier>', 'name or id')
        .description(
          name === 'enable' ? 'switch one on' : 'switch one off: what it has to send waits',
        )
        .addHelpText('after', `\nExample:\n  $ weirgate notifier ${name} soc`),
    ).action(async (text: string, options: OutputOptions) => {
      const client = clientOf(shell);
      const input = { id: await idNamed(client, text), enabled: name === 'enable' };
      const { problems } = (await client.ask(SwitchNotifierDocument, { input })).switchNotifier;
      await tellProblems(io, problems);
      if (hasErrors(problems)) return finish(Exit.FAILED);
      await show(shell, doneListing({ notifier: text, enabled: input.enabled }), options);
    });
};

export const addNotifierDelete: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command('delete')
    .argument('<notifier>', 'name or id')
    .description('delete one, with what it has not sent yet')
    .addHelpText('after', '\nExample:\n  $ weirgate notifier delete soc');
  addDoneOutput(command).action(async (text: string, options: OutputOptions) => {
    const client = clientOf(shell);
    const input = { id: await idNamed(client, text) };
    const { problems } = (await client.ask(DeleteNotifierDocument, { input })).deleteNotifier;
    await tellProblems(io, problems);
    if (hasErrors(problems)) return finish(Exit.FAILED);
    await show(shell, doneListing({ notifier: text, deleted: true }), options);
  });
};

export const addNotifierTest: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command('test')
    .argument('<notifier>', 'name or id')
    .description('send one message marked TEST, and say what came of it')
    .addHelpText('after', '\nExample:\n  $ weirgate notifier test soc');
  addDoneOutput(command).action(async (text: string, options: OutputOptions) => {
    const client = clientOf(shell);
    const input = { id: await idNamed(client, text) };
    const { sent, status, problems } = (await client.ask(TestNotifierDocument, { input }))
      .testNotifier;
    await tellProblems(io, problems);
    await show(shell, doneListing({ notifier: text, sent, status: status ?? null }), options);
    finish(sent ? Exit.CLEAN : Exit.FAILED);
  });
};

export const addNotifierRetry: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command('retry')
    .argument('<notifier>', 'name or id')
    .description('try again what it has given up')
    .addHelpText('after', '\nExample:\n  $ weirgate notifier retry soc');
  addDoneOutput(command).action(async (text: string, options: OutputOptions) => {
    const client = clientOf(shell);
    const input = { id: await idNamed(client, text) };
    const { again, problems } = (await client.ask(RetryNotificationDocument, { input }))
      .retryNotification;
    await tellProblems(io, problems);
    if (hasErrors(problems)) return finish(Exit.FAILED);
    await show(shell, doneListing({ notifier: text, again }), options);
  });
};
