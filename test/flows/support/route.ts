import { silentLog } from '../../../src/database/log.js';
import { ingest } from '../../../src/flows/ingest/ingest.js';
import { ingestRoute } from '../../../src/flows/ingest/ingest-route.js';
import { takeUpload } from '../../../src/flows/ingest/upload.js';
import { createServer } from '../../../src/graphql/server.js';
import { bodyOf } from '../../../src/http/body.js';
import { sendJson } from '../../../src/http/routes.js';
import { tinySchema } from '../../server/tiny-schema.js';
import { type DatabaseFixture, withDatabase } from '../../support/database.js';
import { flowStores, ingestDeps, NOW } from './intake.js';

export type Posted = {
  readonly status: number;
  readonly body: Record<string, unknown> & {
    problems?: { code: string; line: number; hint: string }[];
    error?: { code: string; message: string };
  };
};

export type Post = (query: string, init: RequestInit) => Promise<Posted>;

/** The route on a real server. */
export const withRoute = (
  use: (post: Post, fixture: DatabaseFixture) => Promise<void>,
  limits: { bytes?: number; uploads?: number } = {},
): Promise<void> =>
  withDatabase(async fixture => {
    const deps = ingestDeps(fixture, flowStores);
    const route = ingestRoute({
      uploadFor: async () => (upload, at) => takeUpload(input => ingest(deps, input), upload, at),
      bodyOf,
      sendJson,
      now: () => new Date(NOW),
      limits,
    });
    const server = await createServer({
      schema: await tinySchema(),
      contextOf: () => ({}),
      routes: [route],
      ready: async () => true,
      log: silentLog,
    });
    const url = await server.listen(0, '127.0.0.1');
    try {
      const post: Post = async (query, init) => {
        const answer = await fetch(`${url}/ingest/flows${query}`, {
          method: 'POST',
          ...init,
          headers: { 'content-type': 'application/x-ndjson', ...init.headers },
        });
        return { status: answer.status, body: (await answer.json()) as Posted['body'] };
      };
      await use(post, fixture);
    } finally {
      await server.close();
    }
  });
