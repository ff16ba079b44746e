import {
  type BaselineFactsFragment,
  BaselinesDocument,
  type BaselinesQuery,
  GenerateBaselinesDocument,
  LockBaselinesDocument,
  UnlockBaselinesDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, type Shell } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { deploymentText } from './deployment-text.js';
import { addCluster, addWindow, type WindowOptions } from './flow-options.js';
import { collected } from './generate-options.js';
import { assertKnown } from './known.js';
import { allNodes } from './pages.js';
import { peerName } from './peer-name.js';
import { type ApiProblem, hasErrors, tellProblems } from './problem-text.js';

type BaselineOptions = WindowOptions &
  OutputOptions & {
    readonly cluster: string;
    readonly namespace: readonly string[];
    readonly deployment: readonly string[];
  };

type Scope = {
  readonly cluster: string;
  readonly namespaces: readonly string[] | null;
  readonly deployments: readonly string[] | null;
};

type Changed = {
  readonly baselines: readonly BaselineFactsFragment[];
  readonly problems: readonly ApiProblem[];
};

type Change = (client: ApiClient, scope: Scope, window: WindowOptions) => Promise<Changed>;

type Verb = {
  readonly name: 'generate' | 'lock' | 'unlock';
  readonly about: string;
  readonly example: string;
  readonly change: Change;
};

const VERBS: readonly Verb[] = [
  {
    name: 'generate',
    about: 'learn what is normal for deployments from the flows of a window',
    example: 'weirgate baseline generate --cluster production --namespace my-app --since 14d',
    change: async ({ ask }, scope, { since, until }) => {
      const input = { ...scope, since: since ?? null, until: until ?? null };
      return (await ask(GenerateBaselinesDocument, { input })).generateBaselines;
    },
  },
  {
    name: 'lock',
    about: 'make baselines binding: what they do not hold is anomalous and raises alerts',
    example: 'weirgate baseline lock --cluster production --namespace my-app',
    change: async ({ ask }, input) => (await ask(LockBaselinesDocument, { input })).lockBaselines,
  },
  {
    name: 'unlock',
    about: 'make baselines not binding any more, so that they can be learned anew',
    example: 'weirgate baseline unlock --cluster production --deployment my-app/frontend',
    change: async ({ ask }, input) =>
      (await ask(UnlockBaselinesDocument, { input })).unlockBaselines,
  },
];

const NOUN = ['baseline', 'what is normal for deployments'] as const;

const addVerb = (shell: Shell, { name, about, example, change }: Verb): void => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command(name)
    .description(about);
  if (name === 'generate') addWindow(command);
  addOutput(addScope(addCluster(command)), LISTING_FORMATS, 'table')
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .action(async (options: BaselineOptions) => {
      const client = clientOf(shell);
      const { cluster, namespace: namespaces, deployment: deployments } = options;
      await assertKnown(client, { cluster, namespaces, deployments });
      const { baselines, problems } = await change(client, scopeOf(options), options);
      await tellProblems(io, problems);
      if (hasErrors(problems)) return finish(Exit.FAILED);
      const listing = baselinesListing(baselines);
      await show(shell, listing, options);
      finish(Exit.CLEAN);
    });
};

const addScope = (command: Parameters<typeof addWindow>[0]): ReturnType<typeof addWindow> =>
  command
    .option('--namespace <name>', 'only of this namespace (repeatable)', collected, [])
    .option(
      '--deployment <name>',
      'only of this deployment, `name` or `namespace/name` (repeatable)',
      collected,
      [],
    );

const scopeOf = ({ cluster, namespace, deployment }: BaselineOptions): Scope => ({
  cluster,
  namespaces: namespace.length === 0 ? null : namespace,
  deployments: deployment.length === 0 ? null : deployment,
});

/** `baseline generate`, `lock`, `unlock`. */
export const addBaselineChanges: AddCommands = shell => {
  for (const verb of VERBS) addVerb(shell, verb);
};

export const addBaselineList: AddCommands = shell => {
  const command = group(shell.program, ...NOUN)
    .command('list')
    .description('the baselines of a cluster; `-o json` and `-o yaml` show what they hold')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate baseline list --cluster production --namespace my-app -o yaml',
    );
  addOutput(addScope(addCluster(command)), LISTING_FORMATS, 'table').action(
    async (options: BaselineOptions) => {
      const baselines = await baselinesOf(clientOf(shell), options);
      const value = { baselines: baselines.map(wholeBaseline) };
      const listing = { ...baselinesListing(baselines), value };
      await show(shell, listing, options);
    },
  );
};

type Listed = BaselinesQuery['deployments']['nodes'][number];
type WholeBaseline = NonNullable<Listed['baseline']>;

const among = (names: readonly string[]) => (names.length === 0 ? null : { in: names });

const baselinesOf = async (
  client: ApiClient,
  { cluster, namespace, deployment }: BaselineOptions,
): Promise<readonly WholeBaseline[]> => {
  await assertKnown(client, { cluster, namespaces: namespace, deployments: deployment });
  const names = deployment.map(name => deploymentText(name).name);
  const filter = { cluster: { eq: cluster }, namespace: among(namespace), name: among(names) };
  const found = await allNodes(
    async after => (await client.ask(BaselinesDocument, { filter, after })).deployments,
  );
  return found
    .map(({ baseline }) => baseline)
    .filter(baseline => baseline !== null)
    .filter(baseline => isAmong(baseline, deployment));
};

const deploymentName = ({ deployment }: BaselineFactsFragment): string =>
  `${deployment.namespace.name}/${deployment.name}`;

/** As commands name deployments; no names are all. */
const isAmong = (baseline: BaselineFactsFragment, wanted: readonly string[]): boolean =>
  wanted.length === 0 ||
  wanted.map(deploymentText).some(({ namespace, name, kind }) => {
    const { deployment } = baseline;
    return (
      name === deployment.name &&
      (namespace ?? deployment.namespace.name) === deployment.namespace.name &&
      (kind ?? deployment.kind).toLowerCase() === deployment.kind.toLowerCase()
    );
  });

/** A baseline as documents write it. */
const baselineValue = ({ deployment, ...baseline }: BaselineFactsFragment): object => ({
  deployment: `${deployment.namespace.name}/${deployment.name}`,
  kind: deployment.kind,
  ...baseline,
});

const wholeBaseline = ({ entries, ...baseline }: WholeBaseline): object => ({
  ...baselineValue(baseline),
  entries: entries.map(({ peer, port, protocol, direction, days, events }) => ({
    direction,
    peer: peerName(peer),
    port,
    protocol,
    days,
    events,
  })),
});

const baselinesListing = (baselines: readonly BaselineFactsFragment[]): Listing => ({
  heading: ['deployment', 'kind', 'state', 'version', 'learned until', 'locked at'],
  rows: baselines
    .map(each => [
      deploymentName(each),
      each.deployment.kind,
      each.state,
      `${each.version}`,
      shortTime(each.learnedUntil ?? each.generatedAt),
      shortTime(each.lockedAt),
    ])
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)),
  value: { baselines: baselines.map(baselineValue) },
  empty: 'no baselines: learn them by `weirgate baseline generate`',
});
