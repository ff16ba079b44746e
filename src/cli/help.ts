import type { Command, Option } from 'commander';
import { exitsOf, mayAsk } from './command.js';
import { unknownName } from './near.js';
import { withSubcommands } from './refusals.js';

const SERVER: readonly string[] = ['server', 'endpoint', 'token'];

const rootOf = (command: Command): Command =>
  command.parent === null ? command : rootOf(command.parent);

/** The options about the server, for the help of commands that ask one. */
export const serverOptionsOf = (command: Command): Option[] =>
  mayAsk(command)
    ? rootOf(command).options.filter(option => SERVER.includes(option.attributeName()))
    : [];

/** Ends the help of each command with its exit codes. */
export const tellExits = (program: Command): void => {
  for (const command of withSubcommands(program))
    if (command.commands.length === 0)
      command.addHelpText('after', `\nExit codes: ${exitsOf(command)}.`);
};

const named = (parent: Command, word: string): Command => {
  const found = parent.commands.find(command => command.name() === word);
  if (found !== undefined) return found;
  throw unknownName(
    `there is no command \`${word}\``,
    word,
    parent.commands.map(command => command.name()),
    `see \`${[...pathOf(parent), '--help'].join(' ')}\``,
  );
};

const pathOf = (command: Command): readonly string[] => [
  ...(command.parent === null ? [] : pathOf(command.parent)),
  command.name(),
];

/** `help A B` is `A B --help`. @throws Failure for a command that is not there, with the nearest */
export const asksForHelp = (program: Command, argv: readonly string[]): readonly string[] => {
  const [first, ...words] = argv;
  if (first !== 'help' || words.length === 0) return argv;
  words.reduce(named, program);
  return [...words, '--help'];
};
