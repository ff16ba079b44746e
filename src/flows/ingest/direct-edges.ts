import { endKey, type FlowEnd, type OpenFlow } from '../directions/open-flow.js';
import type { OpenFlowStore } from '../directions/open-flow.store.js';
import { NOTHING_SETTLED, settleDirections } from '../directions/settle-directions.js';
import type { Edge } from '../edge.js';
import type { Settled } from './end-counts.js';
import type { Recorded } from './flow.store.js';
import type { KeptCluster } from './kept.js';

/** A batch whose edges are known to be flows, or taken for replies. */
export type Directed = Settled & {
  /** Edges of the batch that are taken for replies so far: they are recorded, and then put aside. */
  readonly aside: ReadonlySet<string>;
  /** Flows of earlier batches that are in the lists again. */
  readonly back: readonly Recorded[];
  /** Flows that are replies now, of this batch and of earlier ones: they leave the lists, or were never in them. */
  readonly turned: readonly string[];
  /** Whether the edge is not kept at all, or not in the lists. */
  readonly isHidden: (flow: string) => boolean;
  /** To be called when the edges are recorded. */
  readonly finish: () => Promise<void>;
  /** Keeps what was learned; to be called when the transaction has been committed. */
  readonly commit: () => void;
};

function openFlowOf({ id, sourceId, destinationId, port, protocol, open }: Edge): OpenFlow[] {
  if (open === null || port === null) return [];
  return [{ id, sourceId, destinationId, port, protocol, ...open }];
}

const NOT_KNOWN_BEFORE = { fresh: true, unmasked: false } as const;

/**
 * Says who asked whom where the records do not prove it, of the batch and of what is stored (docs/identity-and-time.md,
 * Directions). The cluster's flows are locked.
 * @param listeners ends that the batch proves to listen
 */
export async function directEdges(
  store: OpenFlowStore,
  kept: KeptCluster,
  { edges, hours, byEnds }: Settled,
  listeners: readonly FlowEnd[],
): Promise<Directed> {
  const { clusterId } = kept;
  const news = new Map(listeners.map(end => [endKey(end), end]));
  for (const key of news.keys()) if (kept.listeners.has(key)) news.delete(key);
  const learned = news.size === 0 ? [] : await store.learn(clusterId, [...news.values()]);
  const open = edges.flatMap(openFlowOf);
  const standing = await store.standing(clusterId);
  const settled =
    open.length === 0 && !standing.open && !standing.aside
      ? NOTHING_SETTLED
      : await settleDirections(store, clusterId, {
          open,
          proven: edges.filter(edge => edge.open === null).map(({ id }) => id),
          learned,
        });
  const { directions, replies, gone, aside, ...stored } = settled;
  await store.forget(clusterId, gone);
  const ids = edges.map(({ id }) => id).filter(id => !replies.has(id));
  const again = standing.aside ? await store.aside(clusterId, ids) : [];
  await store.takeBack(clusterId, [...new Set([...stored.back, ...again])]);
  const isReply = ({ flowId }: { readonly flowId: string }): boolean => replies.has(flowId);
  return {
    edges: edges
      .filter(({ id }) => !replies.has(id))
      .map(edge => {
        const told = directions.get(edge.id);
        if (told === undefined || edge.open === null) return edge;
        return { ...edge, directionKnown: told.isReply !== null, directionBasis: told.basis };
      }),
    hours: hours.filter(hour => !isReply(hour)),
    byEnds: byEnds.filter(hour => !isReply(hour)),
    aside,
    back: stored.back.map(id => ({ id, ...NOT_KNOWN_BEFORE })),
    turned: [...new Set([...gone, ...stored.toAside, ...aside])],
    isHidden: id => replies.has(id) || aside.has(id),
    finish: async () => {
      const own = open.flatMap(({ id }) => {
        const told = directions.get(id);
        return told === undefined || told.isReply === true
          ? []
          : [{ id, isKnown: told.isReply !== null, basis: told.basis }];
      });
      await store.setDirections(clusterId, [...stored.changed, ...own]);
      await store.putAside(clusterId, [...new Set([...stored.toAside, ...aside])]);
    },
    commit: () => {
      for (const key of news.keys()) kept.listeners.add(key);
    },
  };
}
