import { Option } from 'commander';
import { GeneratePoliciesDocument, type GeneratePoliciesMutation } from '../../generated/cli.js';
import { group } from '../command.js';
import { type AddCommands, type CliIo, Exit, Failure, type Shell, write } from '../shell.js';
import { addWindow, type WindowOptions } from './flow-options.js';
import { type Written, writePolicies } from './policy-files.js';
import { hasErrors, tellProblems } from './problem-text.js';
import { addSubject, type Subject, type SubjectOptions, withSubject } from './subject.js';

type GenerateOptions = WindowOptions &
  SubjectOptions & {
    readonly namespace: readonly string[];
    readonly deployment: readonly string[];
    readonly from: 'flows' | 'baselines';
    readonly name?: string;
    readonly allowMetadata?: boolean;
    readonly outputDir?: string;
  };

export const collected = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  text,
];

export const addGenerate: AddCommands = shell => {
  const command = group(shell.program, 'netpol', 'NetworkPolicies')
    .command('generate')
    .description('one least-privilege NetworkPolicy per deployment, from what was observed');
  addWindow(addSubject(command))
    .option('--namespace <name>', 'only for this namespace (repeatable)', collected, [])
    .option('--deployment <name>', 'only for this deployment (repeatable)', collected, [])
    .addOption(
      new Option('--from <what>', 'flows of the window, or the baselines')
        .choices(['flows', 'baselines'])
        .default('flows'),
    )
    .option('--name <name>', 'name of the policy set that the server keeps (default: generated)')
    .option('--allow-metadata', 'also allow observed calls to the cloud metadata service')
    .option(
      '--output-dir <dir>',
      'write one file per deployment there, instead of all to the output',
    )
    .addHelpText(
      'after',
      `
Example:
  $ weirgate netpol generate --cluster production --namespace my-app --output-dir ./generated-policies/
  $ weirgate netpol simulate --cluster production --policy-dir ./generated-policies/
  $ weirgate netpol generate --manifests ./cluster/ --flows flows.jsonl.gz --format hubble --output-dir ./generated-policies/

Observe for a week or two first: what no flow shows gets no rule. Files that would not change are not touched.`,
    )
    .action(async (options: GenerateOptions) =>
      shell.finish(await withSubject(shell, options, subject => run(shell, options, subject))),
    );
};

type Generated = GeneratePoliciesMutation['generatePolicies'];

const listed = (names: readonly string[]): readonly string[] | null =>
  names.length === 0 ? null : names;

const run = async (
  shell: Shell,
  options: GenerateOptions,
  { client, cluster }: Subject,
): Promise<Exit> => {
  const { generatePolicies: generated } = await client.ask(GeneratePoliciesDocument, {
    input: {
      cluster,
      namespaces: listed(options.namespace),
      deployments: listed(options.deployment),
      from: options.from === 'baselines' ? 'BASELINES' : 'FLOWS',
      since: options.since ?? null,
      until: options.until ?? null,
      name: options.name ?? null,
      options: { allowMetadata: options.allowMetadata ?? false },
    },
  });
  await tellProblems(shell.io, generated.problems);
  if (generated.policies.length === 0) {
    throw new Failure('no policy came of it', 'see `weirgate cluster diagnose`, or widen --since');
  }
  const isKept = options.cluster !== undefined;
  await deliver(
    isKept ? generated : { ...generated, policySet: null },
    options.outputDir ?? null,
    shell.io,
  );
  return hasErrors(generated.problems) ? Exit.FAILED : Exit.CLEAN;
};

/** More than a person reads. */
const MOST_PAIRS = 20;

const deliver = async (
  { policies, extraPairs, policySet }: Generated,
  folder: string | null,
  { stdout, stderr }: CliIo,
): Promise<void> => {
  const rest = extraPairs.length - MOST_PAIRS;
  await write(stderr, extraPairs.slice(0, MOST_PAIRS).map(extraLine).join(''));
  if (rest > 0) await write(stderr, `note: … and ${rest} more such pairs\n`);
  const kept =
    policySet === null ? '' : `, kept as policy set ${policySet.name} v${policySet.version}`;
  if (folder === null) {
    await write(stdout, policies.map(({ yaml }) => yaml).join('---\n'));
    await write(stderr, `${policies.length} policies${kept}\n`);
    return;
  }
  await write(stderr, `${writtenText(await writePolicies(folder, policies), folder)}${kept}\n`);
};

type ExtraPair = Generated['extraPairs'][number];

const extraLine = ({ source, destination, ports }: ExtraPair): string =>
  `note: ${source} -> ${destination} (${ports}) is also allowed, and no flow asked for all of it\n`;

/** `12 policies in ./dir: 3 written, 9 unchanged`, after a warning for each file that is left over. */
const writtenText = ({ written, unchanged, left }: Written, folder: string): string => {
  const warnings = left.map(
    path =>
      `warning: ${path} in ${folder} is of no deployment that was generated for; remove it if it is old\n`,
  );
  const count = written.length + unchanged.length;
  return `${warnings.join('')}${count} policies in ${folder}: ${written.length} written, ${unchanged.length} unchanged`;
};
