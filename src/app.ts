import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from './access/authenticate.js';
import { principalOf } from './access/caller.js';
import { admitting, type RateLimiter, rateLimiter } from './access/rate-limits.js';
import type { Sharing } from './access/shared-limit.js';
import { tellingRefusals } from './access/tell-refusals.js';
import type { Config } from './config.js';
import { type Context, contextFor } from './context.js';
import type { Log } from './database/log.js';
import type { Databases } from './databases.js';
import { CONDITION_COST, FIELD_COSTS, LIST_SIZES } from './field-costs.js';
import { createServer, type RunningServer } from './graphql/server.js';
import { addressOf } from './http/client-address.js';
import type { Door } from './http/door.js';
import { createMetrics, type Metrics } from './http/metrics.js';
import { type Route, requestIdFor } from './http/routes.js';
import { measureDatabase } from './measured.js';
import type { Doors } from './open-doors.js';
import { auditedUseCases } from './permissions.js';
import { readinessOf } from './readiness.js';
import { routesOn, type UseCases } from './rooms.js';
import { createSchema, findNode } from './schema.js';

/** Until the console is there, its place leads to the API's own page. */
const toGraphiql: Route = {
  method: 'GET',
  path: '/',
  handle: async (_request, response) => {
    response.writeHead(302, { location: '/graphql' }).end();
  },
};

export type AppConfig = Pick<Config, 'maxBodyBytes' | 'requestTimeoutMs' | 'drainTimeoutMs'> &
  Partial<
    Pick<
      Config,
      | 'dataDir'
      | 'databaseUrl'
      | 'host'
      | 'allowedHosts'
      | 'allowedOrigins'
      | 'requestsPerMinute'
      | 'costPerMinute'
    >
  >;

/** The name that the server listens at is one of its own. */
export const admissionOf = ({
  host = 'localhost',
  allowedHosts = [],
  allowedOrigins = [],
}: AppConfig) => ({
  hosts: [host.toLowerCase(), ...allowedHosts],
  origins: allowedOrigins,
});

const shownBy = (request: IncomingMessage, response: ServerResponse) => ({
  authorization: request.headers.authorization ?? null,
  remoteAddress: addressOf(request),
  headers: request.headers,
  requestId: requestIdFor(response),
});

function limitsOf(
  { requestsPerMinute, costPerMinute }: AppConfig,
  sharing: Sharing,
): RateLimiter | null {
  if (requestsPerMinute === undefined || costPerMinute === undefined) return null;
  return rateLimiter({ requests: requestsPerMinute, cost: costPerMinute }, sharing);
}

/** Servers count together; where the database is away each holds the limits alone, and says so. */
const sharingOf = (
  { rateCounts }: Pick<Databases, 'rateCounts'>,
  log: Log,
  metrics: Metrics,
): Sharing => ({
  store: rateCounts,
  tell: (isShared, error) => {
    metrics.limitsShared(isShared);
    if (isShared) log.info({}, 'limits of callers are counted over all servers again');
    else log.warn({ err: error }, 'limits of callers are held by each server alone for now');
  },
});

/** The server over a migrated database. */
export async function createApp(
  place: {
    readonly databases: Databases;
    readonly callers: Authenticator;
    readonly doors?: Doors;
    /** Default: one of its own. */
    readonly door?: Door;
    /** Told when the tables are not those that this server was started on. */
    readonly onOther?: () => void;
  },
  config: AppConfig,
  log: Log,
  metrics = createMetrics(),
): Promise<RunningServer> {
  const { databases } = place;
  measureDatabase(metrics, databases);
  const limits = limitsOf(config, sharingOf(databases, log, metrics));
  const told = tellingRefusals(place.callers, {
    ...databases.auditing,
    onError: error => log.error({ err: error }, 'a refusal could not be written down'),
  });
  const callers = limits === null ? told : admitting(told, limits);
  const useCasesFor = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<UseCases> => {
    const shown = shownBy(request, response);
    const caller = await callers.callerOf(shown);
    await limits?.charge(caller, 0);
    const origin = { caller, address: shown.remoteAddress, requestId: shown.requestId };
    return auditedUseCases(databases.auditedFrom(origin), databases.seenBy(caller).useCases);
  };
  return createServer({
    schema: await createSchema(),
    contextOf: contextFor(databases, callers, findNode),
    routes: [...routesOn(useCasesFor), toGraphiql],
    askerOf: ({ caller }) => principalOf(caller),
    onDoubt: callers.onChange,
    ready: readinessOf(databases, config, place.onOther),
    ...place.doors,
    ...(place.door !== undefined && { door: place.door }),
    ...(limits !== null && {
      charge: (context: Context, cost: number) => limits.charge(context.caller, cost),
    }),
    log,
    metrics,
    admission: admissionOf(config),
    limits: {
      fieldCosts: FIELD_COSTS,
      listSizes: LIST_SIZES,
      conditionCost: CONDITION_COST,
      body: config.maxBodyBytes,
      deadline: config.requestTimeoutMs,
      drain: config.drainTimeoutMs,
    },
  });
}
