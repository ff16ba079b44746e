import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { bodyOf } from '../http/body.js';
import { sendJson } from '../http/routes.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import type { Merger } from '../inventory/merger.js';
import type { VersionStore } from '../inventory/versions.store.js';
import { dateTimeOf } from '../query/date-time.js';
import { completenessStore } from './completeness.store.js';
import { diagnosisStore } from './diagnosis.store.js';
import { openFlowStore } from './directions/open-flow.store.js';
import { ListenerTable, ReplyFlowTable, ReplyHourTable } from './directions/open-flow.table.js';
import type { Edge } from './edge.js';
import { FlowTable } from './flow.table.js';
import { flowLoaders } from './flow-context.js';
import { flowCountsStore } from './flow-counts.store.js';
import { FlowHourTable } from './flow-hour.table.js';
import { FlowNewsHeadTable, FlowNewsTable } from './flow-news.table.js';
import { flowOutsideStore } from './flow-outside.store.js';
import { flowPageStore } from './flow-page.store.js';
import { flowSummaryStore } from './flow-summary.store.js';
import { type FlowTellStore, flowTellStore } from './flow-tell.store.js';
import { flowWindowStore } from './flow-window.store.js';
import { flowFinders, flowResolvers } from './flows.graphql.js';
import { chunkStore } from './ingest/chunk.store.js';
import { ChunkTable } from './ingest/chunk.table.js';
import { endCountStore } from './ingest/end-count.store.js';
import { type EdgeVerdict, flowRecordStore } from './ingest/flow.store.js';
import { flowMergeStore } from './ingest/flow-merge.store.js';
import { type IngestDeps, ingest, PATIENCE } from './ingest/ingest.js';
import { ingestRoute } from './ingest/ingest-route.js';
import { keptIngest } from './ingest/kept.js';
import { type MergeStores, mergeFlows } from './ingest/merge.js';
import type { Ingested } from './ingest/outcome.js';
import type { PartitionStore } from './ingest/partition.store.js';
import type { IngestInput } from './ingest/read-chunks.js';
import type { IngestStores, RecordedBatch } from './ingest/record.js';
import { recordIdStore } from './ingest/record-id.store.js';
import { RecordIdTable } from './ingest/record-id.table.js';
import { type TakeUpload, takeUpload, type Upload } from './ingest/upload.js';
import { ledgerStore } from './ledger/ledger.store.js';
import { LedgerTable } from './ledger/ledger.table.js';
import { dnsAnswerStore } from './names/dns-answer.store.js';
import { DnsAnswerTable } from './names/dns-answer.table.js';
import { type OpenEdgeStore, openEdgeStore } from './recognise/open-edge.store.js';
import { recogniseFlows } from './recognise/recognise.js';
import { splitEdgeStore } from './recognise/split-edge.store.js';
import { whenTaught } from './recognise/when-taught.js';
import { forgetNightly, forgetOld, RETENTION, type RetentionDeps } from './retention/forget.js';
import { retentionStore } from './retention/retention.store.js';
import {
  ROLL_UP,
  type RollUpDeps,
  rollUpNightly,
  rollUpOld,
  type SetRollUpInput,
  setRollUp,
} from './retention/roll-up.js';
import { rollUpStore } from './retention/roll-up.store.js';
import {
  type SetRetentionDeps,
  type SetRetentionInput,
  setRetention,
} from './retention/set-retention.js';

type RecordingStores = IngestStores & {
  readonly clusters: Pick<ClusterStore, 'byName' | 'ensure'>;
  /** What the policies in force say of edges, in their order. */
  readonly judge: (clusterId: number, edges: readonly Edge[]) => Promise<readonly EdgeVerdict[]>;
  /** What the rooms above do with a recorded batch. */
  readonly afterRecord: (batch: RecordedBatch) => Promise<void>;
  /** Flows whose ends are known otherwise now become others. */
  readonly recognise: (clusterId: number) => Promise<void>;
  readonly openEdges: Pick<OpenEdgeStore, 'isBalancerCalled'>;
  readonly versions: Pick<VersionStore, 'of'>;
};

type Deps = {
  readonly recording: <T>(work: (stores: RecordingStores) => Promise<T>) => Promise<T>;
  readonly partitions: PartitionStore;
  /** Makes the verdicts of a cluster anew where that is due. */
  readonly settle: (clusterId: number) => Promise<void>;
};

/** From records of a source to edges and hours; what was taken in, and what was not seen. */
export const flowsRoom = {
  tables: [
    ChunkTable,
    LedgerTable,
    RecordIdTable,
    DnsAnswerTable,
    FlowHourTable,
    FlowTable,
    ReplyFlowTable,
    ReplyHourTable,
    ListenerTable,
    FlowNewsTable,
    FlowNewsHeadTable,
  ],
  stores: (manager: EntityManager, caller: Caller) => ({
    chunks: chunkStore(manager, caller),
    recordIds: recordIdStore(manager),
    dnsAnswers: dnsAnswerStore(manager),
    endCounts: endCountStore(manager),
    flowRecords: flowRecordStore(manager),
    ledger: ledgerStore(manager, caller),
    flowMerges: flowMergeStore(manager),
    openFlows: openFlowStore(manager),
    openEdges: openEdgeStore(manager),
    splitEdges: splitEdgeStore(manager),
    flows: flowPageStore(manager, caller),
    flowCounts: flowCountsStore(manager, caller),
    flowSummaries: flowSummaryStore(manager, caller),
    flowOutside: flowOutsideStore(manager, caller),
    flowWindows: flowWindowStore(manager, caller),
    completeness: completenessStore(manager, caller),
    diagnosis: diagnosisStore(manager, caller),
    retention: retentionStore(manager),
    rollUps: rollUpStore(manager),
    flowTells: flowTellStore(manager),
  }),
  loaders: flowLoaders,
  threads: { takeUpload: 'engine' },
  resolvers: flowResolvers,
  finders: flowFinders,
  afterRecord: (
    { flowTells }: { readonly flowTells: FlowTellStore },
    { clusterId, edges }: RecordedBatch,
  ): Promise<void> =>
    flowTells.tell(
      clusterId,
      edges.map(({ id }) => id),
    ),
  useCases: ({
    recording,
    partitions,
    settle,
    transaction,
  }: Deps & SetRetentionDeps & Pick<RollUpDeps, 'transaction'>) => {
    const now = (): string => dateTimeOf(new Date());
    const clusterNamed = async (name: string): Promise<number | null> =>
      (await recording(({ clusters }) => clusters.byName(name)))?.id ?? null;
    const deps: IngestDeps<RecordingStores> = {
      transaction: recording,
      partitions,
      clusterNamed,
      judge: (stores, clusterId, edges) => stores.judge(clusterId, edges),
      afterRecord: (stores, batch) => stores.afterRecord(batch),
      kept: keptIngest(),
      patience: PATIENCE,
      now,
    };
    const recogniseTaught = whenTaught(recording);
    const take = async (input: IngestInput): Promise<Ingested> => {
      const outcome = await ingest(deps, input);
      const clusterId = await clusterNamed(input.cluster);
      if (clusterId === null) return outcome;
      await recogniseTaught(clusterId);
      await settle(clusterId);
      return outcome;
    };
    return {
      takeUpload: (upload: Upload, at: Date) => takeUpload(take, upload, at),
      setRetention: (input: SetRetentionInput) => setRetention({ transaction }, input),
      setRollUp: (input: SetRollUpInput) => setRollUp({ transaction }, input),
    };
  },
  routes: (
    useCasesFor: (
      request: IncomingMessage,
      response: ServerResponse,
    ) => Promise<{ readonly takeUpload: TakeUpload }>,
  ) => [
    ingestRoute({
      uploadFor: async (...exchange) => (await useCasesFor(...exchange)).takeUpload,
      bodyOf,
      sendJson,
      now: () => new Date(),
    }),
  ],
  jobs: (deps: RetentionDeps & RollUpDeps) => ({
    [RETENTION]: forgetOld(deps),
    [ROLL_UP]: rollUpOld(deps),
  }),
  nightly: (deps: RetentionDeps & RollUpDeps) => async (): Promise<void> => {
    await forgetNightly(deps)();
    await rollUpNightly(deps)();
  },
  minutely:
    ({ reads }: { readonly reads: { readonly flowTells: FlowTellStore } }) =>
    (): Promise<void> =>
      reads.flowTells.forget(),
  /** Flows whose ends are known otherwise now. */
  recognise: recogniseFlows,
  mergePeers: (stores: MergeStores, clusterId: number, mergers: readonly Merger[]) =>
    mergeFlows(stores, clusterId, mergers),
} as const;
