import { Option } from 'commander';
import {
  type Connection,
  type Facts,
  type Finding,
  LINT_RULES,
  lint,
  peerResolver,
  Severity,
} from '../../netpol/index.js';
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
import { readFlows } from './queries.js';
import { readTextAt } from './sources.js';

type LintCommandOptions = ReadingOptions &
  ModeOptions & {
    readonly output: FindingFormat;
    readonly outputFormat?: FindingFormat;
    readonly severity: 'error' | 'warning' | 'info';
    readonly disable: readonly string[];
    readonly flows?: string;
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
    .option(
      '--flows <file>',
      'observed flows, one {src,dst,protocol,port} per line; `-` for standard input',
    );
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
  const { facts, policies, problems, placeOf, bad } = await readManifestsAt(paths, options, io);
  const { cni } = options;
  const flows = options.flows === undefined ? null : await flowsAt(options.flows, facts, io);
  const found = lint(facts, policies, {
    modes: modesOf(options),
    problems,
    places: placeOf,
    ...(flows === null ? {} : { flows }),
    ...(cni === undefined ? {} : { cni }),
  });
  const shown = found.filter(finding => isShown(finding, options));
  const terminal = terminalOf(io.stdout, io.env);
  await write(io.stdout, findingsDocument(shown, outputOf(options), terminal));
  // Documents that cannot be used are findings themselves, unless other rules were asked for.
  if (bad && (options.strict === true || shown.length === 0)) return Exit.FAILED;
  return shown.length > 0 ? Exit.FINDINGS : Exit.CLEAN;
};

const flowsAt = async (file: string, facts: Facts, io: CliIo): Promise<readonly Connection[]> => {
  const { flows, errors } = readFlows(await readTextAt(file, io.stdin), peerResolver(facts, null));
  await write(
    io.stderr,
    errors.map(error => `${file}: warning: flow left out: ${error}\n`).join(''),
  );
  return flows;
};

const ORDER: readonly Severity[] = [Severity.ERROR, Severity.WARNING, Severity.INFO];

const isShown = ({ rule, severity }: Finding, options: LintCommandOptions): boolean => {
  const least = ORDER.findIndex(each => each.toLowerCase() === options.severity);
  return !options.disable.includes(rule) && ORDER.indexOf(severity) <= least;
};
