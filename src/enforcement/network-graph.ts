import { windowOf } from '../flows/flow-condition.js';
import { flowSelection } from '../flows/flow-selection.js';
import type { FlowFilter, FlowTag } from '../flows/flow-view.js';
import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import type { TimeBound } from '../query/time-bound.js';
import type { Graph } from './graph.js';
import type { GraphStore } from './graph.store.js';

export type NetworkGraphFilter = {
  /** Either end lies in one of them. */
  readonly namespaces?: readonly string[] | null;
  /** Names of deployments at either end. */
  readonly deployments?: readonly string[] | null;
  readonly tags?: readonly FlowTag[] | null;
  readonly since?: TimeBound | null;
  readonly until?: TimeBound | null;
  /** From 1 to `MOST_EDGES`. */
  readonly limit?: number | null;
};

/** A page of a browser does not draw more; the rest is told by `truncated`. */
export const MOST_EDGES = 20_000;

const among = (names: readonly string[] | null | undefined) =>
  names === null || names === undefined ? null : { in: names };

/** The flow filter that the graph's own filter stands for. */
export const asFlowFilter = (cluster: string, filter: NetworkGraphFilter): FlowFilter => ({
  cluster: { eq: cluster },
  namespace: among(filter.namespaces),
  deployment: among(filter.deployments),
  tags: filter.tags ?? null,
  since: filter.since ?? null,
  until: filter.until ?? null,
});

/** What a node of the graph is made of. */
export const NODE_COLUMNS = ['clusterId', 'id', 'kind', 'name', 'namespace'] as const;

/**
 * The graph of observed flows, of at most `limit` edges, those seen latest: two statements.
 * @param columns what is read of each peer, `NODE_COLUMNS` at least; everything where it is left out
 */
export async function networkGraph(
  stores: { readonly graph: GraphStore; readonly peers: Pick<PeerStore, 'byIds'> },
  cluster: { readonly id: number; readonly name: string },
  filter: NetworkGraphFilter,
  { now, columns }: { readonly now: Date; readonly columns?: readonly (keyof Peer)[] | undefined },
): Promise<Graph> {
  const selection = flowSelection(asFlowFilter(cluster.name, filter), now);
  const limit = filter.limit ?? MOST_EDGES;
  const found = await stores.graph.edges(selection, windowOf(filter, now), limit + 1);
  const edges = found.slice(0, limit);
  const ids = new Set(edges.flatMap(({ sourceId, destinationId }) => [sourceId, destinationId]));
  const keys = [...ids].map(id => ({ clusterId: cluster.id, id }));
  const nodes = await stores.peers.byIds(keys, columns);
  return { nodes, edges, truncated: found.length > limit };
}
