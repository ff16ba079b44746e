import type { Command } from 'commander';
import {
  AdvanceBaselinesDocument,
  BaselineSettingsDocument,
  type BaselineSettingsQuery,
  SetBaselineSettingsDocument,
  type SetBaselineSettingsInput,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, choiceOfAnyCase, group } from '../command.js';
import { unknownName } from '../near.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { baselinesListing } from './baseline.js';
import { BASELINE_NOUN } from './baseline-options.js';
import { addCluster } from './flow-options.js';
import { assertCluster } from './known.js';
import { hasErrors, tellCut, tellProblems } from './problem-text.js';

const NUMBERS = {
  observationHours: 'covered hours to watch before a baseline can be STABLE',
  quietHours: 'covered hours without anything new before it is STABLE',
  minEvents: 'events to see before it is STABLE',
  relearnHours: 'covered hours for which a change, or somebody, opens it again',
  decayDays: 'days after which what was not seen is proposed for removal',
  staleDays: 'days after which it is old',
} as const;

type NumberName = keyof typeof NUMBERS;
type Values = Omit<SetBaselineSettingsInput, 'cluster' | 'namespace' | 'deployment'>;

type Options = OutputOptions & {
  readonly cluster: string;
  readonly namespace?: string;
  readonly deployment?: string;
} & { readonly [Name in NumberName]?: string } & {
  readonly learning?: SetBaselineSettingsInput['learning'];
  readonly relearnOn?: SetBaselineSettingsInput['relearnOn'];
  readonly lockWhenStable?: 'TRUE' | 'FALSE';
  readonly unset: readonly (keyof Values)[];
};

const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

const NAMES = [...Object.keys(NUMBERS), 'learning', 'lockWhenStable', 'relearnOn'] as const;

const named = (text: string, before: readonly string[]): readonly string[] => {
  if (NAMES.some(name => name === text)) return [...before, text];
  throw unknownName(`\`${text}\` is no setting`, text, NAMES, `say one of ${NAMES.join(', ')}`);
};

const addSettings = (command: Command): Command => {
  for (const [name, about] of Object.entries(NUMBERS))
    command.option(`${flagOf(name)} <count>`, about);
  return command
    .addOption(
      choiceOfAnyCase('--learning <how>', 'whether it learns by itself', [
        'ON_DEMAND',
        'CONTINUOUS',
      ]),
    )
    .addOption(
      choiceOfAnyCase('--lock-when-stable <yes>', 'whether STABLE locks it', ['TRUE', 'FALSE']),
    )
    .addOption(
      choiceOfAnyCase('--relearn-on <what>', 'what opens it again', [
        'NOTHING',
        'NEW_RELEASE',
        'POLICY_CHANGE',
        'ANY_CHANGE',
      ]),
    )
    .option(
      '--unset <name>',
      `take back what was set at the place (repeatable): ${NAMES.join(', ')}`,
      named,
      [],
    );
};

const countOf = (name: string, text: string): number => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Failure(`\`${text}\` is no number for \`${flagOf(name)}\``, 'give a whole number');
};

function changeOf({ learning, relearnOn, lockWhenStable, unset, ...options }: Options): Values {
  const numbers = Object.keys(NUMBERS).flatMap(name => {
    const text = options[name as NumberName];
    return text === undefined ? [] : [[name, countOf(name, text)] as const];
  });
  const given = {
    ...Object.fromEntries(numbers),
    ...(learning && { learning }),
    ...(relearnOn && { relearnOn }),
    ...(lockWhenStable && { lockWhenStable: lockWhenStable === 'TRUE' }),
  };
  const both = unset.find(name => name in given);
  if (both !== undefined) throw new Failure(`\`${both}\` is set and unset`, 'give one of the two');
  return { ...given, ...Object.fromEntries(unset.map(name => [name, null])) };
}

type Found = NonNullable<BaselineSettingsQuery['baselineSettings']>;

const placeOf = (namespace: string | null, deployment: string | null): string =>
  namespace === null ? 'cluster' : `${namespace}${deployment === null ? '' : `/${deployment}`}`;

const listingOf = ({ cluster, overrides }: Found): Listing => ({
  heading: ['setting', 'place', 'value', 'set by', 'at'],
  rows: Object.entries(cluster).flatMap(([name, value]) => [
    [name, 'cluster', String(value), '', ''],
    ...overrides.flatMap(one => {
      const own = Object.entries(one).find(([key]) => key === name)?.[1] ?? null;
      const place = placeOf(one.namespace, one.deployment);
      return own === null
        ? []
        : [[name, place, String(own), one.updatedBy, shortTime(one.updatedAt)]];
    }),
  ]),
  value: { settings: cluster, overrides },
  empty: 'there are no settings',
});

/** Whether it was done. */
async function set(shell: Shell, client: ApiClient, options: Options, values: Values) {
  const { cluster, namespace = null, deployment = null } = options;
  const input = { cluster, namespace, deployment, ...values };
  const { setBaselineSettings } = await client.ask(SetBaselineSettingsDocument, { input });
  await tellProblems(shell.io, setBaselineSettings.problems);
  return !hasErrors(setBaselineSettings.problems);
}

export const addBaselineSettings: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('settings')
    .description('how baselines of a cluster are learned; with settings given, sets them')
    .option('--namespace <name>', 'set them for this namespace')
    .option('--deployment <name>', 'set them for this deployment of the namespace')
    .addHelpText(
      'after',
      `
Examples:
  $ weirgate baseline settings --cluster production
  $ weirgate baseline settings --cluster production --namespace my-app --learning continuous --observation-hours 72`,
    );
  addOutput(addSettings(addCluster(command)), LISTING_FORMATS, 'table').action(
    async (options: Options) => {
      const client = clientOf(shell);
      const { cluster, namespace, deployment } = options;
      const values = changeOf(options);
      const isChange = Object.keys(values).length > 0;
      if (!isChange && (namespace !== undefined || deployment !== undefined))
        throw new Failure('a place was given and no setting', 'give at least one setting');
      await assertCluster(client, cluster);
      if (isChange && !(await set(shell, client, options, values)))
        return shell.finish(Exit.FAILED);
      const { baselineSettings } = await client.ask(BaselineSettingsDocument, { cluster });
      if (baselineSettings === null) return shell.finish(Exit.FAILED);
      await tellCut(shell.io, baselineSettings.overrides, 'the widest places stand first');
      await show(shell, listingOf(baselineSettings), options);
    },
  );
};

export const addBaselineAdvance: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('advance')
    .description('let the baselines that learn by themselves take in what was seen, now')
    .addHelpText('after', '\nExample:\n  $ weirgate baseline advance --cluster production');
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (options: OutputOptions & { readonly cluster: string }) => {
      const client = clientOf(shell);
      await assertCluster(client, options.cluster);
      const input = { cluster: options.cluster };
      const { advanceBaselines } = await client.ask(AdvanceBaselinesDocument, { input });
      await tellProblems(shell.io, advanceBaselines.problems);
      await show(shell, baselinesListing(advanceBaselines.baselines), options);
    },
  );
};
