import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { databasesOn } from '../../src/databases.js';
import { CHUNK } from '../../src/flows/ingest/read-chunks.js';
import { ImportMode } from '../../src/inventory/inventory-import.js';
import { withDatabase } from '../support/database.js';
import { pod } from '../support/manifests.js';
import {
  flowStores,
  ingestDeps,
  lines,
  NOW,
  record,
  sender,
  withIntake,
} from './support/intake.js';

/** A chunk of records over a hundred ports from `first` on, each `CHUNK / 100` times. */
const chunk = (first = 1, other: object = {}): string =>
  lines(...Array.from({ length: CHUNK }, (_, n) => record({ port: first + (n % 100), ...other })));

const SUMS = 'select count(*)::int as edges, coalesce(sum(events), 0)::int as events from flow';
const CHUNKS = 'select key from ingest_chunk order by key';

/** An input that is read to its end before the first transaction ends: all further chunks are ready then. */
function readBeforeStored() {
  const read = Promise.withResolvers<void>();
  const events: number[] = [];
  return {
    /** What each transaction added. */
    events,
    input: async function* (...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
      for (const text of chunks) yield Buffer.from(`${text}\n`);
      read.resolve();
    },
    afterRecord: async (
      _: unknown,
      batch: { readonly edges: readonly { readonly events: number }[] },
    ): Promise<void> => {
      events.push(batch.edges.reduce((sum, edge) => sum + edge.events, 0));
      if (events.length === 1) await read.promise;
    },
  };
}

test('chunks that are ready while another is written are one transaction, with a key each', async () => {
  const { events, input, afterRecord } = readBeforeStored();
  await withIntake(async ({ send, rows }) => {
    const outcome = await send(input(chunk(), chunk(), chunk(101)), { key: 'night' });
    assert.equal(outcome.accepted, 3 * CHUNK);
    assert.deepEqual(events, [CHUNK, 2 * CHUNK]);
    assert.deepEqual(await rows(SUMS), [{ edges: 200, events: 3 * CHUNK }]);
    const keys = (await rows(CHUNKS)).map(({ key }) => key);
    assert.deepEqual(keys, ['night/1', 'night/2', 'night/3']);
  }, afterRecord);
});

test('a chunk that comes twice within one transaction counts once', async () => {
  const { events, input, afterRecord } = readBeforeStored();
  await withIntake(async ({ send, rows }) => {
    const outcome = await send(input(chunk(1), chunk(101), chunk(101), chunk(1)));
    assert.deepEqual([outcome.accepted, outcome.duplicates], [2 * CHUNK, 2 * CHUNK]);
    assert.deepEqual(events, [CHUNK, CHUNK]);
    assert.deepEqual(await rows(SUMS), [{ edges: 200, events: 2 * CHUNK }]);
  }, afterRecord);
});

test('a key of other records ends the stream there, whatever was ready behind it', async () => {
  const { events, input, afterRecord } = readBeforeStored();
  await withIntake(async ({ send, rows }) => {
    await rows(`insert into cluster (id, name, created_at) values (1, 'lab', now())`);
    await rows(`insert into ingest_chunk (cluster_id, key, content_hash, recorded_at, format, accepted, skipped, rejected, lost)
      values (1, 'night/3', 'of other records', now(), 'neutral', 1, '{}', '{}', 0)`);
    const sent = input(chunk(1), chunk(101), chunk(201), chunk(301));
    const outcome = await send(sent, { key: 'night' });
    assert.deepEqual([outcome.accepted, outcome.duplicates], [2 * CHUNK, 0]);
    assert.deepEqual(
      outcome.problems.map(({ code }) => code),
      ['KEY_REUSED'],
    );
    assert.deepEqual(events, [CHUNK, CHUNK]);
    assert.deepEqual(await rows(SUMS), [{ edges: 200, events: 2 * CHUNK }]);
    const keys = (await rows(CHUNKS)).map(({ key }) => key);
    assert.deepEqual(keys, ['night/1', 'night/2', 'night/3']);
  }, afterRecord);
});

test('what fails in the middle of a transaction undoes all its chunks, and sending again heals', async () => {
  const { events, input, afterRecord } = readBeforeStored();
  const chunks = [chunk(1), chunk(101), chunk(201), chunk(301)];
  await withIntake(
    async ({ send, rows }) => {
      await assert.rejects(send(input(...chunks), { key: 'night' }), /out of order/);
      assert.deepEqual(events, [CHUNK, 3 * CHUNK]);
      assert.deepEqual(await rows(SUMS), [{ edges: 100, events: CHUNK }]);
      const keys = (await rows(CHUNKS)).map(({ key }) => key);
      assert.deepEqual(keys, ['night/1']);
      const again = await send(chunks.join('\n'), { key: 'night' });
      assert.deepEqual([again.accepted, again.duplicates], [3 * CHUNK, CHUNK]);
      assert.deepEqual(await rows(SUMS), [{ edges: 400, events: 4 * CHUNK }]);
    },
    async (stores, batch) => {
      await afterRecord(stores, batch);
      if (events.length === 2) throw new Error('out of order');
    },
  );
});

test('eight uploads at a time, of the same and of other keys over the same edges, are counted once each', () =>
  withIntake(async ({ send, rows }) => {
    const forward = [chunk(1), chunk(51), chunk(101)].join('\n');
    const backward = [chunk(101), chunk(51), chunk(1)].join('\n');
    const sent = await Promise.all(
      ['a', 'b', 'c', 'd'].flatMap((key, place) => {
        const text = place % 2 === 0 ? forward : backward;
        return [send(text, { key }), send(text, { key })];
      }),
    );
    const sum = (field: 'accepted' | 'duplicates'): number =>
      sent.reduce((total, outcome) => total + outcome[field], 0);
    assert.deepEqual([sum('accepted'), sum('duplicates')], [12 * CHUNK, 12 * CHUNK]);
    assert.deepEqual(await rows(SUMS), [{ edges: 200, events: 12 * CHUNK }]);
  }));

test('an import is noticed by the next chunk, also by one of another server', () =>
  withDatabase(async ({ source }) => {
    const [here, elsewhere] = [1, 2]
      .map(() => databasesOn(source, { onEnd: () => () => {} }))
      .map(databases => databases.seenBy(LOCAL_CALLER).useCases);
    assert.ok(here !== undefined && elsewhere !== undefined);
    const send = (port: number) =>
      here.takeUpload(
        {
          cluster: 'lab',
          format: 'neutral',
          key: null,
          records: lines(record({ destination: { ip: '10.1.1.1' }, port })),
        },
        new Date(NOW),
      );
    await send(1);
    await elsewhere.importInventory({
      cluster: 'lab',
      mode: ImportMode.MERGE,
      observedAt: '2026-11-22T09:00:00.000000Z',
      key: null,
      sources: [{ file: 'pods.json', text: JSON.stringify(pod('api-1', { ip: '10.1.1.1' })) }],
    });
    await send(2);
    assert.deepEqual(
      await source.query(
        `select f.port, p.kind, p.name from flow f join peer p on p.id = f.destination_id order by port`,
      ),
      [
        { port: 1, kind: 'DEPLOYMENT', name: 'api-1' },
        { port: 2, kind: 'DEPLOYMENT', name: 'api-1' },
      ],
    );
  }));

test('a stream that ends before its first records are stored makes no cluster', () =>
  withDatabase(async fixture => {
    const { source } = fixture;
    const clusters = async () => (await source.query('select name from cluster')) as object[];
    const named = {
      ...ingestDeps(fixture, flowStores),
      clusterNamed: async (name: string) =>
        (await flowStores(source.manager).clusters.byName(name))?.id ?? null,
    };
    const broken = {
      ...named,
      afterRecord: async () => {
        throw new Error('the connection is gone');
      },
    };
    await assert.rejects(sender(broken)(lines(record())), /the connection is gone/);
    assert.deepEqual(await clusters(), []);
    await sender(named)(lines(record()));
    assert.equal((await clusters()).length, 1);
  }));
