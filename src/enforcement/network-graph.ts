import { windowOf } from '../flows/flow-condition.js';
import { flowSelection } from '../flows/flow-selection.js';
import type { FlowFilter, FlowTag } from '../flows/flow-view.js';
import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import { resolveOptionalBound, type TimeBound } from '../query/time-bound.js';
import type { AsOfInput } from './as-of.js';
import type { FlowVerdict } from './evaluation.store.js';
import type { GroupExternal } from './external-groups.js';
import type { Graph, GraphEdge, GraphPort } from './graph.js';
import type { GraphStore } from './graph.store.js';
import { GraphLevel, MOST_ROLLED_UP } from './graph-level.js';

export type NetworkGraphFilter = {
  /** Either end lies in one of them. */
  readonly namespaces?: readonly string[] | null;
  /** Names of deployments at either end. */
  readonly deployments?: readonly string[] | null;
  readonly tags?: readonly FlowTag[] | null;
  readonly since?: TimeBound | null;
  readonly until?: TimeBound | null;
  /** The graph as it was at this moment. */
  readonly asOf?: TimeBound | null;
  /** From 1 to `MOST_EDGES`. */
  readonly limit?: number | null;
  /** What external ends are put together by, when the edges are found. */
  readonly groupExternal?: GroupExternal | null;
  /** What deployments are drawn as, when the edges are found. */
  readonly level?: GraphLevel | null;
  /** Also the deployments that no edge leads to or from. */
  readonly silent?: boolean | null;
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

/** The filter with moments instead of durations; a graph as of a moment ends there. @throws ApiError BAD_USER_INPUT */
export function settledFilter(filter: NetworkGraphFilter, now: Date): NetworkGraphFilter {
  const asOf = resolveOptionalBound(filter.asOf, now);
  const until = resolveOptionalBound(filter.until, now);
  const ended = asOf !== null && (until === null || asOf < until) ? asOf : until;
  return { ...filter, ...windowOf({ since: filter.since ?? null, until: ended }, now), asOf };
}

/** What a node of the graph is made of. */
export const NODE_COLUMNS = [
  'clusterId',
  'id',
  'kind',
  'name',
  'namespace',
  'workloadKind',
  'dnsName',
] as const;

export type NetworkGraphDeps = {
  readonly stores: {
    readonly graph: GraphStore;
    readonly peers: Pick<PeerStore, 'byIds'>;
    readonly scopes: ScopeStore;
  };
  readonly verdictsAsOf: (input: AsOfInput) => Promise<readonly FlowVerdict[]>;
};

/** Deployments of now that the filter is about, whether they have edges or not. */
async function silentOf(
  scopes: ScopeStore,
  clusterId: number,
  { namespaces, deployments }: NetworkGraphFilter,
): Promise<readonly string[]> {
  const all = await scopes.deployments(clusterId);
  const wanted = all.filter(
    ({ namespace, name }) =>
      (namespaces?.includes(namespace) ?? true) && (deployments?.includes(name) ?? true),
  );
  return wanted.slice(0, MOST_EDGES).map(({ id }) => id);
}

/** The edges as verdicts of another time have them. */
function judgedBy(
  edges: readonly GraphEdge[],
  verdicts: readonly FlowVerdict[],
): readonly GraphEdge[] {
  const byFlow = new Map(verdicts.map(verdict => [verdict.flowId, verdict]));
  const judged = (port: GraphPort): GraphPort => {
    const found = byFlow.get(port.flowId);
    const isDenied = found?.verdict === 'DENIED';
    return {
      ...port,
      governed: found?.governed ?? false,
      anomalous: port.anomalous || isDenied,
    };
  };
  return edges.map(edge => ({ ...edge, ports: edge.ports.map(judged) }));
}

/**
 * The graph of observed flows, of at most `limit` edges, those seen latest: two statements, and one for silent deployments. One that
 * is to be rolled up to namespaces has all edges that are looked at for it: `limit` counts what comes of that.
 * @param columns what is read of each peer, `NODE_COLUMNS` at least; everything where it is left out
 */
export async function networkGraph(
  { stores, verdictsAsOf }: NetworkGraphDeps,
  cluster: { readonly id: number; readonly name: string },
  filter: NetworkGraphFilter,
  { now, columns }: { readonly now: Date; readonly columns?: readonly (keyof Peer)[] | undefined },
): Promise<Graph> {
  const selection = flowSelection(asFlowFilter(cluster.name, filter), now);
  const limit = filter.limit ?? MOST_EDGES;
  const at = filter.asOf ?? null;
  const isRolledUp = filter.level === GraphLevel.NAMESPACE && at === null;
  const asked = { window: windowOf(filter, now), isJudged: at === null };
  const { edges: shown, total } = await stores.graph.edges(
    selection,
    asked,
    isRolledUp ? MOST_ROLLED_UP : limit,
  );
  const flows = shown.flatMap(({ ports }) => ports.map(({ flowId }) => flowId));
  const edges =
    at === null ? shown : judgedBy(shown, await verdictsAsOf({ clusterId: cluster.id, at, flows }));
  const ids = new Set(edges.flatMap(({ sourceId, destinationId }) => [sourceId, destinationId]));
  if (filter.silent === true)
    for (const id of await silentOf(stores.scopes, cluster.id, filter)) ids.add(id);
  const keys = [...ids].map(id => ({ clusterId: cluster.id, id }));
  const nodes = await stores.peers.byIds(keys, columns);
  const lookedAt = total === null ? shown.length : null;
  return { nodes, edges, omittedEdges: total === null ? 0 : total - shown.length, lookedAt };
}

/** Edges that are more than the graph shows. Where it looked at some only, every flow is read to count them. */
export async function countOmitted(
  counting: Pick<GraphStore, 'count'>,
  cluster: { readonly name: string },
  filter: NetworkGraphFilter,
  { graph, now }: { readonly graph: Pick<Graph, 'omittedEdges' | 'lookedAt'>; readonly now: Date },
): Promise<number> {
  if (graph.lookedAt === null) return graph.omittedEdges;
  const all = await counting.count(flowSelection(asFlowFilter(cluster.name, filter), now));
  return graph.omittedEdges + Math.max(all - graph.lookedAt, 0);
}
