import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHUNK } from '../../src/flows/ingest/read-chunks.js';
import { lines, record, withIntake, workload } from './support/intake.js';

const EVERYTHING = `select
  (select json_agg(f order by f.id) from flow f) as flows,
  (select json_agg(h order by h.flow_id, h.slot) from flow_hour h) as hours,
  (select json_agg(p order by p.id) from peer p) as peers`;

test('an edge is stored once, with its counts by hour and verdict', () =>
  withIntake(async ({ send, rows }) => {
    const outcome = await send(
      lines(
        record({ bytes: 10, verdict: 'ALLOWED' }),
        record({ time: '2026-11-22T10:59:59.999999Z', verdict: 'DENIED', connections: 2 }),
        record({ time: '2026-11-22T11:00:00Z', bytes: 5, verdict: 'ALLOWED' }),
        record({ port: 9090 }),
      ),
    );
    assert.equal(outcome.accepted, 4);
    assert.deepEqual(
      await rows(`select port, events::int, connections::int, bytes::int, observed_verdict as verdict,
        first_seen_at = '2026-11-22T10:00:00Z' as first, last_seen_at = '2026-11-22T11:00:00Z' as last
        from flow order by port`),
      [
        {
          port: 8080,
          events: 3,
          connections: 2,
          bytes: 15,
          verdict: 'ALLOWED',
          first: true,
          last: true,
        },
        {
          port: 9090,
          events: 1,
          connections: null,
          bytes: null,
          verdict: 'UNKNOWN',
          first: true,
          last: false,
        },
      ],
    );
    assert.deepEqual(
      await rows(`select to_char(slot_hour(slot), 'HH24') as hour, slot_verdict(slot) as verdict, h.events::int, h.bytes::int
        from flow_hour h join flow f on f.id = h.flow_id where port = 8080 order by 1, 2`),
      [
        { hour: '10', verdict: 'ALLOWED', events: 1, bytes: 10 },
        { hour: '10', verdict: 'DENIED', events: 1, bytes: null },
        { hour: '11', verdict: 'ALLOWED', events: 1, bytes: 5 },
      ],
    );
  }));

test('the same records again change nothing, with a key or without', () =>
  withIntake(async ({ send, rows }) => {
    const text = lines(record(), record({ port: 9090 }));
    for (const key of ['night', undefined]) {
      const sending = key === undefined ? {} : { key };
      const first = await send(text, sending);
      assert.deepEqual([first.accepted, first.duplicates], [2, 0]);
      const before = await rows(EVERYTHING);
      const again = await send(text, sending);
      assert.deepEqual([again.accepted, again.duplicates, again.problems], [0, 2, []]);
      assert.deepEqual(await rows(EVERYTHING), before);
    }
  }));

test('a key that was used for other records is an ERROR, and nothing is stored', () =>
  withIntake(async ({ send, rows }) => {
    await send(lines(record()), { key: 'night' });
    const before = await rows(EVERYTHING);
    const { accepted, problems } = await send(lines(record({ port: 9090 })), { key: 'night' });
    assert.equal(accepted, 0);
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['KEY_REUSED', 'ERROR']],
    );
    assert.deepEqual(await rows(EVERYTHING), before);
    assert.equal((await send(lines(record()), { key: 'night', cluster: 'other' })).accepted, 1);
  }));

test('two uploads of one key at the same time are counted once', () =>
  withIntake(async ({ send, rows }) => {
    const text = lines(...Array.from({ length: 200 }, (_, n) => record({ port: n + 1 })));
    const outcomes = await Promise.all(['a', 'b', 'c'].map(() => send(text, { key: 'night' })));
    assert.deepEqual(outcomes.map(({ accepted }) => accepted).toSorted(), [0, 0, 200]);
    assert.deepEqual(outcomes.map(({ duplicates }) => duplicates).toSorted(), [0, 200, 200]);
    assert.deepEqual(await rows('select count(*)::int, sum(events)::int as events from flow'), [
      { count: 200, events: 200 },
    ]);
  }));

test('uploads of other keys that touch the same edges at the same time add up', () =>
  withIntake(async ({ send, rows }) => {
    const ports = Array.from({ length: 100 }, (_, n) => n + 1);
    const forward = lines(...ports.map(port => record({ port })));
    const backward = lines(...ports.toReversed().map(port => record({ port, events: 2 })));
    await Promise.all([send(forward), send(backward)]);
    assert.deepEqual(await rows('select count(*)::int, sum(events)::int as events from flow'), [
      { count: 100, events: 300 },
    ]);
  }));

test('what cannot be used is counted, and named with its line and its cure; the rest goes on', () =>
  withIntake(async ({ send, stores }) => {
    const text = [
      JSON.stringify(record()),
      'not json',
      '',
      JSON.stringify(record({ port: 70_000 })),
      JSON.stringify(record({ isReply: true })),
      JSON.stringify(record({ protocol: undefined })),
    ].join('\n');
    const outcome = await send(text, { key: 'night' });
    assert.deepEqual(
      [outcome.accepted, outcome.skipped, outcome.rejected, outcome.duplicates, outcome.lost],
      [1, 1, 3, 0, 0],
    );
    assert.deepEqual(outcome.skippedReasons, { reply: 1 });
    assert.deepEqual(outcome.rejectedReasons, { NOT_JSON: 1, BAD_PORT: 1, NO_PROTOCOL: 1 });
    assert.deepEqual(
      outcome.problems.map(({ code, severity, place, path }) => [
        code,
        severity,
        place?.line,
        path,
      ]),
      [
        ['NOT_JSON', 'WARNING', 2, null],
        ['BAD_PORT', 'WARNING', 4, 'port'],
        ['NO_PROTOCOL', 'WARNING', 6, 'protocol'],
      ],
    );
    assert.ok(outcome.problems.every(({ hint }) => hint !== null));
    const [chunk] = await stores.chunks.latest([1], 1);
    assert.deepEqual(
      [chunk?.key, chunk?.accepted, chunk?.skipped, chunk?.rejected],
      ['night/1', 1, outcome.skippedReasons, outcome.rejectedReasons],
    );
  }));

test('what stopped a stream is told, however many records were rejected before it', () =>
  withIntake(async ({ send, execute }) => {
    const bad = Array.from({ length: CHUNK }, (_, n) => `bad ${n}`).join('\n');
    await send(`${bad}\n${lines(record())}`, { key: 'night' });
    await execute(`delete from ingest_chunk where key = 'night/1'`);
    const outcome = await send(`${bad}\n${lines(record({ port: 1 }))}`, { key: 'night' });
    assert.deepEqual([outcome.rejected, outcome.problems.length], [CHUNK, 1_001]);
    assert.equal(outcome.problems.at(-1)?.code, 'KEY_REUSED');
  }));

test('an unknown format, a name or a key that cannot be is an ERROR that says what can be', () =>
  withIntake(async ({ send, rows }) => {
    const refusals = [
      await send(lines(record()), { format: 'netflow9' }),
      await send(lines(record()), { cluster: ' lab' }),
      await send(lines(record()), { key: 'a\u0000b' }),
    ];
    assert.deepEqual(
      refusals.map(({ accepted, problems: [problem] }) => [
        accepted,
        problem?.code,
        problem?.severity,
      ]),
      [
        [0, 'UNKNOWN_FORMAT', 'ERROR'],
        [0, 'CLUSTER_NAME_INVALID', 'ERROR'],
        [0, 'BAD_KEY', 'ERROR'],
      ],
    );
    assert.match(String(refusals[0]?.problems[0]?.hint), /auto, .*hubble, .*neutral/);
    assert.deepEqual(await rows('select name from cluster'), []);
  }));

test('all of a chunk lands together or not at all, and sending it again goes on there', async () => {
  let broken = true;
  await withIntake(
    async ({ send, rows }) => {
      const text = lines(
        ...Array.from({ length: CHUNK + 1 }, (_, n) => record({ port: (n % 100) + 1 })),
      );
      await assert.rejects(send(text, { key: 'night' }), /out of order/);
      assert.deepEqual(
        await rows(
          'select sum(events)::int as events, (select count(*)::int from ingest_chunk) from flow',
        ),
        [{ events: CHUNK, count: 1 }],
      );
      broken = false;
      const again = await send(text, { key: 'night' });
      assert.deepEqual([again.accepted, again.duplicates], [1, CHUNK]);
      assert.deepEqual(await rows('select sum(events)::int as events from flow'), [
        { events: CHUNK + 1 },
      ]);
    },
    async (_, { edges }) => {
      if (broken && edges.length === 1) throw new Error('out of order');
    },
  );
});

test('recordings of any year import: days have partitions, outliers the default one', () =>
  withIntake(async ({ send, rows }) => {
    await send(lines(record({ time: '2001-02-03T04:05:06Z' }), record({ port: 1 })));
    const days = Array.from({ length: 100 }, (_, n) =>
      record({ time: new Date(Date.UTC(2030, 0, 1 + n)).toISOString(), port: 2 }),
    );
    await send(lines(...days));
    // The day is in the default partition now, and stays there.
    await send(lines(record({ time: '2030-01-01T09:00:00Z', port: 3 })));
    await send(
      lines(
        record({
          time: undefined,
          firstSeen: '2026-11-22T23:00:00Z',
          lastSeen: '2026-11-24T01:00:00Z',
          port: 4,
        }),
      ),
    );
    assert.deepEqual(
      await rows(
        'select tableoid::regclass::text as partition, count(*)::int from flow_hour group by 1 order by 1',
      ),
      [
        { partition: 'flow_hour_20010203', count: 1 },
        { partition: 'flow_hour_20261122', count: 2 },
        { partition: 'flow_hour_20261123', count: 24 },
        { partition: 'flow_hour_20261124', count: 2 },
        { partition: 'flow_hour_rest', count: 101 },
      ],
    );
  }));

test('peers of a batch are known by name, and a block is stored without bits beyond its prefix', () =>
  withIntake(async ({ send, rows }) => {
    await send(
      lines(
        record({ destination: { cidr: '203.0.113.7/24' }, port: 443 }),
        record({ destination: { ip: '169.254.169.254' }, port: 80 }),
        record({ source: workload('job', 'batch'), destination: { ip: '10.9.9.9' } }),
      ),
    );
    assert.deepEqual(await rows('select kind, name from peer order by kind, name'), [
      { kind: 'DEPLOYMENT', name: 'job' },
      { kind: 'DEPLOYMENT', name: 'web' },
      { kind: 'EXTERNAL', name: '169.254.169.254' },
      { kind: 'EXTERNAL', name: '203.0.113.0/24' },
      { kind: 'UNRESOLVED', name: '10.9.9.9' },
    ]);
    assert.deepEqual(await rows('select traffic_class as class from flow where port = 80'), [
      { class: 'metadata' },
    ]);
  }));
