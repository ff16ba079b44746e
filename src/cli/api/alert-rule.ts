import { Option } from 'commander';
import {
  type AlertRuleFactsFragment,
  AlertRulesDocument,
  CreateAlertRuleDocument,
  type CreateAlertRuleInput,
  DeleteAlertRuleDocument,
  TestAlertRuleDocument,
  UpdateAlertRuleDocument,
} from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { readTextAt } from '../offline/sources.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, type CliIo, Exit, Failure, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { yamlIn } from '../yaml-file.js';
import { allNodes } from './pages.js';
import { type ApiProblem, hasErrors, tellProblems } from './problem-text.js';

export const RULE_NOUN = ['alert-rule', 'what raises alerts'] as const;

const rulesListing = (rules: readonly AlertRuleFactsFragment[]): Listing => ({
  heading: ['name', 'about', 'severity', 'enabled', 'asks for', 'version'],
  rows: rules.map(rule => [
    rule.name,
    rule.criterion,
    rule.severity,
    rule.enabled ? 'yes' : 'no',
    rule.enforcement,
    `${rule.version}`,
  ]),
  value: { rules },
  empty: 'no rules',
});

const rulesOf = ({ ask }: ApiClient) =>
  allNodes(async after => {
    const { alertRules } = await ask(AlertRulesDocument, { after });
    if (alertRules === null) throw new Failure('the rules could not be read');
    return alertRules;
  });

export async function ruleNamed(client: ApiClient, text: string): Promise<AlertRuleFactsFragment> {
  const rules = await rulesOf(client);
  const [found, ...others] = rules.filter(
    ({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase(),
  );
  if (found === undefined)
    throw new Failure(`no rule is named \`${text}\``, 'see `weirgate alert-rule list`');
  if (others.length > 0)
    throw new Failure(
      `${others.length + 1} rules of other clusters or namespaces are named \`${text}\``,
      `give an id: ${[found, ...others].map(({ id }) => id).join(', ')}`,
    );
  return found;
}

/** A rule as a file has it: the fields of `CreateAlertRuleInput` in YAML or JSON. */
async function ruleIn(file: string, { stdin }: CliIo): Promise<CreateAlertRuleInput> {
  const value: unknown = yamlIn(file, await readTextAt(file, stdin));
  if (typeof value !== 'object' || value === null || !('name' in value) || !('criterion' in value))
    throw new Failure(`\`${file}\` is no rule`, 'a rule has `name` and `criterion` at least');
  return value as CreateAlertRuleInput;
}

export const addAlertRuleList: AddCommands = shell => {
  const command = group(shell.program, ...RULE_NOUN)
    .command('list')
    .description('the rules, those that come with the program among them')
    .addHelpText('after', '\nExample:\n  $ weirgate alert-rule list -o yaml');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: OutputOptions) => {
    await show(shell, rulesListing(await rulesOf(clientOf(shell))), options);
  });
};

const listText = (list: readonly string[] | null | undefined): string =>
  JSON.stringify(list?.toSorted() ?? null);

/** The rule of that name; of several the one that is about the same clusters and namespaces. */
function namesake(
  rules: readonly AlertRuleFactsFragment[],
  { name, scope }: Pick<CreateAlertRuleInput, 'name' | 'scope'>,
): AlertRuleFactsFragment | undefined {
  const same = rules.filter(one => one.name.toLowerCase() === name.toLowerCase());
  const [only, ...others] = same;
  if (others.length === 0) return only;
  return same.find(
    one =>
      listText(one.scope.clusters) === listText(scope?.clusters) &&
      listText(one.scope.namespaces) === listText(scope?.namespaces),
  );
}

type Changed = {
  readonly rule: AlertRuleFactsFragment | null;
  readonly problems: readonly ApiProblem[];
};

/** Prints what became of a rule; 2 where nothing was done. */
export async function toldRule(shell: Shell, { rule, problems }: Changed, options: OutputOptions) {
  await tellProblems(shell.io, problems);
  await show(shell, rulesListing(rule === null ? [] : [rule]), options);
  shell.finish(rule === null || hasErrors(problems) ? Exit.FAILED : Exit.CLEAN);
}

export const addAlertRuleApply: AddCommands = shell => {
  const command = group(shell.program, ...RULE_NOUN)
    .command('apply')
    .argument('<file>', 'a rule in YAML or JSON')
    .description('make a rule, or change the one of that name')
    .addHelpText('after', '\nExample:\n  $ weirgate alert-rule apply new-externals.yaml');
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (file: string, options: OutputOptions) => {
      const client = clientOf(shell);
      const { criterion, ...rule } = await ruleIn(file, shell.io);
      const known = namesake(await rulesOf(client), rule);
      if (known === undefined) {
        const made = await client.ask(CreateAlertRuleDocument, { input: { criterion, ...rule } });
        return toldRule(shell, made.createAlertRule, options);
      }
      const input = { id: known.id, expectedVersion: known.version, ...rule };
      return toldRule(
        shell,
        (await client.ask(UpdateAlertRuleDocument, { input })).updateAlertRule,
        options,
      );
    },
  );
};

export const addAlertRuleSwitch: AddCommands = shell => {
  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    const command = group(shell.program, ...RULE_NOUN)
      .command(name)
      .argument('<rule>', 'name or id')
      .description(
        enabled
          ? 'let a rule raise alerts'
          : 'let a rule raise none; its alerts resolve themselves',
      )
      .addHelpText('after', `\nExample:\n  $ weirgate alert-rule ${name} "New listening port"`);
    addOutput(command, LISTING_FORMATS, 'table').action(
      async (text: string, options: OutputOptions) => {
        const client = clientOf(shell);
        const input = { id: (await ruleNamed(client, text)).id, enabled };
        await toldRule(
          shell,
          (await client.ask(UpdateAlertRuleDocument, { input })).updateAlertRule,
          options,
        );
      },
    );
  }
};

export const addAlertRuleDelete: AddCommands = shell => {
  const command = group(shell.program, ...RULE_NOUN)
    .command('delete')
    .argument('<rule>', 'name or id')
    .description('delete a rule; one that comes with the program is as it was shipped again')
    .addHelpText('after', '\nExample:\n  $ weirgate alert-rule delete "New externals"');
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (text: string, options: OutputOptions) => {
      const client = clientOf(shell);
      const input = { id: (await ruleNamed(client, text)).id };
      await toldRule(
        shell,
        (await client.ask(DeleteAlertRuleDocument, { input })).deleteAlertRule,
        options,
      );
    },
  );
};

type TestOptions = OutputOptions & {
  readonly cluster?: string;
  readonly since: string;
  readonly file?: string;
};

export const addAlertRuleTest: AddCommands = shell => {
  const command = group(shell.program, ...RULE_NOUN)
    .command('test')
    .argument('[rule]', 'name or id')
    .description('what a rule would have raised; nothing is stored')
    .option('--file <file>', 'a rule that is not stored, in YAML or JSON')
    .option('--cluster <name>', 'only of this cluster')
    .addOption(new Option('--since <time>', 'flows seen from here on').default('7d'))
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate alert-rule test "New listening port" --since 14d',
    );
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (text: string | undefined, { file, cluster, since, ...options }: TestOptions) => {
      if ((text === undefined) === (file === undefined))
        throw new Failure('give the name of a rule, or `--file`');
      const client = clientOf(shell);
      const rule = file === undefined ? null : await ruleIn(file, shell.io);
      const id = text === undefined ? null : (await ruleNamed(client, text)).id;
      const input = { id, rule, cluster: cluster ?? null, since };
      const { alerts, problems, wouldRaise, flows } = (
        await client.ask(TestAlertRuleDocument, { input })
      ).testAlertRule;
      await tellProblems(shell.io, problems);
      const listing = {
        heading: ['about', 'why', 'peers', 'flows', 'events', 'last'],
        rows: alerts.map(one => [
          one.line,
          one.why,
          one.groupName,
          `${one.flowCount}`,
          `${one.events}`,
          shortTime(one.lastOccurredAt),
        ]),
        value: { wouldRaise, flows, alerts },
        empty: `it would have raised nothing${flows === 0 ? '' : ` on ${counted(flows, 'flow')}`}`,
      };
      await show(shell, listing, options);
      shell.finish(hasErrors(problems) ? Exit.FAILED : Exit.CLEAN);
    },
  );
};
