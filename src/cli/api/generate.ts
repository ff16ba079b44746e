import { randomUUID } from 'node:crypto';
import { Option } from 'commander';
import {
  GeneratePoliciesDocument,
  type GeneratePoliciesMutation,
  type GeneratePoliciesMutationVariables,
  type PolicyDialect,
} from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import type { ApiClient } from '../client.js';
import { addEffects, addExits, addOutput, type Effect, group, outputOf } from '../command.js';
import { failOnOption } from '../fail-on.js';
import { LISTING_FORMATS, type Listing, type ListingFormat } from '../print/listing.js';
import { type AddCommands, Exit, Failure, type Shell, write, writeAsItIs } from '../shell.js';
import { show } from '../show.js';
import { addWindow, type WindowOptions } from './flow-options.js';
import { futureCells, futureLines } from './future-pods.js';
import { addHow, collected, type HowOptions, howOf } from './generate-options.js';
import { assertKnown } from './known.js';
import { type PolicyFile, type Written, writePolicies } from './policy-files.js';
import { hasErrors, tellProblems } from './problem-text.js';
import { addSubject, type Subject, type SubjectOptions, withSubject } from './subject.js';

const DIALECTS = ['cilium', 'calico', 'cluster-network-policy'] as const;

type Options = WindowOptions &
  SubjectOptions &
  HowOptions & {
    readonly namespace: readonly string[];
    readonly deployment: readonly string[];
    readonly from: 'flows' | 'baselines';
    readonly name?: string;
    readonly outputDir?: string;
    readonly as?: (typeof DIALECTS)[number];
    readonly kustomize?: boolean;
    readonly output: ListingFormat;
    readonly outputFormat?: ListingFormat;
    readonly failOn: readonly FailOn[];
  };

export const addGenerate: AddCommands = shell => {
  const command = group(shell.program, 'netpol', 'NetworkPolicies')
    .command('generate')
    .description('one least-privilege NetworkPolicy per deployment, from what was observed');
  addOutput(addEffects(command, EFFECTS), LISTING_FORMATS, 'yaml');
  addExits(
    command,
    '0 when nothing is found, 1 when an observed flow would be blocked, lint finds an error in the set, or the sources lost, sampled or missed traffic of the window, 2 for bad input; --fail-on changes what counts',
  );
  addHow(addWindow(addSubject(command)))
    .option('--namespace <name>', 'only for this namespace (repeatable)', collected, [])
    .option('--deployment <name>', 'only for this deployment (repeatable)', collected, [])
    .addOption(
      new Option('--from <what>', 'flows of the window, or the baselines')
        .choices(['flows', 'baselines'])
        .default('flows'),
    )
    .option(
      '--name <name>',
      'name of the policy set that the server keeps (default: one for the scope, such as generated-shop)',
    )
    .option(
      '--output-dir <dir>',
      'write one file per deployment there, instead of all to the output',
    )
    .option('--kustomize', 'also write a kustomization.yaml that lists the files of --output-dir')
    .addOption(
      new Option('--as <dialect>', 'write other policies instead of NetworkPolicies').choices(
        DIALECTS,
      ),
    )
    .addOption(failOnOption(FAIL_ON, STANDARD))
    .addHelpText(
      'after',
      `
Example:
  $ weirgate netpol generate --cluster production --namespace my-app --output-dir ./generated-policies/
  $ weirgate netpol simulate --cluster production --policy-dir ./generated-policies/
  $ weirgate netpol generate --manifests ./cluster/ --flows flows.jsonl.gz --format hubble --output-dir ./generated-policies/

Observe for a week or two first: what no flow shows gets no rule. Files that would not change are not touched.`,
    )
    .action(async (options: Options) =>
      shell.finish(await withSubject(shell, options, subject => run(shell, options, subject))),
    );
};

const EFFECTS: readonly Effect[] = [
  {
    of: ['kustomize'],
    when: ({ outputDir }) => outputDir !== undefined,
    says: 'without --output-dir',
  },
  {
    of: ['output', 'outputFormat'],
    when: ({ outputDir }) => outputDir === undefined,
    says: 'with --output-dir: files are YAML',
  },
  { of: ['since', 'until'], when: ({ from }) => from === 'flows', says: 'with --from baselines' },
  {
    of: ['ingressBlock'],
    when: ({ ingressSources }) => ingressSources === 'blocks',
    says: 'without --ingress-sources blocks',
  },
  {
    of: ['name'],
    when: ({ cluster }) => cluster !== undefined,
    says: 'without --cluster: no policy set is kept',
  },
];

type Generated = Omit<GeneratePoliciesMutation['generatePolicies'], 'job'>;

type Told = (problems: Generated['problems']) => boolean;

const has =
  (...codes: readonly string[]): Told =>
  problems =>
    problems.some(({ code }) => codes.includes(code));

const FAIL_ON = {
  uncovered: has('FLOWS_NOT_COVERED'),
  error: hasErrors,
  incomplete: has('EVENTS_LOST', 'RECORDS_REJECTED', 'SAMPLED', 'GAPS'),
  thin: has('SHORT_WINDOW', 'JOBS_NOT_RUN', 'NO_RESTART'),
  warning: problems => problems.some(({ severity }) => severity !== 'INFO'),
} as const satisfies Readonly<Record<string, Told>>;

type FailOn = keyof typeof FAIL_ON;

const STANDARD: readonly FailOn[] = ['uncovered', 'error', 'incomplete'];

const listed = (names: readonly string[]): readonly string[] | null =>
  names.length === 0 ? null : names;

const dialectOf = (name: Options['as']): PolicyDialect =>
  (name ?? 'cilium').toUpperCase().replaceAll('-', '_') as PolicyDialect;

/** What takes longer than the server answers for goes on as a job: the same key asks for the same again. */
async function untilMade(
  { ask }: ApiClient,
  variables: GeneratePoliciesMutationVariables,
): Promise<Generated> {
  for (;;) {
    const { job, ...generated } = (await ask(GeneratePoliciesDocument, variables)).generatePolicies;
    if (job?.status !== 'PENDING' && job?.status !== 'RUNNING') return generated;
  }
}

const run = async (shell: Shell, options: Options, { client, cluster }: Subject): Promise<Exit> => {
  const { namespace: namespaces, deployment: deployments } = options;
  await assertKnown(client, { cluster, namespaces, deployments });
  const generated = await untilMade(client, {
    input: {
      key: randomUUID(),
      cluster,
      namespaces: listed(options.namespace),
      deployments: listed(options.deployment),
      from: options.from === 'baselines' ? 'BASELINES' : 'FLOWS',
      since: options.since ?? null,
      until: options.until ?? null,
      name: options.name ?? null,
      options: await howOf(options, shell.io.stdin),
    },
    as: dialectOf(options.as),
    rendered: options.as !== undefined,
  });
  await tellProblems(shell.io, generated.problems);
  if (generated.policies.length === 0) {
    if (hasErrors(generated.problems)) return Exit.FAILED;
    throw new Failure('no policy came of it', 'see `weirgate cluster diagnose`, or widen --since');
  }
  const isKept = options.cluster !== undefined;
  await deliver(isKept ? generated : { ...generated, policySet: null }, options, shell);
  const isFound = options.failOn.some(what => FAIL_ON[what](generated.problems));
  return isFound ? Exit.FINDINGS : Exit.CLEAN;
};

/** More than a person reads. */
const MOST_PAIRS = 20;

const deliver = async (generated: Generated, options: Options, shell: Shell): Promise<void> => {
  const { policies, policySet } = generated;
  const { outputDir: folder, kustomize = false } = options;
  const { stdout, stderr } = shell.io;
  await tellBeside(generated, stderr);
  const files = policies.map(({ rendering, ...policy }) => ({
    ...policy,
    yaml: rendering?.yaml ?? policy.yaml,
  }));
  const kept =
    policySet === null ? '' : `, kept as policy set ${policySet.name} v${policySet.version}`;
  if (folder === undefined) {
    if (outputOf(options) === 'yaml')
      await writeAsItIs(stdout, files.map(({ yaml }) => yaml).join('---\n'));
    else await show(shell, listingOf(generated, files), options);
    await write(stderr, `${counted(policies.length, 'policy', 'policies')}${kept}\n`);
    return;
  }
  await write(
    stderr,
    `${writtenText(await writePolicies(folder, files, kustomize), folder)}${kept}\n`,
  );
};

const listingOf = (generated: Generated, policies: readonly PolicyFile[]): Listing => ({
  heading: ['namespace', 'policy', 'lines', 'selects of pods to come', 'names of pods to come'],
  rows: policies.map(({ namespace, name, yaml }) => [
    namespace,
    name,
    `${yaml.trimEnd().split('\n').length}`,
    ...futureCells(generated.futurePods, `${namespace}/${name}`),
  ]),
  value: { ...generated, policies },
  empty: 'no policies',
});

/** What the set allows beyond its flows, what it stands instead of, how near it comes to least privilege, and what pods to come could do. */
const tellBeside = async (
  { policies, extraPairs, deletions, scores, futurePods }: Generated,
  stderr: NodeJS.WritableStream,
): Promise<void> => {
  const rest = extraPairs.length - MOST_PAIRS;
  await write(stderr, extraPairs.slice(0, MOST_PAIRS).map(extraLine).join(''));
  if (rest > 0) await write(stderr, `note: … and ${rest} more such pairs\n`);
  await write(stderr, deletions.map(deletionLine).join(''));
  await write(stderr, scores.map(scoreLine).join(''));
  await write(stderr, futureLines(futurePods));
  const cannot = new Set(policies.flatMap(({ rendering }) => rendering?.cannot ?? []));
  await write(
    stderr,
    [...cannot].map(line => `note: not as the NetworkPolicy: ${line}\n`).join(''),
  );
};

type ExtraPair = Generated['extraPairs'][number];

const extraLine = ({ source, destination, ports }: ExtraPair): string =>
  `note: ${source} -> ${destination} (${ports}) is also allowed, and no flow asked for all of it\n`;

const scoreLine = ({
  namespace,
  deployment,
  before,
  after,
  ingressAfter,
  egressAfter,
}: Generated['scores'][number]): string =>
  deployment === null
    ? `note: least privilege of ${namespace}: ${before.toFixed(2)} before, ${after.toFixed(2)} with the set (ingress ${ingressAfter.toFixed(2)}, egress ${egressAfter.toFixed(2)})\n`
    : '';

const deletionLine = ({ kind, namespace, name }: Generated['deletions'][number]): string =>
  `note: the set stands instead of ${kind} ${namespace}/${name}: delete that one when this is applied\n`;

/** `12 policies in ./dir: 3 written, 9 unchanged`, after a warning for each file that is left over. */
const writtenText = ({ written, unchanged, left }: Written, folder: string): string => {
  const warnings = left.map(
    path =>
      `warning: ${path} in ${folder} is of no deployment that was generated for; remove it if it is old\n`,
  );
  const count = written.length + unchanged.length;
  return `${warnings.join('')}${counted(count, 'policy', 'policies')} in ${folder}: ${written.length} written, ${unchanged.length} unchanged`;
};
