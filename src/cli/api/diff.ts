import { type Command, Option } from 'commander';
import {
  addEffects,
  type Effect,
  isOfCluster,
  isOnline,
  markAsking,
  outputOf,
} from '../command.js';
import { Failure, type OnlineVariant } from '../shell.js';
import { collected } from './generate-options.js';
import {
  addSimulateOptions,
  REMOVE_HELP,
  runSimulation,
  type SimulateOptions,
} from './simulate.js';
import { SIMULATION_FORMATS, type SimulationFormat } from './simulation-text.js';
import { withSubject } from './subject.js';

/** What the two forms of the command call the same: folders are compared as txt, clusters as a table. */
const TEXTS = { table: 'txt', markdown: 'md' } as const;

const ofManifests = (format: string): string =>
  format === 'table' || format === 'markdown' ? TEXTS[format] : format;

const ofCluster = (format: string): string => {
  if (format === TEXTS.table) return 'table';
  return format === TEXTS.markdown ? 'markdown' : format;
};

const ONLINE_ONLY: readonly string[] = ['yaml', 'sarif'];
const isSimulationFormat = (format: string): format is SimulationFormat =>
  SIMULATION_FORMATS.some(known => known === format);

/** Each form of the command has formats of its own; `--output` takes all of them. */
const takeAllFormats = (command: Command): void => {
  for (const option of command.options.filter(({ long }) => long?.startsWith('--output'))) {
    const own = option.argChoices ?? [];
    if (own.length > 0) option.choices([...new Set([...own, ...SIMULATION_FORMATS])]);
  }
  command.hook('preAction', () => {
    if (isOnline(command)) return;
    const format = ofManifests(outputOf(command.opts<{ output: string; outputFormat?: string }>()));
    if (ONLINE_ONLY.includes(format)) {
      throw new Failure(
        `\`${format}\` needs --cluster`,
        'folders are compared as txt, json, md, csv or dot',
      );
    }
    command.setOptionValue('output', format);
    command.setOptionValue('outputFormat', undefined);
  });
};

const EFFECTS: readonly Effect[] = [
  {
    of: ['policyDir', 'policySet', 'assertions', 'all', 'removePolicy', 'since', 'until'],
    when: isOfCluster,
    says: 'without --cluster',
  },
  {
    of: [
      ...['dir1', 'dir2', 'outputFile', 'saveToFile', 'remove', 'fail', 'strict', 'complete'],
      ...['hostNetwork', 'ipBlockPods', 'cni', 'ingressController'],
    ],
    when: options => !isOfCluster(options),
    says: 'with --cluster',
  },
];

type DiffOptions = Omit<SimulateOptions, 'remove'> & {
  readonly cluster: string;
  readonly removePolicy: readonly string[];
};

/** `netpol connectivity diff --cluster C --policy-dir DIR`: what a simulation says, under roxctl's name. */
export const ONLINE_DIFF: OnlineVariant = {
  addOptions: command => {
    command.addOption(
      new Option('--cluster <name>', 'compare with the policies in force in this cluster'),
    );
    // roxctl's `--remove` is about files.
    addSimulateOptions(command).option('--remove-policy <policy>', REMOVE_HELP, collected, []);
    takeAllFormats(command);
    addEffects(markAsking(command, isOfCluster), EFFECTS);
    command.addHelpText(
      'after',
      `
Examples:
  $ weirgate netpol connectivity diff --dir1 ./before --dir2 ./after
  $ weirgate netpol connectivity diff --cluster production --policy-dir ./generated-policies/ --output table`,
    );
  },
  run: async (command, io) => {
    const { removePolicy, ...options } = command.opts<DiffOptions>();
    const format = ofCluster(outputOf(options));
    if (!isSimulationFormat(format)) {
      throw new Failure(
        `\`${format}\` is no format for a cluster`,
        `choose ${SIMULATION_FORMATS.join(', ')}`,
      );
    }
    const asked = { ...options, remove: removePolicy, output: format, outputFormat: format };
    const asker = { program: command, io };
    const named = { cluster: options.cluster, manifests: [], flows: [], format: '' };
    return withSubject(asker, named, subject => runSimulation(asker, asked, subject));
  },
};
