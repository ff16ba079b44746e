import { windowOf } from '../flows/flow-condition.js';
import { flowSelection } from '../flows/flow-selection.js';
import type { FlowFilter } from '../flows/flow-view.js';
import type { AskedWindow } from '../flows/window.loader.js';
import type { Cluster } from '../inventory/cluster.js';
import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import type { ComparedEdge } from './graph-diff.js';
import type { ComparedWindows, GraphDiffStore } from './graph-diff.store.js';
import { keptWindow } from './kept-window.js';
import { asFlowFilter, MOST_EDGES, type NetworkGraphFilter } from './network-graph.js';

export type NetworkGraphDiffInput = Pick<
  NetworkGraphFilter,
  'namespaces' | 'deployments' | 'limit'
> & { readonly before: AskedWindow; readonly after: AskedWindow };

export type NetworkGraphDiff = {
  readonly nodes: readonly Peer[];
  readonly edges: readonly ComparedEdge[];
  /** There are more edges that changed than are shown. */
  readonly truncated: boolean;
  /** As the windows were understood. */
  readonly windows: ComparedWindows;
};

const earlier = (one: string | null, other: string | null): string | null =>
  one === null || other === null || one < other ? one : other;

/** Flows since the first window: an index finds them, and the store asks which of the windows each was seen in. */
function filterOf(
  name: string,
  input: NetworkGraphDiffInput,
  { before, after }: ComparedWindows,
): FlowFilter {
  const since = before.since === null ? null : earlier(after.since, before.since);
  return asFlowFilter(name, { ...input, since, until: null });
}

/** The edges that came, went, changed, or may have, from one window to another, those seen latest first: two statements. */
export async function networkGraphDiff(
  stores: { readonly graphDiffs: GraphDiffStore; readonly peers: Pick<PeerStore, 'byIds'> },
  cluster: Pick<Cluster, 'id' | 'name' | 'forgottenUntil' | 'rolledUntil'>,
  input: NetworkGraphDiffInput,
  now: Date,
): Promise<NetworkGraphDiff> {
  const windows = { before: windowOf(input.before, now), after: windowOf(input.after, now) };
  const selection = flowSelection(filterOf(cluster.name, input, windows), now);
  const limit = input.limit ?? MOST_EDGES;
  const kept = {
    before: keptWindow(windows.before, cluster),
    after: keptWindow(windows.after, cluster),
  };
  const found = await stores.graphDiffs.changed(selection, kept, limit + 1);
  const edges = found.slice(0, limit);
  const ids = new Set(edges.flatMap(({ sourceId, destinationId }) => [sourceId, destinationId]));
  const nodes = await stores.peers.byIds([...ids].map(id => ({ clusterId: cluster.id, id })));
  return { nodes, edges, truncated: found.length > limit, windows };
}
