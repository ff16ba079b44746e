import {
  BaselineDiffDocument,
  type BaselineDiffQuery,
  type BaselineDiffQueryVariables,
  BaselineExportDocument,
  type BaselineMoment,
  ImportBaselinesDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addExits, addOutput, group } from '../command.js';
import { failOnOption } from '../fail-on.js';
import { readTextAt } from '../offline/sources.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { type AddCommands, Exit, Failure, write } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import {
  addScope,
  addSelector,
  BASELINE_NOUN,
  type ScopeOptions,
  scopeOf,
} from './baseline-options.js';
import { deploymentText } from './deployment-text.js';
import { addCluster } from './flow-options.js';
import { portText } from './flow-row.js';
import { assertKnown } from './known.js';
import { allNodes } from './pages.js';
import { peerName } from './peer-name.js';
import { hasErrors, tellProblems } from './problem-text.js';

export const addBaselineExport: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('export')
    .description('baselines as sorted JSON for Git: the same bytes for the same baselines')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate baseline export --cluster production --namespace my-app > baselines.json',
    );
  addSelector(addScope(command)).action(async (options: ScopeOptions) => {
    const client = clientOf(shell);
    const scope = await scopeOf(client, options);
    const { baselineExport } = await client.ask(BaselineExportDocument, scope);
    if (baselineExport === null) return shell.finish(Exit.FAILED);
    await tellProblems(shell.io, baselineExport.problems);
    await write(shell.io.stdout, baselineExport.text);
    shell.finish(hasErrors(baselineExport.problems) ? Exit.FAILED : Exit.CLEAN);
  });
};

const LEFT = {
  'left-out': problems => problems.length > 0,
} as const satisfies Readonly<Record<string, (problems: readonly unknown[]) => boolean>>;

type ImportOptions = OutputOptions & {
  readonly failOn: readonly (keyof typeof LEFT)[];
  readonly cluster: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
};

export const addBaselineImport: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('import')
    .argument('<file>', 'what `baseline export` wrote, edited or not; `-` is standard input')
    .description('make baselines what a file says, of the deployments that it names')
    .option('--dry-run', 'tell what would be done, and do nothing')
    .option('--reason <text>', 'why, for the history')
    .addOption(failOnOption(LEFT, ['left-out']))
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate baseline import --cluster production baselines.json --dry-run',
    );
  addExits(
    command,
    '0 when all of it was done, 1 when some of it was left out, 2 for bad input or failure; --fail-on changes what counts',
  );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (file: string, options: ImportOptions) => {
      const client = clientOf(shell);
      const { cluster, dryRun = false, reason = null } = options;
      await assertKnown(client, { cluster, namespaces: [], deployments: [] });
      const text = await readTextAt(file, shell.io.stdin);
      const input = { cluster, text, dryRun, reason };
      const { importBaselines } = await client.ask(ImportBaselinesDocument, { input });
      const { problems, ...counts } = importBaselines;
      await tellProblems(shell.io, problems);
      if (hasErrors(problems)) return shell.finish(Exit.FAILED);
      await show(shell, countsListing(counts, dryRun), options);
      const found = options.failOn.some(name => LEFT[name](problems));
      shell.finish(found ? Exit.FINDINGS : Exit.CLEAN);
    },
  );
};

const countsListing = (counts: Readonly<Record<string, number>>, dryRun: boolean): Listing => ({
  heading: [dryRun ? 'would be' : 'done', 'count'],
  rows: Object.entries(counts).map(([what, count]) => [what, `${count}`]),
  value: { import: { ...counts, dryRun } },
  empty: 'nothing was done',
});

type DiffOptions = OutputOptions & {
  readonly failOn: readonly (keyof typeof DIFFERS)[];
  readonly cluster: string;
  readonly from: string;
  readonly to?: string;
};

type Found = NonNullable<BaselineDiffQuery['baselineDiff']>;

type Diff = Pick<Found, 'before' | 'after'> & { readonly changes: Found['changes']['nodes'] };

const DIFFERS = {
  changes: ({ changes }) => changes.length > 0,
} as const satisfies Readonly<Record<string, (diff: Diff) => boolean>>;

/** The number of a version, or a time at which it held. */
const momentOf = (text: string): BaselineMoment =>
  /^\d{1,9}$/.test(text) ? { version: Number(text), at: null } : { version: null, at: text };

const diffListing = ({ before, after, changes }: Diff): Listing => ({
  heading: ['change', 'direction', 'peer', 'port', 'before', 'after'],
  rows: changes.map(change => [
    change.before === null ? '+' : change.after === null ? '-' : '~',
    change.direction,
    change.peer === null ? '-' : peerName(change.peer),
    portText(change.protocol, change.port),
    change.before ?? '-',
    change.after ?? '-',
  ]),
  value: {
    before,
    after,
    changes: changes.map(({ peer, ...change }) => ({
      peer: peer === null ? null : peerName(peer),
      ...change,
    })),
  },
  empty: `versions ${before.version} and ${after.version} hold the same`,
});

/** All changes, page by page; null: there is no such deployment, baseline or version. */
async function diffOf(
  { ask }: ApiClient,
  asked: Omit<BaselineDiffQueryVariables, 'cursor'>,
): Promise<Diff | null> {
  const first = (await ask(BaselineDiffDocument, { ...asked, cursor: null })).baselineDiff;
  if (first === null) return null;
  const changes = await allNodes(async cursor => {
    const page =
      cursor === null
        ? first
        : (await ask(BaselineDiffDocument, { ...asked, cursor })).baselineDiff;
    if (page === null) throw new Failure('the baseline went away while it was read', 'ask again');
    return page.changes;
  });
  return { before: first.before, after: first.after, changes };
}

export const addBaselineDiff: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('diff')
    .argument('<deployment>', 'whose, as `namespace/name`')
    .description('what differs between two versions of a baseline')
    .requiredOption('--from <moment>', 'number of a version, or when it held: `7d`, or a time')
    .option('--to <moment>', 'the same; the current one without it')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate baseline diff --cluster production my-app/frontend --from 1',
    );
  command.addOption(failOnOption(DIFFERS, ['changes']));
  addExits(
    command,
    '0 when nothing differs, 1 for differences, 2 for bad input or failure; --fail-on changes what counts',
  );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (deployment: string, options: DiffOptions) => {
      const client = clientOf(shell);
      const { cluster, from, to } = options;
      await assertKnown(client, { cluster, namespaces: [], deployments: [deployment] });
      const { namespace, name, kind } = deploymentText(deployment);
      if (namespace === null)
        throw new Failure(`\`${deployment}\` has no namespace`, 'write `namespace/name`');
      const asked = { cluster, namespace, name, kind, before: momentOf(from) };
      const after = to === undefined ? null : momentOf(to);
      const diff = await diffOf(client, { ...asked, after });
      if (diff === null)
        throw new Failure(
          `\`${deployment}\` had no baseline at one of these moments`,
          `see \`weirgate baseline history --cluster ${cluster} ${deployment}\` for its versions and since when they hold`,
        );
      await show(shell, diffListing(diff), options);
      const found = options.failOn.some(name => DIFFERS[name](diff));
      shell.finish(found ? Exit.FINDINGS : Exit.CLEAN);
    },
  );
};
