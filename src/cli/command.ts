import { type Command, Option } from 'commander';
import { unknownName } from './near.js';
import { Failure } from './shell.js';

/** The subcommand of that name, made where it is missing: several files fill `netpol`. */
export const group = (parent: Command, name: string, description: string): Command => {
  const known = parent.commands.find(command => command.name() === name);
  if (known !== undefined) return known;
  return parent.command(name).description(description);
};

/** `-o`, `--output`, and roxctl's name for it. */
export const addOutput = (
  command: Command,
  formats: readonly string[],
  standard: string,
): Command =>
  command
    .addOption(
      new Option('-o, --output <format>', 'format of the document')
        .choices(formats)
        .default(standard),
    )
    .addOption(
      new Option('--output-format <format>', 'alias of --output')
        .choices(formats)
        .conflicts('output')
        .hideHelp(),
    );

/** An option with choices in upper case that are taken in any. */
export const choiceOfAnyCase = (
  flags: string,
  description: string,
  choices: readonly string[],
): Option => {
  const option = new Option(flags, `${description}: ${choices.join(', ')}`);
  return option.argParser((text: string) => {
    const found = choices.find(choice => choice === text.toUpperCase().replaceAll('-', '_'));
    if (found !== undefined) return found;
    throw unknownName(
      `\`${text}\` is no value of \`${option.long}\``,
      text,
      choices,
      `say one of ${choices.join(', ')}`,
    );
  });
};

export const outputOf = <Format extends string>(options: {
  readonly output: Format;
  readonly outputFormat?: Format;
}): Format => options.outputFormat ?? options.output;

/** True when the command line asks the server instead of manifests. */
export const isOnline = (command: Command): boolean => command.opts()['cluster'] !== undefined;

const EXITS = new WeakMap<Command, string>();

/** What the exit codes of a command mean, where they are not those of most commands. */
export const addExits = (command: Command, text: string): Command => {
  EXITS.set(command, text);
  return command;
};

export const exitsOf = (command: Command): string =>
  EXITS.get(command) ?? '0 when it is done, 2 for bad input or failure';

type Given = Readonly<Record<string, unknown>>;

const ASKING = new WeakMap<Command, (options: Given) => boolean>();

/**
 * Says that the command asks a server: its help shows `--server` and `--token`.
 * @param when with which options it does
 */
export const markAsking = (
  command: Command,
  when: (options: Given) => boolean = () => true,
): Command => {
  if (!ASKING.has(command)) ASKING.set(command, when);
  return command;
};

export const mayAsk = (command: Command): boolean => ASKING.has(command);

/** With the options that it was given. */
export const isAsking = (command: Command): boolean =>
  ASKING.get(command)?.(command.opts()) ?? false;

/** Of commands that work on manifests or files where no cluster is named. */
export const isOfCluster = ({ cluster }: Given): boolean => cluster !== undefined;

/** Whether the option was written, rather than left at its standard. */
export const isWritten = (command: Command, name: string): boolean =>
  command.getOptionValueSourceWithGlobals(name) === 'cli';

/** The flag of an option as it is written: `--output-dir` of `outputDir`. */
const flagOf = (command: Command, name: string): string =>
  command.options.find(option => option.attributeName() === name)?.long ?? `--${name}`;

/** Options of a command that have an effect only in some case. */
export type Effect = {
  /** By attribute: `outputDir`. */
  readonly of: readonly string[];
  readonly when: (options: Given) => boolean;
  /** Completes "`--flag` has no effect …". */
  readonly says: string;
};

/** Refuses options that were written where they have no effect. */
export const addEffects = (command: Command, effects: readonly Effect[]): Command =>
  command.hook('preAction', (_, acting) => {
    const options = acting.opts();
    for (const { of, when, says } of effects) {
      const idle = when(options) ? undefined : of.find(name => isWritten(acting, name));
      if (idle !== undefined)
        throw new Failure(`\`${flagOf(acting, idle)}\` has no effect ${says}`, 'leave it out');
    }
  });
