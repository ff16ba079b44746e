import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runDemo } from '../../src/cli/demo/demo.js';
import { type Ran, run } from '../cli/run.js';
import { withFolder } from '../support/folder.js';
import { withServer } from '../support/server.js';

export const NOW = new Date('2026-11-22T10:30:00Z');

/** Seeds the demonstration cluster and answers what the demo prints. */
export const demo = async (server: string, now: Date = NOW): Promise<string> => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = text(stdout);
  stderr.resume();
  await runDemo({ server, stdout, stderr, now });
  stdout.end();
  return printed;
};

export type Tour = {
  readonly server: string;
  /** A folder that goes after the test. */
  readonly folder: string;
  readonly weirgate: (...argv: readonly string[]) => Promise<Ran>;
  /** What a command prints with `-o json`. */
  // biome-ignore lint/suspicious/noExplicitAny: documents are checked by what the test expects of them
  readonly json: (...argv: readonly string[]) => Promise<any>;
  /** What the demo printed. */
  readonly printed: string;
};

/** Gives the test a server with the demonstration cluster, and a folder. */
export const withDemo = (use: (tour: Tour) => Promise<void>): Promise<void> =>
  withServer(({ server }) =>
    withFolder(async folder => {
      const printed = await demo(server);
      const weirgate: Tour['weirgate'] = (...argv) => run(['--server', server, ...argv]);
      const json: Tour['json'] = async (...argv) => {
        const { out, err } = await weirgate(...argv, '-o', 'json');
        assert.notEqual(out, '', err);
        return JSON.parse(out);
      };
      await use({ server, folder, weirgate, json, printed });
    }),
  );
