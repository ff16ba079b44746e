import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { API_COMMANDS } from './api/commands.js';
import { ONLINE_DIFF } from './api/diff.js';
import { ONLINE_EXPLAIN } from './api/explain.js';
import { markAsking } from './command.js';
import { addCompletion } from './completion/completion.js';
import { asksForHelp, serverOptionsOf, tellExits } from './help.js';
import { addAssert } from './offline/assert.js';
import { addConnectivityDiff } from './offline/connectivity-diff.js';
import { addConnectivityMap } from './offline/connectivity-map.js';
import { addExplain } from './offline/explain.js';
import { addLint } from './offline/lint.js';
import { nameNearestChoices, refuseIdleFlags, withSubcommands } from './refusals.js';
import {
  type AddCommands,
  bearClosedPipe,
  type CliIo,
  Exit,
  Failure,
  type Shell,
  write,
} from './shell.js';

const DEFAULT_SERVER = 'http://127.0.0.1:8080';

const { version: VERSION }: { readonly version: string } = createRequire(import.meta.url)(
  '#package.json',
);

/** The same commands, known to ask a server. */
function asking(add: AddCommands): AddCommands {
  return shell => {
    const before = new Set(withSubcommands(shell.program));
    add(shell);
    for (const command of withSubcommands(shell.program))
      if (!before.has(command)) markAsking(command);
  };
}

/** Every command of the client, in the order of the help text. */
const COMMANDS: readonly AddCommands[] = [
  ...API_COMMANDS.map(asking),
  addConnectivityMap,
  addConnectivityDiff(ONLINE_DIFF),
  addLint,
  addAssert,
  addExplain(ONLINE_EXPLAIN),
  addCompletion,
];

/**
 * Runs one command line (without the program's name) and answers the exit code: 0 clean,
 * 1 findings or differences, 2 bad input or failure.
 */
export const runCli = async (argv: readonly string[], io: CliIo): Promise<number> => {
  for (const stream of [io.stdout, io.stderr]) bearClosedPipe(stream);
  let exit: number = Exit.CLEAN;
  const program = programOf(io, outcome => {
    exit = Math.max(exit, outcome);
  });
  refuseIdleFlags(program, argv);
  try {
    await program.parseAsync(asksForHelp(program, argv), { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.CLEAN : Exit.FAILED;
    await write(io.stderr, failureText(error));
    return Exit.FAILED;
  }
};

/** The program with all its commands. */
export const programOf = (io: CliIo, finish: Shell['finish'] = () => {}): Command => {
  const program = emptyProgram(io);
  const shell: Shell = { program, io, finish };
  for (const add of [...(io.hostCommands ?? []), ...COMMANDS]) add(shell);
  nameNearestChoices(program);
  tellExits(program);
  return program;
};

const emptyProgram = ({ env, stdout, stderr }: CliIo): Command =>
  new Command('weirgate')
    .description('Network segmentation for Kubernetes')
    .version(VERSION, '--version', 'print the version')
    .option('--server <url>', 'the server to ask', env['WEIRGATE_SERVER'] ?? DEFAULT_SERVER)
    .addOption(new Option('-e, --endpoint <url>', 'alias of --server').conflicts('server'))
    .option('--token <token>', 'the token to show it (or WEIRGATE_TOKEN)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: serverOptionsOf })
    .configureOutput({
      writeOut: text => void stdout.write(text),
      writeErr: text => void stderr.write(text),
    })
    .showHelpAfterError('(add --help for the command’s options)');

const failureText = (error: unknown): string => {
  if (error instanceof Failure) {
    return `error: ${error.message}\n${error.hint === null ? '' : `hint: ${error.hint}\n`}`;
  }
  return `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
};
