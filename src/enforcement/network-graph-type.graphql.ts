import type { GraphQLResolveInfo } from 'graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { FlowLoader } from '../flows/flow.loader.js';
import type { FlowNode } from '../flows/flow-node.js';
import { FlowProtocol } from '../flows/observation.js';
import { BigIntScalar, DateTimeScalar, PortScalar } from '../graphql/scalars.graphql.js';
import { asksNothingBut } from '../graphql/selection.js';
import { PeerUnion, taggedPeer } from '../inventory/peer.graphql.js';
import type { Peer } from '../inventory/peer.js';
import { peerName } from '../inventory/peer-label.js';
import { formatPeerText } from '../netpol/index.js';
import { encodeId } from '../query/node-id.js';
import { EdgeState } from './graph.js';
import type { GraphStore } from './graph.store.js';
import { MOST_PORTS } from './graph-level.js';

registerEnumType(EdgeState, {
  name: 'EdgeState',
  description: 'The colour of an edge.',
  valuesConfig: {
    NO_POLICY: { description: 'Gray: no policy governs it' },
    ALLOWED: { description: 'Green: policies govern and permit it' },
    ANOMALOUS: {
      description: 'Red: denied, off a locked baseline, or a call to a metadata service',
    },
  },
});

@ObjectType('GraphNode', { description: 'One end of edges.' })
export class GraphNodeType {
  @Field(() => ID, {
    description: 'Its own, which edges name; that of the peer is `peer { id }`',
  })
  readonly id!: string;

  @Field(() => String, {
    description:
      '`namespace/name`, with `[Kind]` where kinds share the name in the cluster, `NODE:name`, `EXTERNAL:name` or `UNRESOLVED:name`, of a whole namespace `ns:name`: as lists of flows show it and questions take it',
  })
  readonly label!: string;

  @Field(() => String, { nullable: true, description: 'Null for what is in no namespace' })
  readonly namespace!: string | null;

  @Field(() => PeerUnion, { description: 'Who it is; one of them, where several are one node' })
  readonly peer!: object;

  @Field(() => Int, {
    description:
      'How many ends it stands for: more than one only where ends are put together, by `groupExternal` or `level`. A node of other ends has another id',
  })
  readonly addresses!: number;
}

@ObjectType('GraphPort', { description: 'One flow of an edge.' })
export class GraphPortType {
  @Field(() => PortScalar, {
    nullable: true,
    description: "The pod's port; null where there is none",
  })
  readonly port!: number | null;

  @Field(() => FlowProtocol, { description: 'The protocol above IP' })
  readonly protocol!: string;

  @Field(() => BigIntScalar, {
    description: "Observed events, over all time; `counts` has those of the graph's window",
  })
  readonly events!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last seen' })
  readonly lastSeenAt!: string;

  @Field(() => Boolean, { description: 'Whether some policy governs it' })
  readonly governed!: boolean;

  @Field(() => Boolean, {
    description: 'Denied, off a locked baseline, or a call to a metadata service',
  })
  readonly anomalous!: boolean;

  @Field(() => Boolean, { description: 'Whether the baseline of an end holds it' })
  readonly inBaseline!: boolean;
}

@ObjectType('GraphEdge', { description: 'All flows from one node to another.' })
export class GraphEdgeType {
  @Field(() => ID, { description: 'Id of the node that connects' })
  readonly source!: string;

  @Field(() => ID, { description: 'Id of the node that is connected to' })
  readonly destination!: string;

  @Field(() => [GraphPortType], {
    description: `Its flows, ordered by protocol and port; between namespaces the ${MOST_PORTS} that were seen latest`,
  })
  readonly ports!: readonly GraphPortType[];

  @Field(() => Int, { description: 'How many flows it stands for' })
  readonly flowCount!: number;

  @Field(() => EdgeState, {
    description:
      'ANOMALOUS if any of its flows is, else NO_POLICY if none is governed, else ALLOWED',
  })
  readonly state!: EdgeState;
}

/** That of a masked peer is sealed before it is answered. */
export const nodeIdOf = ({ kind, clusterId, id }: Peer): string =>
  encodeId(kind === 'MASKED' ? 'MaskedNode' : 'GraphNode', clusterId, id);

/**
 * The labels of nodes: with their kinds, where deployments of several kinds share a name in the cluster, whatever of them a graph shows.
 */
export async function labelsOf(
  graph: Pick<GraphStore, 'sharedNames'>,
  clusterId: number,
): Promise<(peer: Peer) => string> {
  const shared = new Set(await graph.sharedNames(clusterId));
  return peer => {
    const label = peerName(peer);
    const { kind, namespace, name, workloadKind } = peer;
    return kind === 'DEPLOYMENT' && shared.has(label)
      ? formatPeerText({ kind: 'named', namespace, name, ofKind: workloadKind })
      : label;
  };
}

/** @param id of the node, where it is known */
export const nodeOf = (
  peer: Peer,
  id: string | null,
  withPeer: boolean,
): Partial<GraphNodeType> => ({
  id: id ?? nodeIdOf(peer),
  label: peerName(peer),
  namespace: peer.namespace,
  addresses: 1,
  ...(withPeer ? { peer: taggedPeer(peer) } : {}),
});

/** A flow by its key; without a look at it where nothing but its id is asked for. */
export function flowAt(
  key: { readonly clusterId: number; readonly id: string },
  { loaders }: { readonly loaders: { readonly flows: FlowLoader } },
  info: GraphQLResolveInfo,
): FlowKeyOrNode | Promise<FlowNode | null> {
  return asksNothingBut(info, 'id') ? key : loaders.flows.load(key);
}

export type FlowKeyOrNode = Pick<FlowNode, 'clusterId' | 'id'>;
