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
import { addExits, addOutput, group, outputOf } from '../command.js';
import { failOnOption } from '../fail-on.js';
import { inOrderOfGravity } from '../findings-order.js';
import { unknownName } from '../near.js';
import { isForPeople } from '../print/listing.js';
import { terminalOf } from '../print/terminal.js';
import { type AddCommands, type CliIo, Exit, write } from '../shell.js';
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

const FAIL_ON = {
  error: Severity.ERROR,
  warning: Severity.WARNING,
  info: Severity.INFO,
} as const satisfies Readonly<Record<string, Severity>>;

type FailOn = keyof typeof FAIL_ON;

const STANDARD: readonly FailOn[] = ['error', 'warning', 'info'];

const EXAMPLE = `
Example:
  $ weirgate netpol lint ./manifests --severity warning --output sarif > findings.sarif`;

type LintCommandOptions = ReadingOptions &
  ModeOptions & {
    readonly output: FindingFormat;
    readonly outputFormat?: FindingFormat;
    readonly severity: 'error' | 'warning' | 'info';
    readonly disable: readonly string[];
    readonly failOn: readonly FailOn[];
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
  command.addOption(failOnOption(FAIL_ON, STANDARD)).addHelpText('after', EXAMPLE);
  addExits(
    command,
    '0 without findings, 1 with findings, 2 for bad input; --fail-on changes what counts',
  );
  addOutput(addStrictness(addModes(command)), FINDING_FORMATS, 'table');
  command.action(async (paths: readonly string[], options: LintCommandOptions) =>
    finish(await run(paths, options, io)),
  );
};

const collect = (rule: string, rules: readonly string[]): readonly string[] => {
  if (!LINT_RULES.some(({ id }) => id === rule)) {
    const known = LINT_RULES.map(({ id }) => id);
    throw unknownName(
      `there is no rule \`${rule}\``,
      rule,
      known,
      `the rules are ${known.join(', ')}`,
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
  const shown = inOrderOfGravity(found.filter(finding => isShown(finding, options)));
  if (shown.length === 0 && isForPeople(outputOf(options))) await write(io.stderr, 'no findings\n');
  const terminal = terminalOf(io.stdout, io.env);
  await write(io.stdout, findingsDocument(shown, outputOf(options), terminal));
  // Documents that cannot be used are findings themselves, unless other rules were asked for.
  if (bad && (options.strict === true || shown.length === 0)) return Exit.FAILED;
  const isFound = shown.some(({ severity }) =>
    options.failOn.some(name => FAIL_ON[name] === severity),
  );
  return isFound ? Exit.FINDINGS : Exit.CLEAN;
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
