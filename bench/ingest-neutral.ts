/**
 * Measures: neutral records that are parsed already, from the use case in this process into a durable Postgres.
 * Data: 1,000,000 records over 50,000 distinct edges, 50,000 at a time (`--quick`: 50,000 over 5,000).
 * Reference: COPY of the same records as rows into an unlogged table without an index, in the same run. Goal: 0.3 of it.
 */
import pg from 'pg';
import { LOCAL_CALLER } from '../src/access/caller.js';
import { openDataSource } from '../src/database/data-source.js';
import { migrations } from '../src/database/migrations.js';
import { databasesOn } from '../src/databases.js';
import type { JsonObject } from '../src/flows/formats/record.js';
import { tables } from '../src/rooms.js';
import { randomFrom } from './data/random.js';
import { copyIn } from './ingest/copy.js';
import { sized } from './measure/options.js';
import { count, report, times } from './measure/report.js';
import { withServer } from './servers/weirgate.js';

const SHAPE = sized({ records: 1_000_000, edges: 50_000 }, { records: 50_000, edges: 5_000 });
const PART = 50_000;
const WORKLOADS = 2_000;
const FIRST = Date.parse('2026-10-01T00:00:00Z');

const { number } = randomFrom(1);

const workload = (place: number): JsonObject => ({
  namespace: `team-${place % 40}`,
  workload: { kind: 'Deployment', name: `service-${place}` },
});

const EDGES = Array.from({ length: SHAPE.edges }, (_, place) => ({
  source: workload(place % WORKLOADS),
  destination: workload(number(WORKLOADS)),
  port: 8_000 + (place % 5),
}));

const recordOf = (place: number): JsonObject => ({
  time: new Date(FIRST + place).toISOString(),
  ...EDGES[number(EDGES.length)],
  protocol: 'TCP',
  verdict: 'ALLOWED',
  bytes: number(1_000_000),
});

const nameOf = (end: unknown): string => {
  const { namespace, workload: owner } = end as { namespace: string; workload: { name: string } };
  return `${namespace}/${owner.name}`;
};

const rowOf = (record: JsonObject): string => {
  const { time, source, destination, port, protocol, verdict, bytes } = record;
  return [time, nameOf(source), nameOf(destination), port, protocol, verdict, bytes].join('\t');
};

const TABLE = `create unlogged table copied (at timestamptz, source text, destination text, port int, protocol text,
  verdict text, bytes bigint)`;

await withServer(async ({ databaseUrl }) => {
  const source = await openDataSource(databaseUrl, { tables, migrations });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(TABLE);
    const { useCases } = databasesOn(source, { onEnd: () => () => {} }).seenBy(LOCAL_CALLER);
    let [copied, taken] = [0, 0];
    for (let start = 0; start < SHAPE.records; start += PART) {
      const records = Array.from({ length: PART }, (_, place) => recordOf(start + place));
      const text = `${records.map(rowOf).join('\n')}\n`;
      const before = performance.now();
      await copyIn(client, 'copy copied from stdin', text);
      const between = performance.now();
      const upload = { cluster: 'bench', format: 'neutral', key: `part-${start}`, records };
      const { accepted } = await useCases.takeUpload(upload, new Date());
      if (accepted !== PART) throw new Error(`${accepted} of ${PART} records were accepted`);
      copied += (between - before) / 1_000;
      taken += (performance.now() - between) / 1_000;
    }
    const rate = (seconds: number): string => `${count(SHAPE.records / seconds)} records/s`;
    report('ingest-neutral', [
      { what: 'COPY into a table without indexes', value: rate(copied) },
      {
        what: `neutral records, ${count(SHAPE.edges)} edges`,
        value: rate(taken),
        ratio: times(copied / taken),
        goal: '≥ 0.3 ×',
        reached: copied / taken >= 0.3,
      },
    ]);
  } finally {
    await client.end();
    await source.destroy();
  }
});
