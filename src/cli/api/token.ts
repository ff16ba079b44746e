import { type Command, Option } from 'commander';
import {
  CreateTokenDocument,
  type CreateTokenInput,
  RevokeTokenDocument,
  type Role,
  type TokenFactsFragment,
  TokensDocument,
} from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { type ApiClient, type Asker, clientOf } from '../client.js';
import { addEffects, addOutput, group, markAsking, outputOf } from '../command.js';
import { addDoneOutput, doneListing } from '../done.js';
import { unknownName } from '../near.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, type CliIo, Exit, Failure, write } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { collected } from './generate-options.js';
import { endingIn } from './id-ending.js';
import { selectorOf } from './label-selector.js';
import { allNodes } from './pages.js';
import { hasErrors, tellProblems } from './problem-text.js';

type PlaceOptions = { readonly dataDir?: string; readonly databaseUrl?: string };

type CreateOptions = OutputOptions &
  PlaceOptions & {
    readonly name: string;
    readonly role: readonly Role[];
    readonly cluster: readonly string[];
    readonly namespace: readonly string[];
    readonly selector?: string;
    readonly expiresIn: string;
  };

const NOUN = ['token', 'ways in: who may ask the server, and for what'] as const;

const ROLES: readonly Role[] = ['VIEWER', 'ANALYST', 'OPERATOR', 'ADMIN', 'SENSOR'];

function roleOf(text: string, before: readonly Role[]): readonly Role[] {
  const role = ROLES.find(one => one === text.toUpperCase());
  if (role === undefined)
    throw new Failure(`\`${text}\` is no role`, `say one of ${ROLES.join(', ')}`);
  return [...before, role];
}

function daysOf(text: string): number {
  const days = /^(\d{1,4})d?$/.exec(text)?.[1];
  if (days !== undefined) return Number(days);
  throw new Failure(`\`${text}\` is not a number of days`, 'write it as 90d');
}

const listed = (names: readonly string[]): string[] | null =>
  names.length === 0 ? null : [...names];

const inputOf = (options: CreateOptions): CreateTokenInput => ({
  name: options.name,
  roles: [...options.role],
  clusters: listed(options.cluster),
  namespaces: listed(options.namespace),
  selector: selectorOf(options.selector),
  expiresInDays: daysOf(options.expiresIn),
});

const scopeText = ({ scopes }: TokenFactsFragment): string => scopes.join(', ');

const stateOf = ({ revokedAt, expiresAt }: TokenFactsFragment): string => {
  if (revokedAt !== null) return 'revoked';
  return Date.parse(expiresAt) <= Date.now() ? 'expired' : 'good';
};

const tokensListing = (tokens: readonly TokenFactsFragment[]): Listing => ({
  heading: ['name', 'roles', 'scope', 'expires', 'last used', 'state', 'id'],
  rows: tokens.map(token => [
    token.name,
    token.roles.join(', '),
    scopeText(token),
    shortTime(token.expiresAt),
    token.lastUsedAt === null ? 'never' : shortTime(token.lastUsedAt),
    stateOf(token),
    token.id,
  ]),
  value: { tokens },
  empty: 'no tokens',
});

type Created = Awaited<ReturnType<NonNullable<CliIo['createTokenOnDatabase']>>>;

/** The first token is made where the database is; all others by who may. */
async function created(io: CliIo, client: () => ApiClient, options: CreateOptions) {
  const input = inputOf(options);
  if (onServer(options))
    return (await client().ask(CreateTokenDocument, { input })).createToken satisfies Created;
  if (io.createTokenOnDatabase === undefined)
    throw new Failure('the database cannot be reached from here', 'leave --data-dir out');
  const { dataDir, databaseUrl } = options;
  return io.createTokenOnDatabase({ dataDir, databaseUrl }, input);
}

const onServer = ({ dataDir, databaseUrl }: PlaceOptions): boolean =>
  dataDir === undefined && databaseUrl === undefined;

const createOptions = (command: Command): Command =>
  addEffects(markAsking(command, onServer), [
    {
      of: ['dataDir'],
      when: ({ databaseUrl }) => databaseUrl === undefined,
      says: 'with --database-url',
    },
  ])
    .requiredOption('--name <name>', 'by which people know it')
    .addOption(
      new Option('--role <role>', `${ROLES.join(', ')} (repeatable)`)
        .argParser(roleOf)
        .default([])
        .makeOptionMandatory(),
    )
    .option('--cluster <name>', 'only for this cluster (repeatable)', collected, [])
    .option('--namespace <name>', 'only for this namespace (repeatable)', collected, [])
    .option(
      '-l, --selector <labels>',
      'only for workloads with these labels, as `tier=back,!infra`',
    )
    .option('--expires-in <days>', 'after which it ends by itself, at most 365d', '90d')
    .option('--data-dir <dir>', 'make it in the embedded Postgres of this folder, not by a server')
    .option('--database-url <url>', 'make it in this Postgres, not by a server');

/** Whoever needs no token makes the first one. */
const isFirst = ({ program, io }: Asker, options: CreateOptions): boolean =>
  onServer(options) && (program.opts()['token'] ?? io.env['WEIRGATE_TOKEN'] ?? '') === '';

const FIRST =
  'warning: from now on nobody is answered without a token; where none has the role ADMIN, make one by `weirgate token create --role ADMIN --data-dir …` beside the server\n';

export const addTokenCreate: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = createOptions(group(program, ...NOUN).command('create'))
    .description('make a token and print its text, which is shown this once')
    .addHelpText(
      'after',
      '\nExamples:\n  $ weirgate token create --name ops --role ADMIN --data-dir .weirgate\n  $ weirgate token create --name ci --role ANALYST --cluster production --namespace shop -l "team=shop"',
    );
  addOutput(command, ['text', 'json'], 'text').action(async (options: CreateOptions) => {
    const { token, secret, problems } = await created(io, () => clientOf(shell), options);
    await tellProblems(io, problems);
    if (secret === null || hasErrors(problems)) return finish(Exit.FAILED);
    if (isFirst(shell, options)) await write(io.stderr, FIRST);
    const asJson = (outputOf(options) as string) === 'json';
    await write(
      io.stdout,
      asJson ? `${JSON.stringify({ secret, token }, null, 2)}\n` : `${secret}\n`,
    );
  });
};

const allTokens = ({ ask }: ApiClient): Promise<readonly TokenFactsFragment[]> =>
  allNodes(async after => (await ask(TokensDocument, { after })).tokens);

export const addTokenList: AddCommands = shell => {
  const command = group(shell.program, ...NOUN)
    .command('list')
    .description('all tokens, revoked ones among them; never their texts')
    .addHelpText('after', '\nExample:\n  $ weirgate token list --output json');
  addOutput(command, LISTING_FORMATS, 'table').action(async (options: OutputOptions) => {
    await show(shell, tokensListing(await allTokens(clientOf(shell))), options);
  });
};

/** The token of that id, or whose id ends so, or else the only good one of that name. */
async function tokenNamed(client: ApiClient, text: string): Promise<TokenFactsFragment> {
  const all = await allTokens(client);
  const named = all.filter(({ name, revokedAt }) => name === text && revokedAt === null);
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined)
    throw new Failure(
      `${counted(named.length, 'token is', 'tokens are')} named \`${text}\``,
      `give the id of one: ${named.map(({ id }) => `\`${id}\``).join(', ')}`,
    );
  if (all.some(({ id }) => id.endsWith(text)))
    return endingIn(all, text, { one: 'token', many: 'tokens', list: 'token list' });
  throw unknownName(
    `no token that is good has the name or id \`${text}\``,
    text,
    all.map(({ name }) => name),
    'see `weirgate token list`',
  );
}

export const addTokenRevoke: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command('revoke')
    .argument('<token>', 'name or id of the token, as `token list` shows it')
    .description('end a token for good')
    .addHelpText('after', '\nExample:\n  $ weirgate token revoke ci');
  addDoneOutput(command).action(async (text: string, options: OutputOptions) => {
    const client = clientOf(shell);
    const { id } = await tokenNamed(client, text);
    const { revokeToken } = await client.ask(RevokeTokenDocument, { input: { id } });
    await tellProblems(io, revokeToken.problems);
    if (revokeToken.token === null) return finish(Exit.FAILED);
    await show(shell, doneListing({ token: revokeToken.token.name, revoked: true }), options);
  });
};
