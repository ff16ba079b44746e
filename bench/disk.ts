/**
 * Measures: bytes on disk of an edge with one hour of counts, and of each further hour, by parts; and what it costs Postgres to write
 * an edge, new and again.
 * Data: 100,000 edges of 2,000 peers (`--quick`: 20,000), written by the store in batches of 5,000 in no order, as uploads write them;
 * each again three times; then eleven more hours of each over two days. Nothing is vacuumed or indexed anew.
 * Reference: none. Goal: 330 bytes, and 150 for a further hour.
 */
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Edge, EdgeHour } from '../src/flows/edge.js';
import { flowRecordStore } from '../src/flows/ingest/flow.store.js';
import { partitionStore } from '../src/flows/ingest/partition.store.js';
import { withTables } from './flows/database.js';
import { sized } from './measure/options.js';
import { timeOfChildren } from './measure/processor-time.js';
import { count, type Figure, report } from './measure/report.js';
import { postmasterOf } from './work/at-work.js';

const EDGES = sized(100_000, 20_000);
const BATCH = 5_000;
const HOUR = 3_600_000_000;
const START = Date.parse('2026-11-22T10:00:00Z') * 1_000;
const FURTHER = 11;
const AGAIN = 3;

const PEERS = Array.from({ length: 2_000 }, () => randomUUID());
const PORTS = [443, 80, 8080, 53, 5432, 6379, 9090, 9092, 3000, 8443];
const any = <Value>(values: readonly Value[]): Value =>
  values[Math.floor(Math.random() * values.length)] as Value;

const edgeOf = (): Edge => ({
  id: randomUUID(),
  sourceId: any(PEERS),
  destinationId: any(PEERS),
  port: any(PORTS),
  protocol: 'TCP',
  servicePort: null,
  trafficClass: 'app',
  directionKnown: true,
  directionBasis: 'reported',
  open: null,
  policies: null,
  policiesAt: 0,
  firstSeen: START + Math.floor(Math.random() * HOUR),
  lastSeen: START + HOUR - 1,
  observedVerdict: 'ALLOWED',
  outcomes: 1,
  events: 1 + Math.floor(Math.exp(10 * Math.random())),
  connections: null,
  bytes: null,
});

const hourOf = ({ id, events }: Edge, hour: number): EdgeHour => ({
  flowId: id,
  hour,
  verdict: 'ALLOWED',
  firstSeen: hour,
  lastSeen: hour,
  events,
  connections: null,
  bytes: null,
  ends: null,
});

/** In another order each time. */
function* batches(edges: readonly Edge[]): Generator<readonly Edge[]> {
  const shuffled = edges.toSorted(() => Math.random() - 0.5);
  for (let start = 0; start < shuffled.length; start += BATCH)
    yield shuffled.slice(start, start + BATCH);
}

/** Bytes of each table and index of flows and their hours, those of all days together. */
const SIZES = `select regexp_replace(c.relname, '_(\\d{8}|rest)', '') as name, sum(pg_relation_size(c.oid))::float8 as bytes
  from pg_class c where c.relkind in ('r', 'i') and c.relname ~ '^flow(_|$)' group by 1 having sum(pg_relation_size(c.oid)) > 0 order by 1`;

type Sizes = ReadonlyMap<string, number>;

async function sizesOf(source: DataSource): Promise<Sizes> {
  const rows: readonly { readonly name: string; readonly bytes: number }[] =
    await source.query(SIZES);
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

const sum = (sizes: Sizes): number => [...sizes.values()].reduce((total, size) => total + size, 0);

const partsOf = (sizes: Sizes, rows: number): readonly Figure[] =>
  [...sizes].map(([name, bytes]) => ({ what: name, value: `${count(bytes / rows)} bytes` }));

/** Processor time of Postgres for each edge. */
async function costOf(
  source: DataSource,
  edges: number,
  run: () => Promise<void>,
): Promise<string> {
  const postmaster = await postmasterOf(source);
  const before = timeOfChildren(postmaster);
  await run();
  return `${count(((timeOfChildren(postmaster) - before) * 1e3) / edges)} µs`;
}

async function figuresOn(source: DataSource): Promise<readonly Figure[]> {
  await source.query(
    `insert into cluster (id, name, created_at) values (1, 'prod', '2026-01-01Z')`,
  );
  for (const day of ['2026-11-22', '2026-11-23'])
    await partitionStore(source.manager).ensureDay(day);
  const store = flowRecordStore(source.manager);
  const edges = Array.from({ length: EDGES }, edgeOf);
  const write = async (hour: number): Promise<void> => {
    for (const batch of batches(edges)) {
      await store.recordEdges(
        1,
        batch.map(edge => ({ ...edge, lastSeen: hour + Math.floor(Math.random() * HOUR) })),
        new Map(),
      );
      await store.recordHours(
        1,
        batch.map(edge => hourOf(edge, hour)),
      );
    }
  };
  const fresh = await costOf(source, EDGES, () => write(START));
  const first = await sizesOf(source);
  const again = await costOf(source, EDGES * AGAIN, async () => {
    for (let time = 0; time < AGAIN; time++) await write(START);
  });
  const before = await sizesOf(source);
  for (let hour = 1; hour <= FURTHER; hour++)
    for (const batch of batches(edges))
      await store.recordHours(
        1,
        batch.map(edge => hourOf(edge, START + hour * 2 * HOUR)),
      );
  const after = await sizesOf(source);
  const [one, more] = [sum(first) / EDGES, (sum(after) - sum(before)) / EDGES / FURTHER];
  return [
    {
      what: `an edge with one hour, ${count(EDGES)} edges`,
      value: `${count(one)} bytes`,
      cpu: fresh,
      goal: '≤ 330',
      reached: one <= 330,
    },
    ...partsOf(first, EDGES),
    {
      what: 'a further hour',
      value: `${count(more)} bytes`,
      goal: '≤ 150',
      reached: more <= 150,
    },
    { what: 'an edge and its hour, written again', value: '', cpu: again },
  ];
}

await withTables(async source => report('disk', await figuresOn(source)));
