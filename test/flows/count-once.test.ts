import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ingest } from '../../src/flows/ingest/ingest.js';
import { keptIngest } from '../../src/flows/ingest/kept.js';
import { recordIdStore } from '../../src/flows/ingest/record-id.store.js';
import { takeUpload } from '../../src/flows/ingest/upload.js';
import { retentionStore } from '../../src/flows/retention/retention.store.js';
import { lawRuns } from '../support/law-runs.js';
import { tcp, wrapped } from './formats/hubble-records.js';
import {
  flowStores,
  ingestDeps,
  lines,
  NOW,
  record,
  withIntake,
  workload,
} from './support/intake.js';

/** Everything that is counted in a cluster, and nothing that depends on how it came. */
const countedIn = (cluster: string): string => `select
  (select json_agg(x order by x.id) from (select f.id, source_id, destination_id, port, protocol, service_port,
    first_seen_at, last_seen_at, observed_verdict, events, connections, bytes
    from flow f join cluster c on c.id = f.cluster_id where c.name = '${cluster}') x) as edges,
  (select json_agg(x order by x.flow_id, x.slot) from (select flow_id, slot, events, connections, bytes
    from flow_hour h join cluster c on c.id = h.cluster_id where c.name = '${cluster}') x) as hours`;

const EVENTS = `select coalesce(sum(events), 0)::int as events from flow`;

/** A record with an id; what it says follows from its number. */
const numbered = (number: number): object =>
  record({
    id: `record-${number}`,
    time: new Date(Date.parse('2026-11-22T10:30:00Z') + number * 77_000).toISOString(),
    source: workload(`web-${number % 3}`),
    port: 8000 + (number % 4),
    verdict: number % 5 === 0 ? 'DENIED' : 'ALLOWED',
    bytes: number % 7 === 0 ? null : number,
    connections: number % 2 === 0 ? 1 : null,
  });

const numbers = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first }, (_, at) => first + at);

const file = (some: readonly number[]): string => lines(...some.map(numbered));

test('records that two exports share count once, in either order and within one file', () =>
  withIntake(async ({ send, rows }) => {
    const [one, two] = [file(numbers(0, 12)), file(numbers(8, 20))];
    await send(file(numbers(0, 20)));
    const whole = await rows(countedIn('lab'));
    const ways = [[one, two], [two, one], [`${one}\n${two}`], [two, one, two, one, one]];
    for (const [way, files] of ways.entries()) {
      const cluster = `way-${way}`;
      const accepted: number[] = [];
      for (const text of files) accepted.push((await send(text, { cluster })).accepted);
      assert.deepEqual(await rows(countedIn(cluster)), whole);
      assert.equal(
        accepted.reduce((sum, count) => sum + count),
        20,
      );
    }
    const chunks = 'select sum(accepted)::int as accepted from ingest_chunk group by cluster_id';
    assert.deepEqual(
      await rows(chunks),
      ['lab', ...ways].map(() => ({ accepted: 20 })),
    );
  }));

test('another process counts a record once too, and so does one that keeps nothing', () =>
  withIntake(async fixture => {
    const { send, rows } = fixture;
    await send(file(numbers(0, 12)));
    const other = { ...ingestDeps(fixture, flowStores), kept: keptIngest(1) };
    const outcome = await takeUpload(
      input => ingest(other, input),
      { cluster: 'lab', format: 'neutral', key: null, records: file(numbers(8, 20)) },
      new Date(NOW),
    );
    assert.deepEqual([outcome.accepted, outcome.duplicates], [8, 4]);
    assert.deepEqual(await rows(EVENTS), [{ events: 20 }]);
  }));

test('an id that comes again at another time is another record', () =>
  withIntake(async ({ send, rows }) => {
    await send(lines(record({ id: '1' }), record({ id: '1', time: '2026-11-22T10:00:01Z' })));
    assert.deepEqual(await rows(EVENTS), [{ events: 2 }]);
  }));

test('records without an id count as often as they come, whole chunks once', () =>
  withIntake(async ({ send, rows }) => {
    await send(lines(record(), record()));
    await send(lines(record(), record()));
    await send(lines(record()));
    assert.deepEqual(await rows(EVENTS), [{ events: 3 }]);
  }));

/** A flow of Hubble as versions before `uuid`, or a field mask, leave it. */
const unnamed = (time: string, sourcePort: number): object =>
  wrapped({ time, uuid: undefined, l4: tcp(sourcePort, 8080, { SYN: true }) });

test('Hubble without uuid is known by all that it says within one nanosecond, and by nothing where times are rounded', () =>
  withIntake(async ({ send, rows }) => {
    const sharp = [1, 2, 3].map(at =>
      unnamed(`2026-11-22T10:00:0${at}.00000${at}123Z`, 40_000 + at),
    );
    const first = await send(lines(...sharp.slice(0, 2)), { format: 'hubble' });
    const second = await send(lines(...sharp.slice(1)), { format: 'hubble' });
    assert.deepEqual([first.accepted, second.accepted, second.duplicates], [2, 1, 1]);
    const rounded = [4, 5, 6].map(at => unnamed(`2026-11-22T10:0${at}:00.000000000Z`, 41_000 + at));
    await send(lines(...rounded.slice(0, 2)), { format: 'hubble' });
    await send(lines(...rounded.slice(1)), { format: 'hubble' });
    assert.deepEqual(await rows(EVENTS), [{ events: 7 }]);
    assert.deepEqual(
      await rows(
        'select sum(accepted)::int as accepted, sum(without_id)::int as without from ingest_ledger',
      ),
      [{ accepted: 7, without: 4 }],
    );
  }));

test('the same bytes in another format are no duplicates', () =>
  withIntake(async ({ send }) => {
    for (const key of ['night', undefined]) {
      const sending = key === undefined ? {} : { key };
      const wrong = await send(lines(record()), { ...sending, format: 'hubble' });
      assert.deepEqual([wrong.accepted, wrong.rejected], [0, 1]);
      const right = await send(lines(record()), { ...sending, format: 'neutral' });
      assert.deepEqual([right.accepted, right.duplicates], [1, 0]);
    }
  }));

test('eight imports of overlapping files at the same time count each record once', () =>
  withIntake(async fixture => {
    const { rows } = fixture;
    // Each has what a process of its own would keep.
    const senders = numbers(0, 4).map(() => ingestDeps(fixture, flowStores));
    await Promise.all(
      numbers(0, 8).map(at =>
        takeUpload(
          input => ingest(senders[at % 4] as (typeof senders)[number], input),
          {
            cluster: 'lab',
            format: 'neutral',
            key: null,
            records: file(numbers(at * 100, at * 100 + 300)),
          },
          new Date(NOW),
        ),
      ),
    );
    assert.deepEqual(await rows(EVENTS), [{ events: 1_000 }]);
  }));

test('ids are remembered for 48 hours of observation time, the newest where there are too many', () =>
  withIntake(async ({ send, rows, source }) => {
    const at = (day: number, id: string): object =>
      record({ id, time: `2026-11-${day}T10:00:00Z` });
    const sizes = () => rows('select size from record_id_set order by last_seen_at');
    await send(lines(at(10, 'a'), at(10, 'b'), at(10, 'c')));
    await send(lines(at(20, 'd'), at(20, 'e')));
    await send(lines(at(22, 'f')));
    await retentionStore(source.manager).forgetRecordIds();
    assert.deepEqual(await sizes(), [{ size: 2 }, { size: 1 }]);
    await recordIdStore(source.manager).bound(1, 2);
    assert.deepEqual(await sizes(), [{ size: 1 }]);
    const again = await send(lines(at(22, 'f'), at(22, 'g')));
    assert.deepEqual([again.accepted, again.duplicates], [1, 1]);
  }));

/** A thousand were tried by hand. */
const RUNS = lawRuns();

/** Files that together hold all records, each in any order, with any others twice. */
const anyFiles = (size: number) =>
  fc
    .tuple(
      fc.array(fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 20 }), { maxLength: 4 }),
      fc.shuffledSubarray([...numbers(0, size)], { minLength: size, maxLength: size }),
      fc.array(fc.integer({ min: 1, max: size }), { maxLength: 3 }),
    )
    .map(([others, all, cuts]) => {
      const ends = [...new Set([...cuts, size])].sort((one, other) => one - other);
      const parts = ends.map((end, at) => all.slice(ends[at - 1] ?? 0, end));
      return [...others, ...parts];
    });

test(`any cut, any order, any overlap: the same edges and hours (${RUNS} runs)`, () =>
  withIntake(async ({ send, rows }) => {
    const size = 60;
    await send(file(numbers(0, size)));
    const whole = await rows(countedIn('lab'));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(anyFiles(size), async files => {
        run += 1;
        for (const some of files) await send(file(some), { cluster: `run-${run}` });
        assert.deepEqual(await rows(countedIn(`run-${run}`)), whole);
      }),
      { numRuns: RUNS },
    );
  }));
