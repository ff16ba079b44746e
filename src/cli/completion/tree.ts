import type { Command, Option } from 'commander';
import { serverOptionsOf } from '../help.js';

/** What can follow the words of a command. */
export type Place = {
  /** `cluster list`; empty: nothing but the program's name. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly flags: readonly Flag[];
};

export type Flag = {
  /** `--output`, `-o` */
  readonly names: readonly string[];
  readonly about: string;
  /** Whether a value follows it. */
  readonly takesValue: boolean;
  /** Null: any value, perhaps a file. */
  readonly choices: readonly string[] | null;
};

const flagOf = ({ short, long, description, required, optional, argChoices }: Option): Flag => ({
  names: [long, short].filter(name => name != null),
  about: description,
  takesValue: required || optional,
  choices: argChoices ?? null,
});

const HELP: Flag = { names: ['--help', '-h'], about: 'help', takesValue: false, choices: null };

/** The program and all its commands, each with what can follow it. */
export const placesOf = (command: Command, path: readonly string[] = []): readonly Place[] => [
  {
    path: path.join(' '),
    commands: command.commands.map(one => ({ name: one.name(), about: one.description() })),
    flags: [
      ...[...command.options, ...serverOptionsOf(command)]
        .filter(({ hidden }) => !hidden)
        .map(flagOf),
      HELP,
    ],
  },
  ...command.commands.flatMap(one => placesOf(one, [...path, one.name()])),
];
