import { Failure } from './cli/shell.js';
import { type Config, environment, problemLines, readConfig } from './config.js';
import { contradictions, misspelt, withoutServiceLinks } from './config-faults.js';
import { codeOf, isFailure } from './database/failure.js';

export type Flags = Readonly<Record<string, string | undefined>>;

/** The configuration of a command. @throws Failure with all that is wrong with it */
export function configFrom(flags: Flags): Config {
  const env = environment();
  const reading = readConfig(flags, withoutServiceLinks(env));
  const problems = [
    ...('problems' in reading ? reading.problems : []),
    ...misspelt(env),
    ...contradictions(flags, env),
  ];
  if ('config' in reading && problems.length === 0) return reading.config;
  throw new Failure(problemLines(problems).join('\n'), null);
}

export const logFor = async ({ logLevel }: Config) => {
  // Most commands write no log, and the library takes a while to load.
  const { stderrLog } = await import('./stderr-log.js');
  return stderrLog(logLevel);
};

/** What the system refuses, whatever asked for it. */
const CURES: Readonly<Record<string, string>> = {
  EACCES: 'let this user read and write there, or name another place',
  EPERM: 'let this user read and write there, or name another place',
  EROFS: 'the file system is read-only: name another place',
  ENOSPC: 'the disk is full: make room, or name another place',
  EMFILE: 'too many files are open: raise the limit (`ulimit -n`)',
};

/** What a person can cure is told without a stack. */
export async function curable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isFailure(error)) throw new Failure(error.message, error.hint);
    const cure = CURES[codeOf(error) ?? ''];
    if (cure !== undefined && error instanceof Error) throw new Failure(error.message, cure);
    throw error;
  }
}
