import { Argument } from 'commander';
import { type AddCommands, write } from '../shell.js';
import { fishScript } from './fish.js';
import { bashScript, zshScript } from './posix.js';
import { type Place, placesOf } from './tree.js';

const SCRIPTS: Readonly<Record<string, (places: readonly Place[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Scripts made of the commands and flags that there are; names of clusters are not asked for. */
export const addCompletion: AddCommands = ({ program, io }) => {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'whose script').choices(Object.keys(SCRIPTS)))
    .description('print a script that completes commands, flags and their choices in a shell')
    .addHelpText(
      'after',
      `
Examples:
  $ weirgate completion bash > /etc/bash_completion.d/weirgate
  $ weirgate completion zsh > "\${fpath[1]}/_weirgate"
  $ weirgate completion fish > ~/.config/fish/completions/weirgate.fish

It completes \`weirgate\`; in a source tree, say \`alias weirgate='npm run -s weirgate --'\` first.`,
    )
    .action((shell: string) => write(io.stdout, SCRIPTS[shell]?.(placesOf(program)) ?? ''));
};
