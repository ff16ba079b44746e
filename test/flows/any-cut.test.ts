import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { clusterStore } from '../../src/inventory/cluster.store.js';
import { importInventory } from '../../src/inventory/import-inventory.js';
import type { ImportStores } from '../../src/inventory/inventory-import.js';
import { peerStore } from '../../src/inventory/peer.store.js';
import { snapshotStore } from '../../src/inventory/snapshot.store.js';
import { versionStore } from '../../src/inventory/versions.store.js';
import { lawRuns } from '../support/law-runs.js';
import { node, pod, service } from '../support/manifests.js';
import { type Intake, lines, NOW, record, withIntake } from './support/intake.js';

const at = (minute: number): string =>
  new Date(Date.parse('2026-11-22T00:00:00Z') + minute * 60_000).toISOString();

const stores = (manager: EntityManager): ImportStores => ({
  clusters: clusterStore(manager, LOCAL_CALLER),
  peers: peerStore(manager, LOCAL_CALLER),
  snapshots: snapshotStore(manager),
  versions: versionStore(manager),
  afterShown: async () => 0,
  afterMerge: async () => {},
  policiesFound: async () => ({ policies: 0, ended: 0, changed: 0, problems: [] }),
  changed: async () => {},
});

const take = async ({ source }: Intake, minute: number, objects: readonly object[]) => {
  const { problems } = await importInventory(
    {
      now: () => NOW,
      transaction: work => source.transaction(manager => work(stores(manager))),
      settle: async () => {},
    },
    {
      cluster: 'lab',
      sources: [
        { file: null, text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) },
      ],
      mode: 'REPLACE',
      observedAt: at(minute),
      key: null,
    },
  );
  assert.deepEqual(problems, []);
};

/** From the minute on, until the next: who has 10.1.0.9, and what the Service selects. Nobody has it before. */
const TURNS: readonly { readonly minute: number; readonly holder: string }[] = [
  { minute: 10, holder: 'one' },
  { minute: 20, holder: 'two' },
  { minute: 40, holder: 'three' },
];

const worker = (podCIDR: string) => ({ ...node('worker', '192.0.2.1'), spec: { podCIDR } });

async function prepare(intake: Intake): Promise<void> {
  for (const { minute, holder } of TURNS)
    await take(intake, minute, [
      worker('10.1.0.0/24'),
      pod(`${holder}-5c7d9-x2x8p`, {
        ip: '10.1.0.9',
        started: at(minute),
        labels: { app: holder },
        owner: `ReplicaSet/${holder}-5c7d9`,
      }),
      service('api', { app: holder }, '10.2.0.1'),
    ]);
}

/** An independent answer: who it was at a minute. */
const holderAt = (minute: number): string | null =>
  TURNS.findLast(turn => turn.minute <= minute)?.holder ?? null;

type Seen = { readonly minute: number; readonly way: 'pod' | 'service' | 'name' };

const ENDS = {
  pod: { ip: '10.1.0.9' },
  service: { ip: '10.2.0.1' },
  name: { namespace: 'shop', service: 'api' },
} as const;

const recordOf = ({ minute, way }: Seen): object =>
  record({
    time: at(minute),
    destination: ENDS[way],
    port: way === 'pod' ? 8080 : 80,
    bytes: minute,
  });

/** Whose it is by the model. The Service has no creation time: its first revision covers what was before. */
const expectedOf = ({ minute, way }: Seen): string => {
  const holder = holderAt(minute);
  if (holder !== null) return `shop/${holder} 8080`;
  return way === 'pod' ? '10.1.0.9 8080' : 'shop/one 8080';
};

const COUNTED = `select
  (select json_agg(x order by x.id) from (select id, source_id, destination_id, port, service_port, traffic_class,
    first_seen_at, last_seen_at, events, bytes from flow) x) as edges,
  (select json_agg(x order by x.flow_id, x.slot) from (select flow_id, slot, events, bytes from flow_hour) x) as hours`;

const NAMES = `select coalesce(p.namespace || '/', '') || p.name || ' ' || f.port as name, f.events::int as events
  from flow f join peer p on p.cluster_id = f.cluster_id and p.id = f.destination_id order by 1`;

const clear = ({ rows }: Intake) =>
  rows('delete from flow_hour; delete from flow; delete from ingest_chunk');

const seen = fc.record({
  minute: fc.integer({ min: 0, max: 70 }),
  way: fc.constantFrom('pod', 'service', 'name' as const),
});

const files = fc.array(seen, { minLength: 1, maxLength: 12 }).chain(all =>
  fc.record({
    all: fc.constant(all),
    order: fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
    size: fc.integer({ min: 1, max: all.length }),
  }),
);

test('records about addresses that moved are the same edges however they are cut and ordered', () =>
  withIntake(async intake => {
    await prepare(intake);
    const { send, rows } = intake;
    let run = 0;
    const store = async (parts: readonly (readonly Seen[])[]) => {
      await clear(intake);
      for (const part of parts) {
        run += 1;
        await send(lines(...part.map(recordOf)), { key: `part-${run}` });
      }
      return { counted: await rows(COUNTED), names: await rows(NAMES) };
    };
    await fc.assert(
      fc.asyncProperty(files, async ({ all, order, size }) => {
        const whole = await store([all]);
        const cuts = Array.from({ length: Math.ceil(order.length / size) }, (_, part) =>
          order.slice(part * size, (part + 1) * size),
        );
        assert.deepEqual((await store(cuts)).counted, whole.counted);
        const model = Map.groupBy(all, expectedOf);
        assert.deepEqual(
          whole.names.map(({ name, events }) => [name, events]),
          [...model].map(([name, some]) => [name, some.length]).toSorted(),
        );
      }),
      { numRuns: lawRuns() },
    );
  }));
