import type { Flag, Place } from './tree.js';

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The first line, short: fish shows it beside the word. */
const briefly = (text: string): string => quoted(text.split('\n', 1)[0]?.slice(0, 80) ?? '');

const flagLine = (path: string, { names, about, takesValue, choices }: Flag): string =>
  [
    `complete -c weirgate -n ${quoted(`__weirgate_at ${quoted(path)}`)}`,
    ...names.map(name => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)),
    ...(takesValue ? ['-r'] : []),
    ...(choices === null ? [] : ['-f', `-a ${quoted(choices.join(' '))}`]),
    `-d ${briefly(about)}`,
  ].join(' ');

const linesOf = ({ path, commands, flags }: Place): readonly string[] => [
  ...commands.map(
    ({ name, about }) =>
      `complete -c weirgate -f -n ${quoted(`__weirgate_at ${quoted(path)}`)} -a ${name} -d ${briefly(about)}`,
  ),
  ...flags.map(flag => flagLine(path, flag)),
];

export const fishScript = (places: readonly Place[]): string => `# Completion of weirgate for fish.
set -g __weirgate_commands ${places
  .filter(({ path }) => path !== '')
  .map(({ path }) => quoted(path))
  .join(' ')}

# Whether the words of the command that are written already are these.
function __weirgate_at
    set -l written ''
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim "$written $word")
        if contains -- $longer $__weirgate_commands
            set written $longer
        end
    end
    test "$written" = "$argv[1]"
end

${places.flatMap(linesOf).join('\n')}
`;
