import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCli } from '../../src/cli/program.js';

export type Ran = { readonly exit: number; readonly out: string; readonly err: string };

/** Runs one command line in this process, as `main.ts` does. */
export const run = async (
  argv: readonly string[],
  stdin = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const exit = await runCli(argv, { stdin: Readable.from([stdin]), stdout, stderr, env });
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { exit, out, err };
};
