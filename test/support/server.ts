import assert from 'node:assert/strict';
import { authenticator } from '../../src/access/authenticate.js';
import { createApp } from '../../src/app.js';
import { type Log, silentLog } from '../../src/database/log.js';
import { type Databases, databasesOn } from '../../src/databases.js';
import { openJobEnds } from '../../src/jobs/job-ends.js';
import { startJobRunner } from '../../src/jobs/job-runner.js';
import { jobHandlersOn, tables } from '../../src/rooms.js';
import { type DatabaseFixture, withDatabase } from './database.js';

export type Answer = {
  // biome-ignore lint/suspicious/noExplicitAny: answers are checked by what the test expects of them
  readonly data: any;
  readonly errors?: readonly { readonly message: string; readonly extensions: object }[];
  readonly extensions: object;
};

export type ServerFixture = DatabaseFixture & {
  readonly server: string;
  /** The whole answer of an operation. */
  readonly send: (query: string, variables?: object) => Promise<Answer>;
  /** The data of an operation that must succeed. */
  readonly ask: (query: string, variables?: object) => Promise<Answer['data']>;
};

const LIMITS = { maxBodyBytes: 64 * 1024 * 1024, requestTimeoutMs: 30_000, drainTimeoutMs: 1_000 };

type Doing = { readonly databases: Databases; readonly close: () => Promise<void> };

/** Jobs are heard of and done. */
async function withJobs({ source, url }: DatabaseFixture): Promise<Doing> {
  const ends = await openJobEnds(url, silentLog);
  const databases = databasesOn(source, ends);
  const handlers = jobHandlersOn(databases.place);
  const { jobRuns } = databases;
  const runner = await startJobRunner({ url, ...jobRuns, ends, handlers, log: silentLog });
  return { databases, close: () => runner.stop().finally(ends.close) };
}

/** Nobody does jobs: they wait. */
const withoutJobs = async ({ source }: DatabaseFixture): Promise<Doing> => ({
  databases: databasesOn(source, { onEnd: () => () => {} }),
  close: async () => {},
});

type ServerSettings = {
  /** False: nobody does its jobs. */
  readonly worker?: boolean;
  /** Hears what requests were masked for. */
  readonly log?: Log;
  readonly requestTimeoutMs?: number;
};

/**
 * Gives the test a server of its own at a free port, over a database of its own.

 */
export const withServer = <T>(
  use: (fixture: ServerFixture) => Promise<T>,
  {
    worker = true,
    log = silentLog,
    requestTimeoutMs = LIMITS.requestTimeoutMs,
  }: ServerSettings = {},
): Promise<T> =>
  withDatabase(
    async fixture => {
      const doing = await (worker ? withJobs : withoutJobs)(fixture);
      const { databases } = doing;
      const callers = authenticator({
        tokens: databases.tokens,
        anonymous: true,
        own: null,
        now: () => Date.now(),
      });
      const limits = { ...LIMITS, requestTimeoutMs };
      const app = await createApp({ databases, callers }, limits, log);
      const server = await app.listen(0, '127.0.0.1');
      const send = async (query: string, variables: object = {}): Promise<Answer> => {
        const response = await fetch(`${server}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        });
        return (await response.json()) as Answer;
      };
      const ask: ServerFixture['ask'] = async (query, variables) => {
        const { data, errors } = await send(query, variables);
        assert.deepEqual(errors, undefined);
        return data;
      };
      return await use({ ...fixture, server, send, ask }).finally(() =>
        app.close().finally(doing.close),
      );
    },
    { tables },
  );
