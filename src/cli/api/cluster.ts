import { Option } from 'commander';
import {
  ClustersDocument,
  type ClustersQuery,
  DiagnoseClusterDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addExits, addOutput, group } from '../command.js';
import { forCommands } from '../command-words.js';
import { failOnOption } from '../fail-on.js';
import { readSources } from '../offline/sources.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addCluster } from './flow-options.js';
import { type ImportedCounts, sendInventory } from './inventory-upload.js';
import { assertCluster } from './known.js';
import { allNodes } from './pages.js';
import { type ApiProblem, hasErrors, tellProblems } from './problem-text.js';

const NOUN = ['cluster', 'clusters and their inventory'] as const;

type ImportOptions = OutputOptions & {
  readonly cluster: string;
  readonly mode: 'merge' | 'replace';
  readonly observedAt?: string;
  readonly key?: string;
};

export const addClusterImport: AddCommands = shell => {
  const command = group(shell.program, ...NOUN)
    .command('import')
    .argument('<paths...>', 'files or folders with manifests, `-` for standard input')
    .description('import what kubectl shows of a cluster into its inventory')
    .addOption(
      new Option('--mode <mode>', 'replace: what is absent of the kinds given has ended')
        .choices(['merge', 'replace'])
        .default('merge'),
    )
    .option('--observed-at <time>', 'when the snapshot was taken (default: now)')
    .option(
      '--key <key>',
      'idempotency key: a repeated import with it gets the answer of the first',
    )
    .addHelpText(
      'after',
      `
Example:
  $ kubectl get nodes,namespaces,pods,services,deployments,replicasets,statefulsets,daemonsets,cronjobs,jobs,networkpolicies \\
      -A -o json | weirgate cluster import --cluster production --mode replace -`,
    );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (paths: readonly string[], options: ImportOptions) =>
      shell.finish(await importInventory(shell, paths, options)),
  );
};

const importInventory = async (
  shell: Shell,
  paths: readonly string[],
  options: ImportOptions,
): Promise<Exit> => {
  const { io } = shell;
  const sources = await readSources(paths, io.stdin);
  if (sources.every(({ text }) => text.trim() === '')) {
    throw new Failure('there is nothing to import', 'name files that end in .json, .yaml or .yml');
  }
  const { counts, problems } = await sendInventory(clientOf(shell), sources, {
    cluster: options.cluster,
    mode: options.mode === 'replace' ? 'REPLACE' : 'MERGE',
    observedAt: options.observedAt ?? null,
    key: options.key ?? null,
  });
  await tellProblems(io, problems);
  if (counts === null) return Exit.FAILED;
  const listing = countsListing(options.cluster, counts, problems);
  await show(shell, listing, options);
  return hasErrors(problems) ? Exit.FAILED : Exit.CLEAN;
};

const countsListing = (
  cluster: string,
  counts: ImportedCounts,
  problems: readonly ApiProblem[],
): Listing => ({
  heading: Object.keys(counts),
  rows: [Object.values(counts).map(String)],
  value: { cluster, counts, problems },
  empty: 'nothing was imported',
});

export const addClusterList: AddCommands = shell => {
  const command = group(shell.program, ...NOUN)
    .command('list')
    .description('the clusters that the server knows')
    .addHelpText('after', '\nExample:\n  $ weirgate cluster list -o json');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: OutputOptions) => {
    const client = clientOf(shell);
    const clusters = await allNodes(
      async after => (await client.ask(ClustersDocument, { after })).clusters,
    );
    await show(shell, clustersListing(clusters), options);
  });
};

type ListedCluster = ClustersQuery['clusters']['nodes'][number];

const clustersListing = (clusters: readonly ListedCluster[]): Listing => ({
  heading: ['name', 'last import', 'last flows', 'newest observation'],
  rows: clusters.map(each => [
    each.name,
    shortTime(each.lastImportAt),
    shortTime(each.lastIngestAt),
    shortTime(each.newestObservationAt),
  ]),
  value: { clusters },
  empty: 'no clusters: import one by `weirgate cluster import`, or send flows',
});

const FAIL_ON = { error: null, warning: null, info: null };

type FailOn = keyof typeof FAIL_ON;

const STANDARD: readonly FailOn[] = ['error', 'warning'];

export const addClusterDiagnose: AddCommands = shell => {
  const { program, finish } = shell;
  const command = group(program, ...NOUN)
    .command('diagnose')
    .description('why the network graph of a cluster is empty or thin')
    .addHelpText('after', '\nExample:\n  $ weirgate cluster diagnose --cluster production');
  addExits(
    command,
    '0 when nothing is wrong, 1 when there is a cause, 2 for bad input; --fail-on changes what counts',
  ).addOption(failOnOption(FAIL_ON, STANDARD));
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (
      options: OutputOptions & { readonly cluster: string; readonly failOn: readonly FailOn[] },
    ) => {
      const problems = await diagnosisOf(clientOf(shell), options.cluster);
      await show(shell, diagnosisListing(problems), options);
      const isFound = problems.some(({ severity }) =>
        options.failOn.some(name => name.toUpperCase() === severity),
      );
      finish(isFound ? Exit.FINDINGS : Exit.CLEAN);
    },
  );
};

const diagnosisOf = async (client: ApiClient, name: string): Promise<readonly ApiProblem[]> => {
  await assertCluster(client, name);
  const { cluster } = await client.ask(DiagnoseClusterDocument, { cluster: name });
  return cluster?.diagnose ?? [];
};

const diagnosisListing = (problems: readonly ApiProblem[]): Listing => ({
  heading: ['severity', 'code', 'message', 'hint'],
  rows: problems.map(({ severity, code, message, hint }) => [
    {
      text: severity,
      color: severity === 'ERROR' ? 'red' : severity === 'WARNING' ? 'yellow' : null,
    },
    code,
    message,
    hint === null ? '' : forCommands(hint),
  ]),
  value: { problems },
  empty: 'nothing is wrong',
});
