import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeFlows } from '../../src/flows/ingest/merge.js';
import { lawRuns } from '../support/law-runs.js';
import { flowStores, type Intake, lines, record, withIntake, workload } from './support/intake.js';

type Counted = {
  readonly reporter?: string;
  readonly connections?: number;
  readonly bytes?: number;
  readonly id?: string;
};

/** A report of a quarter of a minute; `at` is its place in the day, in quarters. */
const report = (at: number, counted: Counted, other: object = {}): object =>
  record({
    time: undefined,
    firstSeen: new Date(Date.parse('2026-11-22T00:00:00Z') + at * 15_000).toISOString(),
    lastSeen: new Date(Date.parse('2026-11-22T00:00:00Z') + (at + 1) * 15_000 - 1).toISOString(),
    verdict: 'ALLOWED',
    ...counted,
    ...other,
  });

const totals = (cluster = 'lab'): string =>
  `select f.events::int, f.connections::int, f.bytes::int from flow f join cluster c on c.id = f.cluster_id
  where c.name = '${cluster}' order by f.id`;

const hours = (cluster = 'lab'): string =>
  `select h.flow_id as id, slot_hour(h.slot) as hour, slot_verdict(h.slot) as verdict, h.events::int, h.connections::int, h.bytes::int
  from flow_hour h join cluster c on c.id = h.cluster_id where c.name = '${cluster}' order by 1, 2, 3`;

/** An edge has what its hours add up to. */
async function assertSums(rows: Intake['rows']): Promise<void> {
  const differing = await rows(`select f.id from flow f
    join (select cluster_id, flow_id, sum(events) as events, sum(connections) as connections, sum(bytes) as bytes
      from flow_hour group by 1, 2) h on h.cluster_id = f.cluster_id and h.flow_id = f.id
    where (f.events, f.connections, f.bytes) is distinct from (h.events, h.connections, h.bytes)`);
  assert.deepEqual(differing, []);
}

const SAME = { connections: 3, bytes: 5120 };

test('a window that both ends report counts once, in one file or in two', () =>
  withIntake(async ({ send, rows }) => {
    const [source, destination] = ['SOURCE', 'DESTINATION'].map(reporter =>
      lines(report(0, { ...SAME, reporter })),
    ) as [string, string];
    const ways = [[`${source}\n${destination}`], [source, destination], [destination, source]];
    for (const [way, files] of ways.entries()) {
      for (const text of files) {
        const { accepted } = await send(text, { cluster: `way-${way}` });
        assert.equal(accepted, files.length === 1 ? 2 : 1);
      }
      const once = [{ events: 1, ...SAME }];
      assert.deepEqual(await rows(totals(`way-${way}`)), once);
      const counted = (await rows(hours(`way-${way}`))).map(({ events, connections, bytes }) => ({
        events,
        connections,
        bytes,
      }));
      assert.deepEqual(counted, once);
    }
  }));

test('of each number an hour has the greater report, and what carries no reporter beside it', () =>
  withIntake(async ({ send, rows }) => {
    await send(lines(report(0, { reporter: 'SOURCE', connections: 3, bytes: 10 })));
    await send(lines(report(0, { reporter: 'DESTINATION', connections: 5 })));
    await send(lines(report(1, { reporter: 'SOURCE', connections: 4, bytes: 1 })));
    await send(lines(report(2, { connections: 100, bytes: 1_000 })));
    assert.deepEqual(await rows(totals()), [{ events: 3, connections: 107, bytes: 1_011 }]);
    await assertSums(rows);
  }));

test('the same window of the same end again is a duplicate', () =>
  withIntake(async ({ send, rows }) => {
    const first = report(0, { ...SAME, reporter: 'SOURCE' });
    await send(lines(first));
    const again = await send(lines(first, report(1, { ...SAME, reporter: 'SOURCE' })));
    assert.deepEqual([again.accepted, again.duplicates], [1, 1]);
    assert.deepEqual(await rows(totals()), [{ events: 2, connections: 6, bytes: 10_240 }]);
  }));

test('edges that become one count what both have reported once', () =>
  withIntake(async ({ send, rows, source }) => {
    const from = (name: string): object => ({ source: workload(name) });
    await send(lines(report(0, { ...SAME, reporter: 'SOURCE' }, from('web'))));
    await send(lines(report(0, { ...SAME, reporter: 'DESTINATION' }, from('web-old'))));
    await send(lines(report(500, { ...SAME, reporter: 'DESTINATION' }, from('web-old'))));
    const ids = new Map(
      (await rows('select name, id from peer')).map(({ name, id }) => [String(name), String(id)]),
    );
    const merger = { from: ids.get('web-old') ?? '', to: ids.get('web') ?? '' };
    await source.transaction(manager => mergeFlows(flowStores(manager), 1, [merger]));
    assert.deepEqual(await rows(totals()), [{ events: 2, connections: 6, bytes: 10_240 }]);
    await assertSums(rows);
    await send(lines(report(1, { connections: 4, reporter: 'DESTINATION' }, from('web'))));
    assert.deepEqual(await rows(totals()), [{ events: 3, connections: 10, bytes: 10_240 }]);
    await assertSums(rows);
  }));

test('what no end tells stays unknown where edges become one', () =>
  withIntake(async ({ send, rows, source }) => {
    const from = (name: string): object => ({ source: workload(name) });
    await send(lines(report(0, { reporter: 'SOURCE' }, from('web'))));
    await send(lines(report(0, { reporter: 'DESTINATION' }, from('web-old'))));
    const ids = new Map(
      (await rows('select name, id from peer')).map(({ name, id }) => [String(name), String(id)]),
    );
    const merger = { from: ids.get('web-old') ?? '', to: ids.get('web') ?? '' };
    await source.transaction(manager => mergeFlows(flowStores(manager), 1, [merger]));
    assert.deepEqual(await rows(totals()), [{ events: 1, connections: null, bytes: null }]);
    await assertSums(rows);
  }));

const maybe = (most: number) => fc.option(fc.integer({ min: 0, max: most }), { nil: undefined });

const anyReports = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 960 }),
      port: fc.constantFrom(80, 443),
      reporter: fc.constantFrom('SOURCE', 'DESTINATION', undefined),
      connections: maybe(9),
      bytes: maybe(99),
      verdict: fc.constantFrom('ALLOWED', 'DENIED'),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map(all =>
    all.map(({ at, port, verdict, ...counted }, number) =>
      report(at, { ...JSON.parse(JSON.stringify(counted)), id: `${number}` }, { port, verdict }),
    ),
  );

/** A thousand were tried by hand. */
const RUNS = lawRuns();

test(`reports of both ends add up to the same in any cut and order (${RUNS} runs)`, () =>
  withIntake(async ({ send, rows }) => {
    let run = 0;
    const property = fc.asyncProperty(
      anyReports,
      fc.array(fc.nat(29), { maxLength: 4 }),
      fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
      async (reports, cuts, keys) => {
        run += 1;
        await send(lines(...reports), { cluster: `whole-${run}` });
        const shuffled = reports
          .map((one, at) => ({ one, key: keys[at] ?? 0 }))
          .sort((one, other) => one.key - other.key)
          .map(({ one }) => one);
        const ends = [...new Set([...cuts, reports.length])].sort((one, other) => one - other);
        for (const [at, end] of ends.entries()) {
          const part = shuffled.slice(ends[at - 1] ?? 0, end);
          if (part.length > 0) await send(lines(...part), { cluster: `cut-${run}` });
        }
        assert.deepEqual(await rows(hours(`cut-${run}`)), await rows(hours(`whole-${run}`)));
        assert.deepEqual(await rows(totals(`cut-${run}`)), await rows(totals(`whole-${run}`)));
        await assertSums(rows);
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  }));

const POD = {
  TimeFlowStartMs: 1_763_805_600_000,
  TimeFlowEndMs: 1_763_805_600_500,
  Proto: 6,
  Bytes: 90,
};
const netobserv = (direction: number, AgentIP: string): string =>
  JSON.stringify({
    ...POD,
    ...{ SrcAddr: '10.1.0.10', SrcPort: 40_000, DstAddr: '10.1.0.20', DstPort: 8080 },
    ...{ Flags: 2, FlowDirection: direction, AgentIP },
  });

const calico = (reporter: number, bytes: number): string =>
  JSON.stringify({
    Key: {
      ...{ source_name: 'web-*', source_namespace: 'shop', source_type: 1 },
      ...{ dest_name: 'api-*', dest_namespace: 'shop', dest_type: 1, dest_port: 8080 },
      ...{ proto: 'tcp', action: 1, reporter },
    },
    ...{ start_time: 1_763_805_600, end_time: 1_763_805_615 },
    ...{ bytes_in: bytes, bytes_out: 0, num_connections_started: 1 },
  });

const gke = (direction: string, insertId: string): string =>
  JSON.stringify({
    insertId,
    timestamp: '2025-11-22T10:00:00Z',
    jsonPayload: {
      connection: {
        ...{ src_ip: '10.1.0.10', src_port: 40_000, dest_ip: '10.1.0.20', dest_port: 8080 },
        ...{ protocol: 'tcp', direction },
      },
      ...{ disposition: 'allow', count: 1 },
    },
  });

const ztunnel = (direction: string): string =>
  `2025-11-22T10:00:00.1Z\tinfo\taccess\tconnection complete\tsrc.addr=10.1.0.10:40000 dst.addr=10.1.0.20:8080 direction="${direction}" bytes_sent=60 bytes_recv=30 duration="1ms"`;

const BOTH_ENDS = [
  { format: 'netobserv', ends: [netobserv(1, '192.0.2.1'), netobserv(0, '192.0.2.2')], bytes: 90 },
  { format: 'calico', ends: [calico(1, 80), calico(2, 90)], bytes: 90 },
  { format: 'gke', ends: [gke('egress', 'a'), gke('ingress', 'b')], bytes: null },
  { format: 'ztunnel', ends: [ztunnel('outbound'), ztunnel('inbound')], bytes: 90 },
] as const;

for (const { format, ends, bytes } of BOTH_ENDS)
  test(`${format}: what both ends report counts once, in one upload or in two, in any order`, () =>
    withIntake(async ({ send, rows }) => {
      const [source, destination] = ends;
      const ways = [[ends.join('\n')], [source, destination], [destination, source]];
      for (const [way, files] of ways.entries()) {
        for (const text of files) await send(text, { format, cluster: `way-${way}` });
        const counted = await rows(totals(`way-${way}`));
        assert.deepEqual(
          counted.map(one => [one['events'], one['bytes']]),
          [[1, bytes]],
        );
        await assertSums(rows);
      }
    }));
