import { type Command, InvalidArgumentError, type Option } from 'commander';
import { isAsking, isWritten } from './command.js';
import { didYouMean } from './near.js';
import { Failure } from './shell.js';

/** The command with all below it. */
export const withSubcommands = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];

/** What may be given several times says so in its description. */
const isRepeatable = ({ description }: Option): boolean => description.includes('(repeatable');

const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** What was written on the command line, by option. */
type Written = Map<Option, unknown[]>;

const listenTo = (command: Command, written: Written): void => {
  for (const option of command.options.filter(takesValue))
    command.on(`option:${option.name()}`, (value: unknown) => {
      written.set(option, [...(written.get(option) ?? []), value]);
    });
};

function refuseValues(written: Written): void {
  for (const [option, values] of written) {
    const flag = `\`${option.long ?? option.flags}\``;
    if (values.includes(''))
      throw new Failure(`the value of ${flag} is empty`, 'give a value, or leave the flag out');
    if (values.length > 1 && !isRepeatable(option))
      throw new Failure(
        `${flag} is given ${values.length} times, and all but one would have no effect`,
        'give it once',
      );
  }
}

const OF_SERVER = ['server', 'endpoint', 'token'] as const;

const topOf = (command: Command): Command =>
  command.parent?.parent ? topOf(command.parent) : command;

/** Behind the words of the command: what stands before them is for whatever command follows, as in an alias of a shell. */
const isWrittenBehind = (command: Command, name: string, argv: readonly string[]): boolean => {
  const start = argv.indexOf(topOf(command).name());
  return (
    isWritten(command, name) &&
    argv.slice(start).some(word => word.split('=', 1)[0] === `--${name}` || /^-e/.test(word))
  );
};

function refuseServer(command: Command, argv: readonly string[]): void {
  if (isAsking(command)) return;
  const flag = OF_SERVER.find(name => isWrittenBehind(command, name, argv));
  if (flag !== undefined)
    throw new Failure(
      `\`--${flag}\` has no effect: this command asks no server`,
      'leave it out, or see --help for the form that asks one',
    );
}

function refuseEmptyArguments({ args, registeredArguments }: Command): void {
  const empty = args.indexOf('');
  if (empty < 0) return;
  const name = registeredArguments[Math.min(empty, registeredArguments.length - 1)]?.name();
  throw new Failure(`the argument \`${name ?? empty + 1}\` is empty`, 'write what is meant');
}

/** Before any command runs: empty values, flags given twice, and flags without an effect are refused. */
export const refuseIdleFlags = (program: Command, argv: readonly string[]): void => {
  const written: Written = new Map();
  for (const command of withSubcommands(program)) listenTo(command, written);
  program.hook('preAction', (_, acting) => {
    refuseValues(written);
    refuseEmptyArguments(acting);
    refuseServer(acting, argv);
  });
};

/** A value that is none of the choices is answered with all of them, and the nearest. */
const nameNearest = (option: Option): void => {
  const { argChoices: choices } = option;
  if (choices === undefined) return;
  option.argParser((value: string): string => {
    if (choices.includes(value)) return value;
    const near = didYouMean(value, choices);
    const all = `Allowed choices are ${choices.join(', ')}.`;
    throw new InvalidArgumentError(near === null ? all : `${all} ${near.replace(/^d/, 'D')}`);
  });
};

export const nameNearestChoices = (program: Command): void => {
  for (const command of withSubcommands(program)) command.options.forEach(nameNearest);
};
