import assert from 'node:assert/strict';
import { createApp } from '../../src/app.js';
import { silentLog } from '../../src/database/log.js';
import { databasesOn } from '../../src/databases.js';
import { tables } from '../../src/rooms.js';
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

/** Gives the test a server of its own at a free port, over a database of its own. */
export const withServer = <T>(use: (fixture: ServerFixture) => Promise<T>): Promise<T> =>
  withDatabase(
    async fixture => {
      const app = await createApp(databasesOn(fixture.source), LIMITS, silentLog);
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
      return await use({ ...fixture, server, send, ask }).finally(() => app.close());
    },
    { tables },
  );
