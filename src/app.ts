import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from './access/authenticate.js';
import { tellingRefusals } from './access/tell-refusals.js';
import type { Config } from './config.js';
import { contextFor } from './context.js';
import type { Log } from './database/log.js';
import type { Databases } from './databases.js';
import { FIELD_COSTS } from './field-costs.js';
import { createServer } from './graphql/server.js';
import { createMetrics } from './http/metrics.js';
import { type Route, requestIdFor } from './http/routes.js';
import type { RunningServer } from './http/server.js';
import { measureDatabase } from './measured.js';
import { auditedUseCases } from './permissions.js';
import { routesOn, type UseCases } from './rooms.js';
import { createSchema, findNode } from './schema.js';

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

export type AppConfig = Pick<Config, 'maxBodyBytes' | 'requestTimeoutMs' | 'drainTimeoutMs'> &
  Partial<Pick<Config, 'host' | 'allowedHosts' | 'allowedOrigins'>>;

/** The name that the server listens at is one of its own. */
const admissionOf = ({
  host = 'localhost',
  allowedHosts = [],
  allowedOrigins = [],
}: AppConfig) => ({
  hosts: [host.toLowerCase(), ...allowedHosts],
  origins: allowedOrigins,
});

const shownBy = ({ headers, socket }: IncomingMessage, response: ServerResponse) => ({
  authorization: headers.authorization ?? null,
  remoteAddress: socket.remoteAddress ?? null,
  headers,
  requestId: requestIdFor(response),
});

/** The server over a migrated database. */
export async function createApp(
  place: { readonly databases: Databases; readonly callers: Authenticator },
  config: AppConfig,
  log: Log,
  metrics = createMetrics(),
): Promise<RunningServer> {
  const { databases } = place;
  measureDatabase(metrics, databases);
  const callers = tellingRefusals(place.callers, {
    ...databases.auditing,
    onError: error => log.error({ err: error }, 'a refusal could not be written down'),
  });
  const useCasesFor = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<UseCases> => {
    const shown = shownBy(request, response);
    const caller = await callers.callerOf(shown);
    const origin = { caller, address: shown.remoteAddress, requestId: shown.requestId };
    return auditedUseCases(databases.auditedFrom(origin), databases.seenBy(caller).useCases);
  };
  return createServer({
    schema: await createSchema(),
    contextOf: contextFor(databases, callers, findNode),
    routes: [...routesOn(useCasesFor), toGraphiql],
    ready: readiness(databases),
    log,
    metrics,
    admission: admissionOf(config),
    limits: {
      fieldCosts: FIELD_COSTS,
      body: config.maxBodyBytes,
      deadline: config.requestTimeoutMs,
      drain: config.drainTimeoutMs,
    },
  });
}
