import { resolve } from 'node:path';

/** What Node is given, so that a process of a test reads TypeScript in the way that the test itself does. */
export function typescriptArguments(): readonly string[] {
  const { execArgv } = process;
  const module = execArgv[execArgv.indexOf('--import') + 1];
  if (module === undefined)
    throw new Error('tests are run with `--import` of what reads TypeScript');
  return ['--import', module.startsWith('.') ? resolve(module) : module];
}
