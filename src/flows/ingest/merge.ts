import type { OpenFlowStore } from '../directions/open-flow.store.js';
import { settleStored } from '../directions/settle-stored.js';
import { flowId } from '../edge.js';
import type { DnsAnswerStore } from '../names/dns-answer.store.js';
import type { EndCountStore } from './end-count.store.js';
import { mergeEnds } from './end-counts.js';
import type { EdgeMove, FlowMergeStore } from './flow-merge.store.js';

export type PeerMerger = { readonly from: string; readonly to: string };

export type MergeStores = {
  readonly flowMerges: FlowMergeStore;
  readonly endCounts: Pick<EndCountStore, 'ofFlows' | 'put' | 'correct'>;
  readonly openFlows: OpenFlowStore;
  readonly dnsAnswers: Pick<DnsAnswerStore, 'moveClients'>;
};

/**
 * Peers have turned out to be others: their flows move there, added to the flows that are there already.
 * The ids of moved flows change, since an edge's id is made of its ends.
 * @returns the flows that moved
 */
export async function mergeFlows(
  { openFlows, dnsAnswers, ...stores }: MergeStores,
  clusterId: number,
  mergers: readonly PeerMerger[],
): Promise<readonly EdgeMove[]> {
  if (mergers.length === 0) return [];
  await openFlows.takeBackOf(
    clusterId,
    mergers.flatMap(({ from, to }) => [from, to]),
  );
  await openFlows.movePeers(clusterId, mergers);
  await dnsAnswers.moveClients(clusterId, mergers);
  const moves = await movesOf(stores, clusterId, mergers);
  await moveFlows(stores, clusterId, moves);
  await settleStored(openFlows, clusterId, [...new Set(mergers.map(({ to }) => to))]);
  return moves;
}

async function movesOf(
  { flowMerges }: Pick<MergeStores, 'flowMerges'>,
  clusterId: number,
  mergers: readonly PeerMerger[],
): Promise<readonly EdgeMove[]> {
  const target = new Map(mergers.map(({ from, to }) => [from, to]));
  const settled = (id: string): string => target.get(id) ?? id;
  const edges = await flowMerges.edgesOf(clusterId, [...target.keys()]);
  return edges.map(({ id, port, protocol, ...ends }) => {
    const sourceId = settled(ends.sourceId);
    const destinationId = settled(ends.destinationId);
    const to = flowId(sourceId, destinationId, port, protocol);
    return { from: id, to, sourceId, destinationId, port, servicePort: null, trafficClass: null };
  });
}

/** Adds each edge to the one that it becomes; what both ends counted of the same traffic counts once. */
export async function moveFlows(
  { flowMerges, endCounts }: Pick<MergeStores, 'flowMerges' | 'endCounts'>,
  clusterId: number,
  moves: readonly EdgeMove[],
): Promise<void> {
  if (moves.length === 0) return;
  const targets = new Map(moves.map(({ from, to }) => [from, to]));
  const known = await endCounts.ofFlows(clusterId, [...new Set([...targets].flat())]);
  await flowMerges.move(clusterId, moves);
  const { byEnds, corrections } = mergeEnds(known, targets);
  if (byEnds.length === 0) return;
  await endCounts.put(clusterId, byEnds);
  await endCounts.correct(clusterId, corrections);
}
