import type { Command } from 'commander';
import type { CreateTokenInput, CreateTokenMutation } from '../generated/cli.js';
import { visibleLines } from '../netpol/index.js';

export type OwnServer = {
  readonly url: string;
  /** To show it. */
  readonly token: string;
  readonly close: () => Promise<void>;
};

/** What the command line may touch of the process; `main.ts` hands it in. */
export type CliIo = {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls `stop` at the next SIGINT, once, in place of ending the process; what it answers takes that back. */
  readonly onInterrupt?: (stop: () => void) => () => void;
  /** Commands that need the server itself (`serve`, `demo`). */
  readonly hostCommands?: readonly AddCommands[];
  /** Starts a server with an empty store for one command; nothing of it is left after `close`. */
  readonly startServer?: () => Promise<OwnServer>;
  /** Makes a token in the database itself, for who may read its password anyway. */
  readonly createTokenOnDatabase?: (
    place: Readonly<Record<'dataDir' | 'databaseUrl', string | undefined>>,
    input: CreateTokenInput,
  ) => Promise<CreateTokenMutation['createToken']>;
};

/** `CLEAN`: nothing to say. `FINDINGS`: findings or differences. `FAILED`: bad input or failure. `INTERRUPTED`: by SIGINT. */
export const Exit = { CLEAN: 0, FINDINGS: 1, FAILED: 2, INTERRUPTED: 130 } as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** Where commands are added, and how their outcome becomes the exit code. */
export type Shell = {
  readonly program: Command;
  readonly io: CliIo;
  /** The worst of all outcomes becomes the exit code. */
  readonly finish: (exit: Exit) => void;
};

export type AddCommands = (shell: Shell) => void;

/** What a command on manifests does when `--cluster` is given: the same question, put to the server. */
export type OnlineVariant = {
  /** Adds `--cluster` and what else the server's answer takes. */
  readonly addOptions: (command: Command) => void;
  /** `command.args` and `command.optsWithGlobals()` hold what was written. */
  readonly run: (command: Command, io: CliIo) => Promise<Exit>;
};

/** A failure that the user can mend: printed without a stack, exit 2. */
export class Failure extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.hint = hint;
  }
}

/** The reader of a pipe has gone, as `head` does: nobody wants the rest, and that is no failure. */
const isClosedPipe = (error: Error): boolean => 'code' in error && error.code === 'EPIPE';

/** Keeps a closed pipe from ending the process with a stack. */
export const bearClosedPipe = (stream: NodeJS.WritableStream): void => {
  stream.on('error', (error: Error) => {
    if (!isClosedPipe(error)) throw error;
  });
};

/** Colours that are ours; whoever brings such a sequence colours a text and no more. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told by it
const COLOR = /(\u001b\[(?:31|32|33|90|1|0)m)/;

const shown = (text: string): string =>
  text
    .split(COLOR)
    .map((part, at) => (at % 2 === 1 ? part : visibleLines(part)))
    .join('');

/**
 * Standard output holds the document only; the rest goes to standard error. What would command a terminal, or cannot be seen, is
 * written as an escape, wherever it comes from.
 */
export const write = (stream: NodeJS.WritableStream, text: string): Promise<void> =>
  writeAsItIs(stream, shown(text));

/** The same for YAML of policies and for sealed lines, which must stay as they are. */
export const writeAsItIs = (stream: NodeJS.WritableStream, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      if (error && !isClosedPipe(error)) reject(error);
      else resolve();
    };
    if (text === '') resolve();
    else stream.write(text, done);
  });
