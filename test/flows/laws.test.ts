import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { flowCountsStore } from '../../src/flows/flow-counts.store.js';
import { lawRuns } from '../support/law-runs.js';
import { jsonLines, readAs } from './formats/read-as.js';
import { type Intake, lines, record, withIntake } from './support/intake.js';

/** Of each law; 1,000 of each were tried by hand. */
const RUNS = lawRuns();

const START = Date.parse('2026-11-20T00:00:00Z');

const timeOf = (hour: number, minute = 0): string =>
  new Date(START + hour * 3_600_000 + minute * 60_000).toISOString();

/** The same records in another order, cut into uploads of some size. */
const cutOf = <One>(all: fc.Arbitrary<readonly One[]>) =>
  all.chain(some =>
    fc.record({
      all: fc.constant(some),
      order: fc.shuffledSubarray([...some], { minLength: some.length, maxLength: some.length }),
      size: fc.integer({ min: 1, max: some.length }),
    }),
  );

const partsOf = <One>({ order, size }: { order: readonly One[]; size: number }) =>
  Array.from({ length: Math.ceil(order.length / size) }, (_, part) =>
    order.slice(part * size, (part + 1) * size),
  );

const VERDICTS = ['ALLOWED', 'DENIED', 'AUDIT', 'ERROR'] as const;

const told = fc.record({
  hour: fc.integer({ min: 0, max: 11 }),
  minute: fc.integer({ min: 0, max: 59 }),
  verdict: fc.constantFrom(...VERDICTS),
});

const idOf = async (
  { rows }: Intake,
  cluster: string,
): Promise<{ id: string; clusterId: number }> => {
  const found = await rows(
    `select f.id, f.cluster_id as "clusterId" from flow f join cluster c on c.id = f.cluster_id where c.name = '${cluster}'`,
  );
  assert.equal(found.length, 1);
  return found[0] as { id: string; clusterId: number };
};

test(`an outcome belongs to a time: any window has the counts of its own hours (${RUNS} runs)`, () =>
  withIntake(async intake => {
    let run = 0;
    const windows = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }));
    const property = fc.asyncProperty(
      cutOf(fc.array(told, { minLength: 1, maxLength: 20 })),
      windows,
      async (files, [one, other]) => {
        const cluster = `outcomes-${run++}`;
        for (const part of partsOf(files))
          await intake.send(
            lines(
              ...part.map(({ hour, minute, verdict }) =>
                record({ time: timeOf(hour, minute), verdict }),
              ),
            ),
            { cluster, key: `${cluster} ${Math.random()}` },
          );
        const { id, clusterId } = await idOf(intake, cluster);
        const [since, until] = [Math.min(one, other), Math.max(one, other)];
        const [counts] = await flowCountsStore(intake.source.manager, LOCAL_CALLER).ofWindow(
          [{ clusterId, id }],
          { since: timeOf(since), until: timeOf(until) },
        );
        const within = files.all.filter(({ hour }) => since <= hour && hour < until);
        const count = (wanted: string): string =>
          String(within.filter(({ verdict }) => verdict === wanted).length);
        assert.deepEqual(
          [
            counts?.allowed ?? '0',
            counts?.denied ?? '0',
            counts?.audited ?? '0',
            counts?.failed ?? '0',
          ],
          VERDICTS.map(count),
        );
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  }));

const SETS = [
  { app: 'db', role: 'primary' },
  { app: 'db', role: 'replica' },
  { app: 'db' },
] as const;

const carried = fc.record({
  hour: fc.integer({ min: 0, max: 80 }),
  set: fc.integer({ min: 0, max: SETS.length - 1 }),
});

const OPEN = (cluster: string): string => `select l.labels from deployment_label_set d
  join label_set l on l.cluster_id = d.cluster_id and l.id = d.label_set_id
  join peer p on p.cluster_id = d.cluster_id and p.id = d.deployment_id
  join cluster c on c.id = d.cluster_id
  where c.name = '${cluster}' and p.name = 'db' and d.valid_to is null order by l.labels::text`;

test(`a workload is as many label sets as its pods had within a day of the last, in any cut and order (${RUNS} runs)`, () =>
  withIntake(async intake => {
    let run = 0;
    const property = fc.asyncProperty(
      cutOf(fc.array(carried, { minLength: 1, maxLength: 12 })),
      async files => {
        const cluster = `sets-${run++}`;
        for (const part of partsOf(files))
          await intake.send(
            lines(
              ...part.map(({ hour, set }) =>
                record({
                  time: timeOf(hour),
                  destination: { namespace: 'shop', pod: `db-${set}`, labels: SETS[set] },
                }),
              ),
            ),
            { cluster, key: `${cluster} ${Math.random()}` },
          );
        const newest = Math.max(...files.all.map(({ hour }) => hour));
        const open = SETS.filter((_, set) =>
          files.all.some(one => one.set === set && one.hour >= newest - 24),
        );
        const texts = (some: readonly unknown[]): readonly string[] =>
          some.map(labels => JSON.stringify(labels)).toSorted();
        const found = await intake.rows(OPEN(cluster));
        assert.deepEqual(texts(found.map(({ labels }) => labels)), texts(open));
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  }));

const byte = fc.integer({ min: 0, max: 255 });
const CLOUD = new Set(['169.254.169.254', '169.254.169.123', '169.254.170.23', '169.254.170.2']);

/** Loopback, unspecified, multicast and link-local addresses that no service of a cloud has. */
const special = fc
  .tuple(fc.constantFrom('127', '0', '224', '231', '239', '169.254'), byte, byte, byte)
  .map(([first, ...rest]) => [first, ...rest.slice(first.includes('.') ? 1 : 0)].join('.'))
  .filter(address => !CLOUD.has(address));

test(`addresses that are nobody's make no flow, at either end (${RUNS} runs)`, async () => {
  const property = fc.asyncProperty(
    special,
    fc.integer({ min: 1, max: 65_535 }).filter(port => port !== 53),
    fc.boolean(),
    async (ip, port, isSource) => {
      const other = { ip: '10.1.0.10' };
      const ends = isSource
        ? { source: { ip }, destination: other }
        : { source: other, destination: { ip } };
      const { observations, skipped } = await readAs(
        'neutral',
        jsonLines(record({ ...ends, port })),
      );
      assert.equal(observations.length, 0, ip);
      assert.deepEqual(Object.values(skipped), [1]);
    },
  );
  await fc.assert(property, { numRuns: RUNS });
});

const pod = (name: string): object => ({
  namespace: 'shop',
  pod_name: `${name}-0`,
  labels: [`k8s:app=${name}`],
});

test(`a reply that a source presets to be none makes no flow to a client's port, in any order (${RUNS} runs)`, async () => {
  const packets = fc.record({
    client: fc.integer({ min: 32_768, max: 60_999 }),
    server: fc.integer({ min: 1, max: 32_000 }),
    replies: fc.integer({ min: 1, max: 5 }),
    first: fc.boolean(),
  });
  const property = fc.asyncProperty(packets, async ({ client, server, replies, first }) => {
    const web = { ip: '10.1.0.1', port: client, end: pod('web') };
    const api = { ip: '10.1.0.2', port: server, end: pod('api') };
    const packet = (asks: boolean, at: number): object => {
      const [from, to] = asks ? [web, api] : [api, web];
      const flags = asks ? { SYN: true } : { ACK: true };
      return {
        flow: {
          time: timeOf(0, at),
          verdict: 'FORWARDED',
          IP: { source: from.ip, destination: to.ip },
          l4: { TCP: { source_port: from.port, destination_port: to.port, flags } },
          source: from.end,
          destination: to.end,
          event_type: { type: 4 },
          is_reply: false,
          extensions: { bytes: 60 },
        },
      };
    };
    const answers = Array.from({ length: replies }, (_, at) => packet(false, at + 1));
    const all = first ? [packet(true, 0), ...answers] : [...answers, packet(true, replies + 1)];
    const { observations } = await readAs('hubble', jsonLines(...all));
    assert.deepEqual([...new Set(observations.map(({ port }) => port))], [server]);
  });
  await fc.assert(property, { numRuns: RUNS });
});
