import {
  BaselineEntriesDocument,
  type BaselineFactsFragment,
  BaselinesDocument,
  type BaselinesQuery,
  GenerateBaselinesDocument,
  LockBaselinesDocument,
  ReopenBaselinesDocument,
  UnlockBaselinesDocument,
} from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
import { show } from '../show.js';
import {
  addScope,
  addSelector,
  BASELINE_NOUN,
  type Scope,
  type ScopeOptions,
  scopeOf,
} from './baseline-options.js';
import { deploymentText } from './deployment-text.js';
import { addWindow, type WindowOptions } from './flow-options.js';
import { assertKnown } from './known.js';
import { allNodes } from './pages.js';
import { peerName } from './peer-name.js';
import { type ApiProblem, hasErrors, tellProblems } from './problem-text.js';

type BaselineOptions = WindowOptions & ScopeOptions & { readonly reason?: string };

type Changed = {
  readonly baselines: readonly BaselineFactsFragment[];
  readonly changed?: number;
  readonly problems: readonly ApiProblem[];
};

type Change = (client: ApiClient, scope: Scope, options: BaselineOptions) => Promise<Changed>;

type Verb = {
  readonly name: 'generate' | 'lock' | 'unlock' | 'reopen';
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
    example:
      'weirgate baseline lock --cluster production --selector tier=back --reason "reviewed in June"',
    change: async ({ ask }, scope, { reason }) => {
      const input = { ...scope, reason: reason ?? null };
      return (await ask(LockBaselinesDocument, { input })).lockBaselines;
    },
  },
  {
    name: 'unlock',
    about: 'make baselines not binding any more, so that they can be learned anew',
    example: 'weirgate baseline unlock --cluster production --deployment my-app/frontend',
    change: async ({ ask }, scope, { reason }) => {
      const input = { ...scope, reason: reason ?? null };
      return (await ask(UnlockBaselinesDocument, { input })).unlockBaselines;
    },
  },
  {
    name: 'reopen',
    about:
      'let baselines that learn by themselves learn again for a while, before a change that is planned',
    example:
      'weirgate baseline reopen --cluster production --namespace my-app --reason "release 4.2"',
    change: async ({ ask }, scope, { reason }) => {
      const input = { ...scope, reason: reason ?? null };
      return (await ask(ReopenBaselinesDocument, { input })).reopenBaselines;
    },
  },
];

const addVerb = (shell: Shell, { name, about, example, change }: Verb): void => {
  const { program, io, finish } = shell;
  const command = group(program, ...BASELINE_NOUN)
    .command(name)
    .description(about);
  if (name === 'generate') addWindow(command);
  else command.option('--reason <text>', 'why, for the history');
  addOutput(addSelector(addScope(command)), LISTING_FORMATS, 'table')
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .action(async (options: BaselineOptions) => {
      const client = clientOf(shell);
      const scope = await scopeOf(client, options);
      const { baselines, changed, problems } = await change(client, scope, options);
      await tellProblems(io, problems);
      if (hasErrors(problems)) return finish(Exit.FAILED);
      const listing = baselinesListing(baselines);
      const value = { ...listing.value, ...(changed !== undefined && { changed }) };
      await show(shell, { ...listing, value }, options);
      finish(Exit.CLEAN);
    });
};

/** `baseline generate`, `lock`, `unlock`, `reopen`. */
export const addBaselineChanges: AddCommands = shell => {
  for (const verb of VERBS) addVerb(shell, verb);
};

export const addBaselineList: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('list')
    .description('the baselines of a cluster; `-o json` and `-o yaml` show what they hold')
    .addHelpText(
      'after',
      '\nExample:\n  $ weirgate baseline list --cluster production --namespace my-app -o yaml',
    );
  addOutput(addScope(command), LISTING_FORMATS, 'table').action(
    async (options: BaselineOptions) => {
      const baselines = await baselinesOf(clientOf(shell), options);
      const value = { baselines: baselines.map(wholeBaseline) };
      await show(shell, { ...baselinesListing(baselines), value }, options);
    },
  );
};

/** How far it is: what is still to come before it is STABLE, or since when it is. */
const progressOf = ({ stableSince, missing, stale }: BaselineFactsFragment): string => {
  const old = stale ? ', old: learn it again' : '';
  if (stableSince !== null) return `stable since ${shortTime(stableSince)}${old}`;
  const parts = [
    ...(missing.coveredHours > 0 ? [`${missing.coveredHours} h to watch`] : []),
    ...(missing.quietHours > 0 ? [`${missing.quietHours} quiet h`] : []),
    ...(missing.events > 0 ? [counted(missing.events, 'event')] : []),
  ];
  return `${parts.join(', ')}${old}`;
};

type Listed = BaselinesQuery['deployments']['nodes'][number];
type Begun = NonNullable<Listed['baseline']>;
export type WholeBaseline = Omit<Begun, 'entries'> & {
  readonly entries: Begun['entries']['nodes'];
};

/** With the entries that its first page does not hold. */
async function whole({ ask }: ApiClient, { entries, ...baseline }: Begun): Promise<WholeBaseline> {
  const { nodes, pageInfo } = entries;
  if (!pageInfo.hasNextPage) return { ...baseline, entries: nodes };
  const rest = await allNodes(async after => {
    const cursor = after ?? pageInfo.endCursor;
    const { node } = await ask(BaselineEntriesDocument, { id: baseline.id, after: cursor });
    if (node === null || !('entries' in node))
      throw new Failure('the baseline went away while it was read', 'ask again');
    return node.entries;
  });
  return { ...baseline, entries: [...nodes, ...rest] };
}

const among = (names: readonly string[]) => (names.length === 0 ? null : { in: names });

export const baselinesOf = async (
  client: ApiClient,
  { cluster, namespace, deployment }: ScopeOptions,
): Promise<readonly WholeBaseline[]> => {
  await assertKnown(client, { cluster, namespaces: namespace, deployments: deployment });
  const names = deployment.map(name => deploymentText(name).name);
  const filter = { cluster: { eq: cluster }, namespace: among(namespace), name: among(names) };
  const found = await allNodes(
    async after => (await client.ask(BaselinesDocument, { filter, after })).deployments,
  );
  const wanted = found
    .map(({ baseline }) => baseline)
    .filter(baseline => baseline !== null)
    .filter(baseline => isAmong(baseline, deployment));
  const baselines: WholeBaseline[] = [];
  for (const one of wanted) baselines.push(await whole(client, one));
  return baselines;
};

export const deploymentName = ({ deployment }: BaselineFactsFragment): string =>
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

export const wholeBaseline = ({ entries, id: _, ...baseline }: WholeBaseline): object => ({
  ...baselineValue(baseline),
  entries: entries.map(({ peer, ...entry }) => ({
    peer: peerName(peer),
    ...entry,
  })),
});

export const baselinesListing = (baselines: readonly BaselineFactsFragment[]): Listing => ({
  heading: ['deployment', 'kind', 'state', 'version', 'progress', 'learned until', 'locked at'],
  rows: baselines
    .map(each => [
      deploymentName(each),
      each.deployment.kind,
      each.state,
      `${each.version}`,
      progressOf(each),
      shortTime(each.learnedUntil ?? each.generatedAt),
      shortTime(each.lockedAt),
    ])
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)),
  value: { baselines: baselines.map(baselineValue) },
  empty: 'no baselines: learn them by `weirgate baseline generate`',
});
