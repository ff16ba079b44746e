import { stableId } from '../inventory/identity.js';
import type { Peer } from '../inventory/peer.js';
import { type GroupedGraph, joinedEdges, type NodeGroup } from './external-groups.js';

/** What the nodes of a graph are. */
export const GraphLevel = { DEPLOYMENT: 'DEPLOYMENT', NAMESPACE: 'NAMESPACE' } as const;
export type GraphLevel = (typeof GraphLevel)[keyof typeof GraphLevel];

const groupOf = (namespace: string, members: readonly Peer[]): NodeGroup => ({
  id: stableId(`NAMESPACE-GROUP\n${namespace}`),
  type: 'NamespaceGroup',
  name: namespace,
  members,
});

/** The graph with all that is in a namespace as one node; edges within it lead from the node to itself. */
export function byNamespace(graph: GroupedGraph): GroupedGraph {
  const inside = graph.nodes.filter(({ namespace }) => namespace !== null);
  const found = [...Map.groupBy(inside, ({ namespace }) => namespace ?? '')].map(
    ([namespace, members]) => groupOf(namespace, members),
  );
  const ids = new Map(found.flatMap(({ id, members }) => members.map(peer => [peer.id, id])));
  const heads = found.flatMap(({ id, members: [first] }) =>
    first === undefined ? [] : [{ ...first, id }],
  );
  return {
    ...graph,
    nodes: [...heads, ...graph.nodes.filter(({ namespace }) => namespace === null)],
    edges: joinedEdges(graph.edges, id => ids.get(id) ?? id),
    groups: new Map([...graph.groups, ...found.map(group => [group.id, group] as const)]),
  };
}
