import { type Command, Option } from 'commander';

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
      new Option('--output-format <format>', 'alias of --output').choices(formats).hideHelp(),
    );

export const outputOf = <Format extends string>(options: {
  readonly output: Format;
  readonly outputFormat?: Format;
}): Format => options.outputFormat ?? options.output;

/** True when the command line asks the server instead of manifests. */
export const isOnline = (command: Command): boolean => command.opts()['cluster'] !== undefined;
