import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lawRuns } from '../support/law-runs.js';
import { type Intake, withIntake } from './support/intake.js';

/** A thousand were tried by hand. */
const RUNS = lawRuns();

/** Three pods of two workloads, each behind an address of its own. */
const PODS = ['web-5c7d9-aaaaa', 'web-5c7d9-bbbbb', 'api-7f6c8-ccccc'] as const;
/** Ports that are asked: registered, and one of those that systems give to clients. */
const SERVERS = [8080, 9000, 45_001] as const;

/**
 * Ports of clients, each with the port whose answers it gets: one port of a client talks with one port of a server, and
 * nobody listens at a port from which its peer opens connections (docs/identity-and-time.md, Directions).
 */
const CLIENTS = [
  [40_000, 8080],
  [45_000, 45_001],
  [20_000, 9000],
] as const;

type Packet = {
  readonly from: string;
  readonly to: string;
  readonly sourcePort: number;
  readonly port: number;
  readonly minute: number;
  readonly flags: 'SYN' | 'SYN ACK' | 'ACK' | null;
  readonly told: boolean | undefined;
};

const packet: fc.Arbitrary<Packet> = fc
  .record({
    from: fc.constantFrom(...PODS),
    to: fc.constantFrom(...PODS),
    isAnswer: fc.boolean(),
    client: fc.constantFrom(...CLIENTS),
    server: fc.constantFrom(...SERVERS),
    minute: fc.integer({ min: 0, max: 119 }),
    hasSyn: fc.boolean(),
    told: fc.constantFrom(false, undefined, undefined),
  })
  .map(({ isAnswer, client: [client, answering], server, hasSyn, ...rest }) => ({
    ...rest,
    ...(isAnswer
      ? { sourcePort: answering, port: client, flags: hasSyn ? 'SYN ACK' : 'ACK' }
      : { sourcePort: client, port: server, flags: hasSyn ? 'SYN' : null }),
  }));

const endpoint = (pod: string) => ({
  namespace: 'shop',
  pod_name: pod,
  workloads: [{ name: pod.split('-')[0], kind: 'Deployment' }],
});

const recordOf = ({ from, to, sourcePort, port, minute, flags, told }: Packet, id: number) => ({
  flow: {
    time: new Date(Date.UTC(2026, 10, 22, 10) + minute * 60_000).toISOString(),
    uuid: `record-${id}`,
    verdict: 'FORWARDED',
    IP: {
      source: `10.0.0.${PODS.indexOf(from as never)}`,
      destination: `10.0.0.${PODS.indexOf(to as never)}`,
    },
    l4: {
      TCP: {
        source_port: sourcePort,
        destination_port: port,
        flags: Object.fromEntries((flags?.split(' ') ?? []).map(flag => [flag, true])),
      },
    },
    source: endpoint(from),
    destination: endpoint(to),
    event_type: { type: 4 },
    is_reply: told,
  },
});

/** Tells that the stream has `is_reply`, and is no flow. */
const MODERN = { flow: { time: '2026-11-22T10:00:00Z', verdict: 'TRACED', is_reply: true } };

const SHOWN = `select s.name as source, d.name as destination, f.port, f.direction_known as known, f.direction_basis as basis,
    f.first_seen_at, f.last_seen_at, f.events,
    (select json_agg(json_build_array(slot, events) order by slot) from flow_hour h
      where h.cluster_id = f.cluster_id and h.flow_id = f.id) as hours
  from flow f join cluster c on c.id = f.cluster_id
  join peer s on s.cluster_id = f.cluster_id and s.id = f.source_id
  join peer d on d.cluster_id = f.cluster_id and d.id = f.destination_id`;

async function sendTo(
  { send, rows }: Intake,
  cluster: string,
  parts: readonly (readonly object[])[],
) {
  for (const [part, records] of parts.entries()) {
    const text = [MODERN, ...records].map(one => JSON.stringify(one)).join('\n');
    await send(text, { cluster, format: 'hubble', key: `${part}` });
  }
  return rows(`${SHOWN} where c.name = '${cluster}' order by 1, 2, 3`);
}

const cuts = fc.array(packet, { minLength: 1, maxLength: 10 }).chain(packets =>
  fc.record({
    packets: fc.constant(packets),
    order: fc.shuffledSubarray(
      packets.map((_, at) => at),
      { minLength: packets.length },
    ),
    size: fc.integer({ min: 1, max: packets.length }),
  }),
);

test('who asked whom is the same however the records are cut and ordered, over uploads too', () =>
  withIntake(async intake => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(cuts, async ({ packets, order, size }) => {
        const records = packets.map(recordOf);
        const whole = await sendTo(intake, `whole-${++run}`, [records]);
        const pieces = Array.from({ length: Math.ceil(order.length / size) }, (_, part) =>
          order.slice(part * size, (part + 1) * size).map(at => records[at] ?? {}),
        );
        assert.deepEqual(await sendTo(intake, `parts-${run}`, pieces), whole);
      }),
      { numRuns: RUNS },
    );
  }));

/** One socket of a client, which asks many ports of one server, or gets their answers. */
const datagram = fc
  .record({
    serverPort: fc.integer({ min: 45_000, max: 45_020 }),
    isAnswer: fc.boolean(),
    minute: fc.integer({ min: 0, max: 119 }),
  })
  .map(({ serverPort, isAnswer, minute }): Packet => {
    const rest = { minute, flags: null, told: undefined } as const;
    return isAnswer
      ? { from: PODS[2], to: PODS[0], sourcePort: serverPort, port: 41_000, ...rest }
      : { from: PODS[0], to: PODS[2], sourcePort: 41_000, port: serverPort, ...rest };
  });

const datagramRecord = (packet: Packet, id: number) => {
  const { flow } = recordOf(packet, id);
  const { sourcePort: source_port, port: destination_port } = packet;
  return { flow: { ...flow, l4: { UDP: { source_port, destination_port } } } };
};

test('one socket of UDP that talks with many ports of one peer is not said to be asked, in any cut', () =>
  withIntake(async intake => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(datagram, { minLength: 2, maxLength: 40 }),
        fc.nat(),
        async (datagrams, cut) => {
          const records = datagrams.map(datagramRecord);
          const at = 1 + (cut % (records.length - 1));
          const whole = await sendTo(intake, `datagrams-${++run}`, [records]);
          const cuts = [records.slice(at), records.slice(0, at)];
          assert.deepEqual(await sendTo(intake, `datagrams-${++run}`, cuts), whole);
          assert.ok(whole.length > 0);
          assert.ok(whole.every(({ known }) => known === false));
        },
      ),
      { numRuns: lawRuns(20) },
    );
  }));

test('replies stand in tables with the columns of flows in their order: rows move whole', () =>
  withIntake(async ({ rows }) => {
    const columns = (table: string) =>
      rows(`select column_name, data_type, column_default, is_nullable from information_schema.columns
        where table_name = '${table}' order by ordinal_position`);
    assert.deepEqual(await columns('reply_flow'), await columns('flow'));
    assert.deepEqual(await columns('reply_hour'), await columns('flow_hour'));
  }));
