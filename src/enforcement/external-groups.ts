import type { ExternalBlockStore } from '../inventory/external-blocks/external-block.store.js';
import { stableId } from '../inventory/identity.js';
import type { Peer } from '../inventory/peer.js';
import type { Graph, GraphEdge, GraphPort } from './graph.js';

/** What external ends of a graph are put together by. */
export const GroupExternal = { ADDRESS: 'ADDRESS', NAME: 'NAME', BLOCK: 'BLOCK' } as const;
export type GroupExternal = (typeof GroupExternal)[keyof typeof GroupExternal];

/** Ends that are drawn as one. */
export type NodeGroup = {
  /** Another one for other members: what is said of a node is the same wherever its id is met. */
  readonly id: string;
  /** Of the ids of its nodes, which lead to nothing. */
  readonly type: 'ExternalGroup' | 'NamespaceGroup';
  readonly name: string;
  /** In the order of their ids. */
  readonly members: readonly Peer[];
};

export type GroupedGraph = Graph & {
  /** By the id of the group, which stands for its members in nodes and edges. */
  readonly groups: ReadonlyMap<string, NodeGroup>;
};

const compare = <Value>(one: Value, other: Value): number =>
  one < other ? -1 : one > other ? 1 : 0;

/** None is the last. */
const byPort = (one: GraphPort, other: GraphPort): number =>
  compare(one.protocol, other.protocol) ||
  compare(one.port ?? Number.MAX_VALUE, other.port ?? Number.MAX_VALUE) ||
  compare(one.flowId, other.flowId);

/** Edges between the same two nodes are one; in the order of the first of them. */
export function joinedEdges(
  edges: readonly GraphEdge[],
  idOf: (id: string) => string,
): readonly GraphEdge[] {
  const moved = edges.map(({ sourceId, destinationId, ports }) => ({
    sourceId: idOf(sourceId),
    destinationId: idOf(destinationId),
    ports,
  }));
  const joined = Map.groupBy(moved, edge => edge.sourceId + edge.destinationId);
  return [...joined.values()].flatMap(same => {
    const [first] = same;
    if (first === undefined) return [];
    if (same.length === 1) return [first];
    return [{ ...first, ports: same.flatMap(({ ports }) => ports).toSorted(byPort) }];
  });
}

/** @param kind tells groups of one name apart */
export function groupOf(
  type: NodeGroup['type'],
  { kind, name }: { readonly kind: string; readonly name: string },
  peers: readonly Peer[],
): NodeGroup {
  const members = peers.toSorted((one, other) => compare(one.id, other.id));
  const ids = members.map(({ id }) => id).join(' ');
  return { id: stableId(`${type}\n${kind}\n${name}\n${ids}`), type, name, members };
}

/** @param nameOf the name that an external end is put together by; null: it stays alone */
export function grouped(
  graph: Graph,
  by: GroupExternal,
  nameOf: (peer: Peer) => string | null,
): GroupedGraph {
  const named = graph.nodes.flatMap(peer => {
    const name = peer.kind === 'EXTERNAL' ? nameOf(peer) : null;
    return name === null ? [] : [{ peer, name }];
  });
  const groups = new Map<string, NodeGroup>();
  const groupIds = new Map<string, string>();
  for (const [name, members] of Map.groupBy(named, one => one.name)) {
    const peers = members.map(({ peer }) => peer);
    const group = groupOf('ExternalGroup', { kind: by, name }, peers);
    groups.set(group.id, group);
    for (const { id } of peers) groupIds.set(id, group.id);
  }
  const heads = [...groups.values()].flatMap(({ id, name, members: [first] }) =>
    first === undefined ? [] : [{ ...first, id, name }],
  );
  return {
    ...graph,
    nodes: [...graph.nodes.filter(({ id }) => !groupIds.has(id)), ...heads],
    edges: joinedEdges(graph.edges, id => groupIds.get(id) ?? id),
    groups,
  };
}

type Stores = { readonly externalBlocks: Pick<ExternalBlockStore, 'ofPeers'> };

/** The graph with its external ends put together: by the DNS name of each, or by the block that its address lies in. */
export async function groupedExternals(
  { externalBlocks }: Stores,
  graph: Graph,
  by: GroupExternal,
): Promise<GroupedGraph> {
  if (by === GroupExternal.ADDRESS) return { ...graph, groups: new Map() };
  if (by === GroupExternal.NAME) return grouped(graph, by, ({ dnsName }) => dnsName);
  const outside = graph.nodes.filter(({ kind }) => kind === 'EXTERNAL');
  const blocks = new Map(
    (await externalBlocks.ofPeers(outside)).map(({ id, name }) => [id, name] as const),
  );
  return grouped(graph, by, ({ id }) => blocks.get(id) ?? null);
}
