import type { Command } from 'commander';
import {
  type BaselineDirection,
  type BaselineFactsFragment,
  ConfirmBaselineEntriesDocument,
  ForbidBaselineEntriesDocument,
  type Protocol,
  RemoveBaselineEntriesDocument,
} from '../../generated/cli.js';
import { type ApiClient, clientOf } from '../client.js';
import { addOutput, choiceOfAnyCase, group } from '../command.js';
import { LISTING_FORMATS } from '../print/listing.js';
import { type AddCommands, Exit, Failure, type Shell } from '../shell.js';
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
import { type ApiProblem, hasErrors, tellProblems } from './problem-text.js';

type Options = ScopeOptions & {
  readonly direction?: BaselineDirection;
  readonly peer?: string;
  readonly port?: string;
  readonly protocol?: Protocol;
  readonly all?: boolean;
  readonly reason?: string;
};

type Changed = {
  readonly baselines: readonly BaselineFactsFragment[];
  readonly changed: number;
  readonly problems: readonly ApiProblem[];
};

type Input = Scope & {
  readonly entries: readonly {
    readonly direction: BaselineDirection | null;
    readonly peer: string | null;
    readonly port: number | null;
    readonly protocol: Protocol | null;
  }[];
  readonly reason: string | null;
};

type Verb = {
  readonly name: 'confirm' | 'forbid' | 'remove';
  readonly about: string;
  readonly example: string;
  readonly change: (client: ApiClient, input: Input) => Promise<Changed>;
};

const VERBS: readonly Verb[] = [
  {
    name: 'confirm',
    about: 'say that entries are normal: they stay, whatever is learned',
    example:
      'weirgate baseline confirm --cluster production --deployment my-app/frontend --peer my-app/backend',
    change: async ({ ask }, input) =>
      (await ask(ConfirmBaselineEntriesDocument, { input })).confirmBaselineEntries,
  },
  {
    name: 'forbid',
    about: 'say that flows must not be: they are never learned, and raise alerts',
    example:
      'weirgate baseline forbid --cluster production --deployment my-app/frontend --direction egress --peer my-app/db --port 5432 --protocol tcp --reason "through the API only"',
    change: async ({ ask }, input) =>
      (await ask(ForbidBaselineEntriesDocument, { input })).forbidBaselineEntries,
  },
  {
    name: 'remove',
    about: 'take entries out: they are learned again when they are seen again',
    example:
      'weirgate baseline remove --cluster production --deployment my-app/frontend --peer EXTERNAL:203.0.113.9',
    change: async ({ ask }, input) =>
      (await ask(RemoveBaselineEntriesDocument, { input })).removeBaselineEntries,
  },
];

const portOf = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Failure(`\`${text}\` is not a port`, 'a port is a number from 0 to 65535');
};

/** Never all of them by an oversight. */
function matchOf({ direction, peer, port, protocol, all }: Options): Input['entries'][number] {
  const match = {
    direction: direction ?? null,
    peer: peer ?? null,
    port: portOf(port),
    protocol: protocol ?? null,
  };
  const isAll = Object.values(match).every(value => value === null);
  if (isAll && all !== true)
    throw new Failure(
      'no entry was named',
      'give `--peer` or `--port`, or `--all` for all of them',
    );
  if (!isAll && all === true)
    throw new Failure('`--all` was given with an entry', 'give one of the two');
  return match;
}

const addMatch = (command: Command): Command =>
  command
    .addOption(choiceOfAnyCase('--direction <direction>', 'only one', ['INGRESS', 'EGRESS']))
    .option(
      '--peer <peer>',
      'the other end, as lists show it: `namespace/name`, `EXTERNAL:name`, an address, a DNS name, a block',
    )
    .option('--port <port>', 'port of the called end')
    .addOption(
      choiceOfAnyCase('--protocol <protocol>', 'only one', [
        'TCP',
        'UDP',
        'SCTP',
        'ICMP',
        'ICMPV6',
        'OTHER',
      ]),
    )
    .option('--all', 'all entries of the scope')
    .option('--reason <text>', 'why, for the history');

const addVerb = (shell: Shell, { name, about, example, change }: Verb): void => {
  const command = group(shell.program, ...BASELINE_NOUN)
    .command(name)
    .description(`${about}; at both ends`)
    .addHelpText('after', `\nExample:\n  $ ${example}`);
  addOutput(addMatch(addSelector(addScope(command))), LISTING_FORMATS, 'table').action(
    async (options: Options) => {
      const client = clientOf(shell);
      const entries = [matchOf(options)];
      const scope = await scopeOf(client, options);
      const input = { ...scope, entries, reason: options.reason ?? null };
      const { baselines, changed, problems } = await change(client, input);
      await tellProblems(shell.io, problems);
      if (hasErrors(problems)) return shell.finish(Exit.FAILED);
      const listing = baselinesListing(baselines);
      await show(shell, { ...listing, value: { ...listing.value, changed } }, options);
      shell.finish(Exit.CLEAN);
    },
  );
};

/** `baseline confirm`, `forbid`, `remove`. */
export const addBaselineEntries: AddCommands = shell => {
  for (const verb of VERBS) addVerb(shell, verb);
};
