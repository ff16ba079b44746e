import { type GroupedGraph, groupOf, joinedEdges } from './external-groups.js';
import { type GraphEdge, type GraphPort, stateOf } from './graph.js';

/** What the nodes of a graph are. */
export const GraphLevel = { DEPLOYMENT: 'DEPLOYMENT', NAMESPACE: 'NAMESPACE' } as const;
export type GraphLevel = (typeof GraphLevel)[keyof typeof GraphLevel];

/** Edges between deployments that are looked at, so that a graph of namespaces is whole where one of deployments is not. */
export const MOST_ROLLED_UP = 100_000;

/** Flows that one edge between namespaces shows. */
export const MOST_PORTS = 100;

const byLatest = (one: GraphPort, other: GraphPort): number =>
  one.lastSeenAt < other.lastSeenAt ? 1 : one.lastSeenAt > other.lastSeenAt ? -1 : 0;

/** With the flows that were seen latest, in the order of ports. */
function shortened(edge: GraphEdge): GraphEdge {
  const { ports } = edge;
  if (ports.length <= MOST_PORTS) return edge;
  const latest = new Set(ports.toSorted(byLatest).slice(0, MOST_PORTS));
  const whole = { flowCount: ports.length, state: stateOf(ports) };
  return { ...edge, ports: ports.filter(port => latest.has(port)), whole };
}

/**
 * The graph with all that is in a namespace as one node; edges within it lead from the node to itself.
 * @param limit of the edges between namespaces @param silent whether nodes without an edge stay
 */
export function byNamespace(
  graph: GroupedGraph,
  { limit, silent }: { readonly limit: number; readonly silent: boolean },
): GroupedGraph {
  const inside = graph.nodes.filter(({ namespace }) => namespace !== null);
  const found = [...Map.groupBy(inside, ({ namespace }) => namespace ?? '')].map(
    ([name, members]) => groupOf('NamespaceGroup', { kind: '', name }, members),
  );
  const ids = new Map(found.flatMap(({ id, members }) => members.map(peer => [peer.id, id])));
  const heads = found.flatMap(({ id, members: [first] }) =>
    first === undefined ? [] : [{ ...first, id }],
  );
  const all = joinedEdges(graph.edges, id => ids.get(id) ?? id);
  const edges = all.slice(0, limit).map(shortened);
  const ends = new Set(edges.flatMap(({ sourceId, destinationId }) => [sourceId, destinationId]));
  const nodes = [...heads, ...graph.nodes.filter(({ namespace }) => namespace === null)];
  return {
    ...graph,
    nodes: silent ? nodes : nodes.filter(({ id }) => ends.has(id)),
    edges,
    omittedEdges: graph.omittedEdges + all.length - edges.length,
    groups: new Map([...graph.groups, ...found.map(group => [group.id, group] as const)]),
  };
}
