import {
  ApplyBaselineDecayDocument,
  BaselineDecayDocument,
  type BaselineDecayQuery,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addEffects, addExits, addOutput, group } from '../command.js';
import { failOnOption } from '../fail-on.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, type Shell } from '../shell.js';
import { show } from '../show.js';
import { baselinesListing } from './baseline.js';
import {
  addScope,
  addSelector,
  BASELINE_NOUN,
  type Scope,
  type ScopeOptions,
  scopeOf,
} from './baseline-options.js';
import { portText } from './flow-row.js';
import { noCluster } from './known.js';
import { allNodes } from './pages.js';
import { peerName } from './peer-name.js';
import { hasErrors, tellProblems } from './problem-text.js';

type Found = NonNullable<BaselineDecayQuery['baselineDecay']>;
type Decayed = Found['entries']['nodes'];

const PROPOSED = {
  proposals: entries => entries.length > 0,
} as const satisfies Readonly<Record<string, (entries: Decayed) => boolean>>;

type Options = ScopeOptions & {
  readonly apply?: boolean;
  readonly reason?: string;
  readonly failOn: readonly (keyof typeof PROPOSED)[];
};

type Owner = Decayed[number]['deployment'];

const ownerName = ({ namespace, name }: Owner): string => `${namespace.name}/${name}`;

const listingOf = (entries: Decayed): Listing => ({
  heading: ['deployment', 'direction', 'peer', 'port', 'last seen', 'unseen days'],
  rows: entries.map(({ deployment, entry, lastSeenAt, unseenDays }) => [
    ownerName(deployment),
    entry.direction,
    peerName(entry.peer),
    portText(entry.protocol, entry.port),
    shortTime(lastSeenAt),
    `${unseenDays}`,
  ]),
  value: {
    entries: entries.map(({ deployment, entry: { peer, ...entry }, ...decayed }) => ({
      deployment: ownerName(deployment),
      kind: deployment.kind,
      peer: peerName(peer),
      ...entry,
      ...decayed,
    })),
  },
  empty: 'nothing was unseen for long enough: `weirgate baseline settings` shows `decayDays`',
});

async function propose(
  shell: Shell,
  client: ApiClient,
  scope: Scope,
  options: Options,
): Promise<Exit> {
  let problems: Found['problems'] = [];
  const entries = await allNodes(async after => {
    const { baselineDecay } = await client.ask(BaselineDecayDocument, { scope, after });
    if (baselineDecay === null) throw await noCluster(client, scope.cluster);
    problems = baselineDecay.problems;
    return baselineDecay.entries;
  });
  await tellProblems(shell.io, problems);
  if (hasErrors(problems)) return Exit.FAILED;
  await show(shell, listingOf(entries), options);
  const found = options.failOn.some(name => PROPOSED[name](entries));
  return found ? Exit.FINDINGS : Exit.CLEAN;
}

async function apply(
  shell: Shell,
  client: ApiClient,
  scope: Scope,
  options: Options,
): Promise<Exit> {
  const input = { ...scope, reason: options.reason ?? null };
  const { applyBaselineDecay } = await client.ask(ApplyBaselineDecayDocument, { input });
  const { baselines, changed, problems } = applyBaselineDecay;
  await tellProblems(shell.io, problems);
  if (hasErrors(problems)) return Exit.FAILED;
  const listing = baselinesListing(baselines);
  const empty = 'nothing was taken out';
  await show(shell, { ...listing, value: { ...listing.value, changed }, empty }, options);
  return Exit.CLEAN;
}

export const addBaselineDecay: AddCommands = shell => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command('decay')
    .description('learned entries that were not seen for long; with --apply, takes them out')
    .option('--apply', 'take them out, at both ends, until they are seen again')
    .option('--reason <text>', 'why, for the history')
    .addOption(failOnOption(PROPOSED, []))
    .addHelpText(
      'after',
      `
Examples:
  $ weirgate baseline decay --cluster production --namespace my-app
  $ weirgate baseline decay --cluster production --namespace my-app --apply --reason "reviewed in June"`,
    );
  addEffects(command, [
    { of: ['reason'], when: ({ apply: isApplied }) => isApplied === true, says: 'without --apply' },
    { of: ['failOn'], when: ({ apply: isApplied }) => isApplied !== true, says: 'with --apply' },
  ]);
  addExits(command, '0 when it is done, 1 for what --fail-on names, 2 for bad input or failure');
  addOutput(addSelector(addScope(command)), LISTING_FORMATS, 'table').action(
    async (options: Options) => {
      const client = clientOf(shell);
      const scope = await scopeOf(client, options);
      const run = options.apply === true ? apply : propose;
      shell.finish(await run(shell, client, scope, options));
    },
  );
};
