import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is measured of every server; rooms add their own by `registry`. */
export type Metrics = {
  readonly registry: Registry;
  /** @param route the path as registered, never as asked: its values must stay few */
  finished(facts: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** Errors in answers of GraphQL, by code. */
  failed(code: string): void;
  connected(by: 1 | -1): void;
  /** What an operation was found to cost. */
  cost(points: number): void;
  /** Work that was done in another thread, by the name of its use case. */
  worked(name: string, seconds: number): void;
  /** A connection beyond the limit was closed. */
  dropped(): void;
  /** Whether limits of callers are counted over all servers. */
  limitsShared(isShared: boolean): void;
};

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'weirgate_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const errors = new Counter({
    name: 'weirgate_graphql_errors_total',
    help: 'Errors in answers of GraphQL',
    labelNames: ['code'],
    registers,
  });
  const sockets = new Gauge({
    name: 'weirgate_websocket_connections',
    help: 'Open WebSocket connections',
    registers,
  });
  const costs = new Histogram({
    name: 'weirgate_graphql_cost',
    help: 'Cost of operations in points',
    buckets: [10, 100, 1_000, 5_000, 10_000, 25_000, 50_000],
    registers,
  });
  const work = new Histogram({
    name: 'weirgate_thread_work_seconds',
    help: 'Time of use cases that run in other threads, waiting included',
    labelNames: ['name'],
    buckets: BUCKETS,
    registers,
  });
  const dropped = new Counter({
    name: 'weirgate_http_connections_dropped_total',
    help: 'Connections that were closed because there were too many',
    registers,
  });
  const shared = new Gauge({
    name: 'weirgate_rate_limits_shared',
    help: '1 while limits of callers are counted over all servers, 0 while this one counts alone',
    registers,
  });
  shared.set(1);
  return {
    registry,
    finished: ({ method, route, status, seconds }) =>
      durations.observe({ method, route, status }, seconds),
    failed: code => errors.inc({ code }),
    connected: by => sockets.inc(by),
    cost: points => costs.observe(points),
    worked: (name, seconds) => work.observe({ name }, seconds),
    dropped: () => dropped.inc(),
    limitsShared: isShared => shared.set(isShared ? 1 : 0),
  };
}
