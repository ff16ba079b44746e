// First of all: decorators of every room need it.
import 'reflect-metadata';

import { LOCAL_CALLER } from './access/caller.js';
import type { Config } from './config.js';
import { contextFor } from './context.js';
import type { Log } from './database/log.js';
import { ingestRoute } from './flows/ingest-route.js';
import { createServer } from './graphql/server.js';
import { bodyOf, textOf } from './http/body.js';
import { type Route, sendJson } from './http/routes.js';
import type { RunningServer } from './http/server.js';
import { inventoryRoute } from './inventory/inventory-route.js';
import { createSchema } from './schema.js';
import type { Databases } from './stores.js';
import { useCasesFor } from './use-cases.js';

const readiness =
  ({ ping }: Databases) =>
  async (): Promise<true | string> => {
    try {
      await ping();
      return true;
    } catch {
      return 'the database does not answer';
    }
  };

/** Until the console is there, its place leads to the API's own page. */
const toGraphiql: Route = {
  method: 'GET',
  path: '/',
  handle: async (_request, response) => {
    response.writeHead(302, { location: '/graphql' }).end();
  },
};

const now = (): Date => new Date();

/** The server over a migrated database. */
export async function createApp(
  databases: Databases,
  config: Pick<Config, 'maxBodyBytes' | 'requestTimeoutMs' | 'drainTimeoutMs'>,
  log: Log,
): Promise<RunningServer> {
  const useCases = useCasesFor(databases, LOCAL_CALLER);
  return createServer({
    schema: await createSchema(),
    contextOf: contextFor(databases),
    routes: [
      ingestRoute({ ingestFor: async () => useCases.ingest, bodyOf, sendJson, now }),
      inventoryRoute({ importFor: async () => useCases.importInventory, textOf, sendJson }),
      toGraphiql,
    ],
    ready: readiness(databases),
    log,
    limits: {
      body: config.maxBodyBytes,
      deadline: config.requestTimeoutMs,
      drain: config.drainTimeoutMs,
    },
  });
}
