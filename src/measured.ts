import { Gauge } from 'prom-client';
import type { Databases, Measures } from './databases.js';
import type { Metrics } from './http/metrics.js';

const FRESH_MS = 1_000;

/** One question for all gauges of one look. Null where the database does not answer. */
function lately(measure: Databases['measure']): () => Promise<Measures | null> {
  let asked: Promise<Measures | null> = Promise.resolve(null);
  let at = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - at > FRESH_MS) {
      at = performance.now();
      asked = measure().catch(() => null);
    }
    return asked;
  };
}

const ROWS: Readonly<Record<string, string>> = {
  jobs: 'Jobs by status',
  alerts: 'Alerts by state',
  records: 'Flow records by what became of them, of the hours that are kept',
};

/** Adds to the metrics of a server what only the database knows; left out while it does not answer. */
export function measureDatabase(
  { registry }: Metrics,
  { measure }: Pick<Databases, 'measure'>,
): void {
  const measured = lately(measure);
  const registers = [registry];
  for (const [what, help] of Object.entries(ROWS))
    new Gauge({
      name: `weirgate_${what}`,
      help,
      labelNames: ['status'],
      registers,
      async collect() {
        this.reset();
        const { rows = [] } = (await measured()) ?? {};
        for (const row of rows)
          if (row.what === what) this.set({ status: row.label }, Number(row.count));
      },
    });
  new Gauge({
    name: 'weirgate_database_connections',
    help: 'Connections of the pool, and who waits for one',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      const pool = (await measured())?.pool;
      for (const [state, count] of Object.entries(pool ?? {})) this.set({ state }, count);
    },
  });
}
