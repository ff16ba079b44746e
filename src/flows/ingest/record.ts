import { codeOf } from '../../database/failure.js';
import type { ClusterStore } from '../../inventory/cluster.store.js';
import type { OpenFlowStore } from '../directions/open-flow.store.js';
import type { Edge, EdgeHour } from '../edge.js';
import { ledgerOf } from '../ledger/ledger.js';
import type { LedgerStore } from '../ledger/ledger.store.js';
import type { DnsAnswerStore } from '../names/dns-answer.store.js';
import { nameOutside } from '../names/name-outside.js';
import { type AttributionStores, attribute, type SettledEnds } from './attribution.js';
import type { ChunkStore } from './chunk.store.js';
import { claim } from './claim.js';
import { type CountedOnce, countOnce, sumOfHours } from './count-once.js';
import { loadDeclaredOf } from './declared-ports.js';
import { type Directed, directEdges } from './direct-edges.js';
import type { EndCountStore } from './end-count.store.js';
import { type Settled, settleEnds } from './end-counts.js';
import type { EdgeVerdict, EdgeVerdicts, FlowRecordStore, Recorded } from './flow.store.js';
import { type Folded, foldEdges } from './fold-edges.js';
import type { KeptCluster, KeptIngest } from './kept.js';
import { type Ingested, withDuplicates } from './outcome.js';
import type { ReadChunk } from './read-chunks.js';
import type { RecordIdStore } from './record-id.store.js';
import { takenOf } from './taken.js';

export type IngestStores = AttributionStores & {
  readonly clusters: Pick<ClusterStore, 'ensure'>;
  readonly chunks: ChunkStore;
  readonly recordIds: RecordIdStore;
  readonly endCounts: EndCountStore;
  readonly flowRecords: FlowRecordStore;
  readonly ledger: LedgerStore;
  readonly openFlows: OpenFlowStore;
  readonly dnsAnswers: DnsAnswerStore;
};

/** What a transaction has recorded, for the rooms above. */
export type RecordedBatch = {
  readonly clusterId: number;
  readonly edges: readonly Edge[];
  /** What was added to them, by hour and by what the dataplane said. */
  readonly hours: readonly EdgeHour[];
  /** Of the edges: those that are new, and those that may be worth an alert whatever baselines say. */
  readonly recorded: readonly Recorded[];
  /** Flows that turned out to be replies: no list has them any more. */
  readonly replies: readonly string[];
  /** Peers outside that have another name now. */
  readonly named: readonly string[];
  /** Of edges that were judged before they were written. */
  readonly verdicts: EdgeVerdicts;
};

/** In one transaction, for a cluster. */
export type RecordDeps<S extends IngestStores> = {
  readonly transaction: <T>(work: (stores: S) => Promise<T>) => Promise<T>;
  /** What the policies in force say of edges, in their order; in the same transaction, before they are written. */
  readonly judge: (
    stores: S,
    clusterId: number,
    edges: readonly Edge[],
  ) => Promise<readonly EdgeVerdict[]>;
  /** In the same transaction: isolation, baselines, alerts. */
  readonly afterRecord: (stores: S, batch: RecordedBatch) => Promise<void>;
  readonly kept: KeptIngest;
  /** ISO text. */
  readonly now: () => string;
};

export type Stream = {
  readonly cluster: string;
  /** Null: there is none yet, and the transaction makes it. */
  readonly clusterId: number | null;
  readonly settled: SettledEnds;
};

const newestOf = (chunks: readonly ReadChunk[]): string | null =>
  chunks.reduce<string | null>(
    (newest, { chunk: { lastSeenAt } }) =>
      lastSeenAt !== null && (newest === null || lastSeenAt > newest) ? lastSeenAt : newest,
    null,
  );

/** An import came between: who the peers are must be asked anew. */
class InventoryMoved extends Error {}

type Place = {
  readonly kept: KeptCluster;
  readonly settled: SettledEnds;
  /** Takes the inventory as it was at the start, rather than fail because others write all the time. */
  readonly isLastTry: boolean;
};

type Stored = {
  /** Records that were stored before, of each chunk, by hour. */
  readonly duplicates: CountedOnce['duplicates'];
  readonly commit: () => void;
};

/** Of what both ends counted, once. The lock on the cluster's flows is held. */
async function settled(
  { endCounts }: IngestStores,
  clusterId: number,
  { edges, hours }: Folded,
): Promise<Settled> {
  const asked = hours.filter(({ ends }) => ends !== null);
  if (asked.length === 0) return { edges, hours, byEnds: [] };
  return settleEnds(edges, hours, await endCounts.known(clusterId, asked));
}

async function write(
  { flowRecords, endCounts }: IngestStores,
  clusterId: number,
  { edges, hours, byEnds, finish }: Directed,
  verdicts: EdgeVerdicts,
): Promise<readonly Recorded[]> {
  const recorded = await flowRecords.recordEdges(clusterId, edges, verdicts);
  await flowRecords.recordHours(clusterId, hours);
  if (byEnds.length > 0) await endCounts.put(clusterId, byEnds);
  await finish();
  return recorded;
}

/** Nobody above hears of what is taken for replies. */
const shown = ({ edges, hours, isHidden, back }: Directed, recorded: readonly Recorded[]) => ({
  edges: edges.filter(({ id }) => !isHidden(id)),
  hours: hours.filter(({ flowId }) => !isHidden(flowId)),
  recorded: [...recorded.filter(({ id }) => !isHidden(id)), ...back],
});

async function store<S extends IngestStores>(
  { judge, afterRecord, now }: RecordDeps<S>,
  stores: S,
  { kept, settled: settledEnds, isLastTry }: Place,
  chunks: readonly ReadChunk[],
): Promise<Stored> {
  const { clusterId } = kept;
  const { observed, duplicates, ...counted } = await countOnce(stores, kept, chunks);
  const { ends, changed, commit, ...split } = await attribute(stores, kept, settledEnds, observed);
  await loadDeclaredOf(stores, kept, split.chunks, ends);
  const folded = foldEdges(kept, split.chunks, ends);
  const version = await stores.chunks.touchCluster(clusterId, now(), newestOf(chunks));
  // Where these chunks taught something, the version is their own.
  if (version !== kept.version && !changed && !isLastTry) throw new InventoryMoved();
  const { unknown } = folded;
  const judged = await judge(stores, clusterId, unknown);
  const verdicts = new Map(
    judged.map((verdict, place) => [unknown[place]?.id ?? '', verdict] as const),
  );
  const counts = await settled(stores, clusterId, folded);
  const directed = await directEdges(stores.openFlows, kept, counts, folded.listeners);
  const recorded = await write(stores, clusterId, directed, verdicts);
  const named = await nameOutside(stores.dnsAnswers, kept, {
    chunks: split.chunks,
    ends,
    edges: directed.edges,
  });
  await afterRecord(stores, {
    ...shown(directed, recorded),
    replies: directed.turned,
    named,
    clusterId,
    verdicts,
  });
  return {
    duplicates,
    commit: () => {
      counted.commit();
      commit();
      folded.commit(id => !directed.isHidden(id));
      directed.commit();
    },
  };
}

type Done = { readonly outcome: Ingested; readonly commit: () => void };

type Trial = { readonly chunks: readonly ReadChunk[]; readonly isLastTry: boolean };

type Recording = { readonly outcome: Ingested; readonly clusterId: number };

const NOTHING_LEARNED = (): void => {};

async function recordIn<S extends IngestStores>(
  deps: RecordDeps<S>,
  { clusterId, settled }: Stream & { readonly clusterId: number },
  stores: S,
  { chunks, isLastTry }: Trial,
): Promise<Done> {
  const now = deps.now();
  const { outcome, ...claimed } = await claim(stores, clusterId, chunks, now);
  const tell = (duplicates: CountedOnce['duplicates']): Promise<void> =>
    stores.ledger.add(clusterId, ledgerOf(takenOf(claimed, duplicates), now));
  if (claimed.fresh.length === 0) {
    await tell([]);
    return { outcome, commit: NOTHING_LEARNED };
  }
  const kept = deps.kept.of(clusterId, await stores.chunks.versionOf(clusterId));
  const place = { kept, settled, isLastTry };
  const { duplicates, commit } = await store(deps, stores, place, claimed.fresh);
  await tell(duplicates);
  const repeats = duplicates.reduce((sum, hours) => sum + sumOfHours(hours), 0);
  return { outcome: withDuplicates(outcome, repeats), commit };
}

async function recordOnce<S extends IngestStores>(
  deps: RecordDeps<S>,
  stream: Stream,
  trial: Trial,
): Promise<Recording> {
  let { clusterId } = stream;
  try {
    const { id, outcome, commit } = await deps.transaction(async stores => {
      const id = stream.clusterId ?? (await stores.clusters.ensure(stream.cluster, deps.now())).id;
      clusterId = id;
      return { id, ...(await recordIn(deps, { ...stream, clusterId: id }, stores, trial)) };
    });
    commit();
    return { outcome, clusterId: id };
  } catch (error) {
    // Of a cluster that was not made after all, the id is free for another.
    if (clusterId !== null) deps.kept.forget(clusterId);
    throw error;
  }
}

/** Postgres has ended one of two transactions that waited for each other: the work may be done again. */
const isDeadlock = (error: unknown): boolean => codeOf(error) === '40P01';

const isToRepeat = (error: unknown): boolean =>
  error instanceof InventoryMoved || isDeadlock(error);

const MOST_TRIES = 5;

/**
 * Records chunks in one transaction: claimed, attributed, folded, recorded, told; all of them or none, and so is their
 * cluster, where they are its first. Begins again, some times, where an import came between.
 */
export async function record<S extends IngestStores>(
  deps: RecordDeps<S>,
  stream: Stream,
  chunks: readonly ReadChunk[],
  tries = 1,
): Promise<Recording> {
  try {
    return await recordOnce(deps, stream, { chunks, isLastTry: tries === MOST_TRIES });
  } catch (error) {
    if (!isToRepeat(error) || tries === MOST_TRIES) throw error;
    return record(deps, stream, chunks, tries + 1);
  }
}
