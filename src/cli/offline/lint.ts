import { Option } from 'commander';
import { type Finding, LINT_RULES, lint, Severity } from '../../netpol/index.js';
import { addOutput, group, outputOf } from '../command.js';
import { terminalOf } from '../print/terminal.js';
import { type AddCommands, type CliIo, Exit, Failure, write } from '../shell.js';
import { FINDING_FORMATS, type FindingFormat, findingsDocument } from './findings-document.js';
import {
  addModes,
  addStrictness,
  type ModeOptions,
  modesOf,
  type ReadingOptions,
  readManifestsAt,
} from './manifests.js';

type LintCommandOptions = ReadingOptions &
  ModeOptions & {
    readonly output: FindingFormat;
    readonly outputFormat?: FindingFormat;
    readonly severity: 'error' | 'warning' | 'info';
    readonly disable: readonly string[];
    readonly cni?: string;
  };

export const addLint: AddCommands = ({ program, io, finish }) => {
  const command = group(program, 'netpol', 'NetworkPolicies')
    .command('lint')
    .argument('<paths...>', 'folders or files with manifests, `-` for standard input')
    .description('Findings on the policies of manifests')
    .addOption(
      new Option('--severity <severity>', 'leave out findings below it')
        .choices(['error', 'warning', 'info'])
        .default('info'),
    )
    .option('--disable <rule>', 'leave out a rule (repeatable)', collect, [])
    .option('--cni <name>', 'the cluster’s network plugin: what it ignores is a finding');
  addOutput(addStrictness(addModes(command)), FINDING_FORMATS, 'table');
  command.action(async (paths: readonly string[], options: LintCommandOptions) =>
    finish(await run(paths, options, io)),
  );
};

const collect = (rule: string, rules: readonly string[]): readonly string[] => {
  if (!LINT_RULES.some(({ id }) => id === rule)) {
    throw new Failure(
      `there is no rule \`${rule}\``,
      `the rules are ${LINT_RULES.map(({ id }) => id).join(', ')}`,
    );
  }
  return [...rules, rule];
};

const run = async (
  paths: readonly string[],
  options: LintCommandOptions,
  io: CliIo,
): Promise<Exit> => {
  const { facts, policies, problems, faulty } = await readManifestsAt(paths, options, io);
  const { cni } = options;
  const found = lint(facts, policies, {
    modes: modesOf(options),
    problems,
    ...(cni === undefined ? {} : { cni }),
  });
  const shown = found.filter(finding => isShown(finding, options));
  const terminal = terminalOf(io.stdout, io.env);
  await write(io.stdout, findingsDocument(shown, outputOf(options), terminal));
  if (faulty && options.strict === true) return Exit.FAILED;
  return shown.length > 0 ? Exit.FINDINGS : Exit.CLEAN;
};

const ORDER: readonly Severity[] = [Severity.ERROR, Severity.WARNING, Severity.INFO];

const isShown = ({ rule, severity }: Finding, options: LintCommandOptions): boolean => {
  const least = ORDER.findIndex(each => each.toLowerCase() === options.severity);
  return !options.disable.includes(rule) && ORDER.indexOf(severity) <= least;
};
