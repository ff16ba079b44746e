import assert from 'node:assert/strict';
import type { EntityManager } from 'typeorm';
import { type Caller, LOCAL_CALLER } from '../../../src/access/caller.js';
import { completenessStore } from '../../../src/flows/completeness.store.js';
import { diagnosisStore } from '../../../src/flows/diagnosis.store.js';
import { openFlowStore } from '../../../src/flows/directions/open-flow.store.js';
import { flowCountsStore } from '../../../src/flows/flow-counts.store.js';
import { flowPageStore } from '../../../src/flows/flow-page.store.js';
import { flowWindowStore } from '../../../src/flows/flow-window.store.js';
import { chunkStore } from '../../../src/flows/ingest/chunk.store.js';
import { endCountStore } from '../../../src/flows/ingest/end-count.store.js';
import { flowRecordStore } from '../../../src/flows/ingest/flow.store.js';
import { flowMergeStore } from '../../../src/flows/ingest/flow-merge.store.js';
import { type IngestDeps, ingest } from '../../../src/flows/ingest/ingest.js';
import { keptIngest } from '../../../src/flows/ingest/kept.js';
import type { Ingested } from '../../../src/flows/ingest/outcome.js';
import { partitionStore } from '../../../src/flows/ingest/partition.store.js';
import { recordIdStore } from '../../../src/flows/ingest/record-id.store.js';
import { takeUpload } from '../../../src/flows/ingest/upload.js';
import { ledgerStore } from '../../../src/flows/ledger/ledger.store.js';
import { dnsAnswerStore } from '../../../src/flows/names/dns-answer.store.js';
import { clusterStore } from '../../../src/inventory/cluster.store.js';
import { clusterRangeStore } from '../../../src/inventory/cluster-range.store.js';
import { externalBlockStore } from '../../../src/inventory/external-blocks/external-block.store.js';
import { peerStore } from '../../../src/inventory/peer.store.js';
import { serviceHistoryStore } from '../../../src/inventory/service-history.store.js';
import { type DatabaseFixture, withDatabase } from '../../support/database.js';

export const NOW = '2026-11-22T12:00:00.000000Z';

/** The stores of this room and those below, for a caller. */
export const flowStores = (manager: EntityManager, caller: Caller = LOCAL_CALLER) => ({
  clusters: clusterStore(manager, caller),
  peers: peerStore(manager, caller),
  chunks: chunkStore(manager, caller),
  recordIds: recordIdStore(manager),
  dnsAnswers: dnsAnswerStore(manager),
  endCounts: endCountStore(manager),
  clusterRanges: clusterRangeStore(manager, caller),
  externalBlocks: externalBlockStore(manager, caller),
  serviceHistory: serviceHistoryStore(manager),
  flowMerges: flowMergeStore(manager),
  flowRecords: flowRecordStore(manager),
  openFlows: openFlowStore(manager),
  ledger: ledgerStore(manager, caller),
  flows: flowPageStore(manager, caller),
  flowCounts: flowCountsStore(manager, caller),
  flowWindows: flowWindowStore(manager, caller),
  completeness: completenessStore(manager, caller),
  diagnosis: diagnosisStore(manager, caller),
});

export type FlowStores = ReturnType<typeof flowStores>;

type AfterRecord<S extends FlowStores> = IngestDeps<S>['afterRecord'];

/** What `ingest` wants, on a database; `storesOn` may add the stores of higher rooms. */
export const ingestDeps = <S extends FlowStores>(
  { source }: Pick<DatabaseFixture, 'source'>,
  storesOn: (manager: EntityManager) => S,
  afterRecord: AfterRecord<S> = async () => {},
): IngestDeps<S> => ({
  transaction: work => source.transaction(manager => work(storesOn(manager))),
  partitions: partitionStore(source.manager),
  clusterNamed: name =>
    source.transaction(async manager => (await storesOn(manager).clusters.ensure(name, NOW)).id),
  judge: async () => [],
  afterRecord,
  kept: keptIngest(),
  patience: 0,
  now: () => NOW,
});

/** A record of our own format: `shop/web -> shop/api TCP 8080`, and what is other. */
export const record = (other: object = {}): object => ({
  time: '2026-11-22T10:00:00Z',
  source: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
  destination: { namespace: 'shop', workload: { kind: 'Deployment', name: 'api' } },
  port: 8080,
  protocol: 'TCP',
  ...other,
});

export const workload = (name: string, namespace = 'shop'): object => ({
  namespace,
  workload: { kind: 'Deployment', name },
});

export const lines = (...records: readonly object[]): string =>
  records.map(one => JSON.stringify(one)).join('\n');

type Sending = { readonly cluster?: string; readonly format?: string; readonly key?: string };

export type Send = (
  text: string | AsyncIterable<Uint8Array>,
  sending?: Sending,
) => Promise<Ingested>;

export const sender =
  <S extends FlowStores>(deps: IngestDeps<S>): Send =>
  (text, { cluster = 'lab', format = 'neutral', key } = {}) =>
    takeUpload(
      input => ingest(deps, input),
      { cluster, format, key: key ?? null, records: text },
      new Date(NOW),
    );

export type Intake = DatabaseFixture & {
  readonly stores: FlowStores;
  readonly send: Send;
  readonly rows: (sql: string) => Promise<readonly Record<string, unknown>[]>;
};

/** No foreign key sees to it (docs/decisions/0048-the-ends-of-flows-are-written-with-them.md). */
async function checkEnds({ source }: DatabaseFixture): Promise<void> {
  const lost: readonly object[] = await source.query(`select id, source_id, destination_id
    from (table flow union all table reply_flow) f
    where exists (select from unnest(array[f.source_id, f.destination_id]) e (id)
      where not exists (select from peer p where p.cluster_id = f.cluster_id and p.id = e.id))`);
  assert.deepEqual(lost, [], 'flows whose ends are no peers');
}

/** A database that takes flows in. Whatever is done with it, both ends of each flow are peers afterwards. */
export const withIntake = (
  use: (intake: Intake) => Promise<void>,
  afterRecord?: AfterRecord<FlowStores>,
): Promise<void> =>
  withDatabase(async fixture => {
    await use({
      ...fixture,
      stores: flowStores(fixture.source.manager),
      send: sender(ingestDeps(fixture, flowStores, afterRecord)),
      rows: sql => fixture.source.query(sql),
    });
    await checkEnds(fixture);
  });
