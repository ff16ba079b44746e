import {
  type Checked,
  checkAssertions,
  compile,
  connectivityMap,
  formatPortSet,
  readAssertions,
} from '../../netpol/index.js';
import { addExits, addOutput, group, outputOf } from '../command.js';
import { failOnOption } from '../fail-on.js';
import {
  ASSERTION_RULE,
  type AssertionLine,
  assertionResults,
  assertionTable,
} from '../print/assertion-rows.js';
import { jsonText, LISTING_FORMATS, listingText } from '../print/listing.js';
import { terminalOf } from '../print/terminal.js';
import { type AddCommands, type CliIo, Exit, Failure, write } from '../shell.js';
import {
  addModes,
  addStrictness,
  type ModeOptions,
  modesOf,
  problemText,
  type ReadingOptions,
  readManifestsAt,
} from './manifests.js';
import { readSources } from './sources.js';

const FORMATS = [...LISTING_FORMATS, 'sarif'] as const;
type Format = (typeof FORMATS)[number];

type AssertOptions = ReadingOptions &
  ModeOptions & {
    readonly assertions: string;
    readonly failOn: readonly FailOn[];
    readonly output: Format;
    readonly outputFormat?: Format;
  };

const FAIL_ON = {
  broken: ({ holds }) => !holds,
} as const satisfies Readonly<Record<string, (checked: Checked) => boolean>>;

type FailOn = keyof typeof FAIL_ON;

const STANDARD: readonly FailOn[] = ['broken'];

const EXAMPLE = `
Example:
  $ weirgate netpol assert ./cluster ./policies --assertions assertions.yaml --output sarif

A file of assertions is YAML (docs/assertions.md):
  assertions:
    - payments is reached only from checkout:8443
    - no path from internet to data/db

Recorded flows are asserted too by \`netpol simulate --assertions\`.`;

export const addAssert: AddCommands = ({ program, io, finish }) => {
  const command = group(program, 'netpol', 'NetworkPolicies')
    .command('assert')
    .argument('<paths...>', 'folders or files with manifests, `-` for standard input')
    .description('whether what must hold is so under the policies of manifests')
    .requiredOption('--assertions <path>', 'file or folder with assertions')
    .addOption(failOnOption(FAIL_ON, STANDARD))
    .addHelpText('after', EXAMPLE);
  addExits(
    command,
    '0 when all hold, 1 when one does not, 2 for bad input; --fail-on changes what counts',
  );
  addOutput(addStrictness(addModes(command)), FORMATS, 'table').action(
    async (paths: readonly string[], options: AssertOptions) =>
      finish(await run(paths, options, io)),
  );
};

const lineOf = ({ assertion, holds, violations, violationCount }: Checked): AssertionLine => ({
  name: assertion.name,
  text: assertion.text,
  file: assertion.place?.file ?? null,
  line: assertion.place?.line ?? null,
  column: assertion.place?.column ?? null,
  holds,
  violations: violations.map(({ ports, path }) => ({
    basis: 'POLICIES',
    path,
    ports: formatPortSet(ports),
  })),
  violationCount,
});

const sarif = (lines: readonly AssertionLine[]): object => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'weirgate',
          rules: [
            {
              id: ASSERTION_RULE.id,
              shortDescription: { text: ASSERTION_RULE.text },
              defaultConfiguration: { level: ASSERTION_RULE.level },
            },
          ],
        },
      },
      columnKind: 'utf16CodeUnits',
      results: assertionResults(lines),
    },
  ],
});

const documentOf = (lines: readonly AssertionLine[], format: Format, io: CliIo): string => {
  if (format === 'sarif') return jsonText(sarif(lines));
  const listing = { ...assertionTable(lines), value: { assertions: lines }, empty: '' };
  return listingText(listing, format, terminalOf(io.stdout, io.env));
};

const run = async (paths: readonly string[], options: AssertOptions, io: CliIo): Promise<Exit> => {
  const { facts, policies, bad } = await readManifestsAt(paths, options, io);
  if (facts.pods.length === 0)
    throw new Failure('the manifests hold no workload', 'name the folder of the whole cluster');
  const sources = await readSources([options.assertions], io.stdin);
  const reading = readAssertions(sources);
  const compiled = compile(facts, policies, modesOf(options));
  const map = connectivityMap(compiled);
  const checking = checkAssertions(reading.assertions, facts, map);
  const problems = [...reading.problems, ...checking.problems];
  await write(io.stderr, [...map.warnings, ...problems].map(problemText).join(''));
  if (problems.length > 0) return Exit.FAILED;
  await write(io.stdout, documentOf(checking.results.map(lineOf), outputOf(options), io));
  if (bad) return Exit.FAILED;
  const found = options.failOn.some(name => checking.results.some(FAIL_ON[name]));
  return found ? Exit.FINDINGS : Exit.CLEAN;
};
