import type { GraphQLSchema } from 'graphql';
import type { Log } from '../database/log.js';
import { type Admission, NO_OTHERS } from '../http/admission.js';
import type { TrustedProxies } from '../http/client-address.js';
import { createDoor, type Door } from '../http/door.js';
import type { Readiness } from '../http/health.js';
import { createMetrics, type Metrics } from '../http/metrics.js';
import type { Route } from '../http/routes.js';
import type { Tls } from '../http/tls.js';
import { apolloServer } from './apollo.js';
import { DEFAULT_LIMITS, type Limits } from './check-document.js';
import { graphqlErrorForm } from './error-form.js';
import { eventStreamRoute } from './event-stream.js';
import { graphiqlFiles } from './graphiql.js';
import type { Incoming } from './incoming.js';
import { jsonBodies } from './json-body.js';
import type { Endpoint } from './operation.js';
import { graphqlRoutes } from './route.js';
import { runningOperations } from './running.js';
import { schemaRoute } from './schema-route.js';
import { acceptWebSockets } from './sockets.js';

export type ServerOptions<C> = {
  readonly schema: GraphQLSchema;
  /** Called for every operation; throws ApiError UNAUTHENTICATED to refuse it. */
  readonly contextOf: (incoming: Incoming) => C | Promise<C>;
  /** Routes beside GraphQL, health and metrics: ingestion, the console. */
  readonly routes?: readonly Route[];
  readonly ready: () => Promise<Readiness>;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Default: addresses and `localhost` as `Host`, no page of another origin. */
  readonly admission?: Admission;
  readonly limits?: Partial<ServerLimits>;
  /** Where it answers; whoever gave it closes it. Default: a door of its own. */
  readonly door?: Door;
  /** Of its own door. Default: plain HTTP. */
  readonly tls?: Tls | null;
  /** Of its own door. Default: nobody's `X-Forwarded-For` is believed. */
  readonly trusted?: TrustedProxies;
  /** Told the cost of each operation before it runs; throws ApiError RATE_LIMITED to refuse it. */
  readonly charge?: (context: C, cost: number) => Promise<void>;
  /** Default: nobody in particular, and nothing is shared in turns. */
  readonly askerOf?: (context: C) => string | null;
  /** Default true: everybody may read the schema. */
  readonly introspection?: boolean;
  /** SHA-256 in hex of the documents that alone are run. Default: any is. */
  readonly documents?: ReadonlySet<string> | null;
  /** Calls when somebody who was known may be so no longer: subscriptions ask again who asks. Default: never. */
  readonly onDoubt?: (doubt: () => void) => () => void;
};

export type ServerLimits = Limits & {
  /** Bytes of the body of a GraphQL request, after unpacking. */
  readonly body: number;
  /** Milliseconds that an operation has. */
  readonly deadline: number;
  /** Milliseconds that `close` waits for running requests. */
  readonly drain: number;
};

/** 64 MiB holds the inventory of some 5,000 pods in one mutation; larger ones go to `/ingest`. */
const LIMITS: ServerLimits = {
  ...DEFAULT_LIMITS,
  body: 64 * 1024 * 1024,
  deadline: 30_000,
  drain: 10_000,
};

export type RunningServer = {
  /** Answers at the door. @returns its URL. @throws Failure when the address cannot be listened at */
  listen(port: number, host: string): Promise<string>;
  /** Lets nobody in any more, waits for running requests (at most `drain`), then ends all. */
  close(): Promise<void>;
};

/** A check that fails is an answer too: whoever asks wants to know that, not why. */
const readiness =
  ({ ready, log }: Pick<ServerOptions<never>, 'ready' | 'log'>) =>
  async (): Promise<Readiness> => {
    try {
      return await ready();
    } catch (error) {
      log.error({ err: error }, 'the readiness check failed');
      return 'the readiness check failed';
    }
  };

/** The HTTP server: GraphQL over HTTP and WebSocket, GraphiQL, health, metrics and the given routes. */
export async function createServer<C>(options: ServerOptions<C>): Promise<RunningServer> {
  const { schema, contextOf, log, ready, admission = NO_OTHERS } = options;
  const limits: ServerLimits = { ...LIMITS, ...options.limits };
  const metrics = options.metrics ?? createMetrics();
  const endpoint: Endpoint<C> = {
    schema,
    contextOf,
    limits,
    log,
    running: runningOperations(),
    charge: options.charge ?? (async () => {}),
    askerOf: options.askerOf ?? (() => null),
    introspection: options.introspection ?? true,
    documents: options.documents ?? null,
    onError: metrics.failed,
    onCost: metrics.cost,
    deadline: limits.deadline,
    onDoubt: options.onDoubt ?? (() => () => {}),
  };
  const apollo = await apolloServer(endpoint);
  const { deadline, drain } = limits;
  const bodies = jsonBodies(limits.body);
  const door =
    options.door ??
    createDoor({
      log,
      metrics,
      admission,
      errorForm: graphqlErrorForm(limits.cost),
      tls: options.tls ?? null,
      trusted: options.trusted ?? [],
    });
  const inside = {
    routes: [
      ...graphqlRoutes({ apollo, endpoint, bodies }),
      eventStreamRoute({ endpoint, bodies, deadline }),
      schemaRoute({ schema, contextOf, introspection: endpoint.introspection, deadline }),
      graphiqlFiles,
      ...(options.routes ?? []),
    ],
    upgrades: acceptWebSockets(endpoint, { metrics, deadline, admission }),
    ready: readiness({ ready, log }),
    metrics,
  };
  return {
    listen: async (port, host) => {
      const url = await door.listen(port, host);
      door.open(inside);
      return url;
    },
    close: async () => {
      await door.shut(drain);
      if (options.door === undefined) await door.close();
      await apollo.stop();
      await bodies.close();
    },
  };
}
