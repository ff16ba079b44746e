import { PeerKind } from '../../inventory/peer.js';
import type { Edge, EdgeHour } from '../edge.js';
import type { EdgeMove } from '../ingest/flow-merge.store.js';
import type { OpenEdge } from './open-edge.store.js';
import type { CountedTime } from './split-edge.store.js';

/** Flows of which nobody could be told before: they were between no deployments. As the records of a batch, each hour as far as the flow was seen. */
export type NewsOfFlows = {
  readonly clusterId: number;
  readonly edges: readonly Pick<Edge, 'id' | 'events' | 'firstSeen' | 'lastSeen'>[];
  readonly hours: readonly EdgeHour[];
};

/** A flow that moves, and what its ends were and are. */
export type KnownMove = {
  readonly edge: OpenEdge;
  readonly move: EdgeMove;
  readonly kinds: {
    readonly before: readonly (PeerKind | null)[];
    readonly after: readonly (PeerKind | null)[];
  };
};

const isOfDeployment = (kinds: readonly (PeerKind | null)[]): boolean =>
  kinds.includes(PeerKind.DEPLOYMENT);

/** Those that are of a deployment now, and were of none. */
export const newOnes = (moves: readonly KnownMove[]): readonly KnownMove[] =>
  moves.filter(({ kinds }) => !isOfDeployment(kinds.before) && isOfDeployment(kinds.after));

/** @param times of the flows before they move */
export function newsOf(
  clusterId: number,
  moves: readonly KnownMove[],
  times: readonly CountedTime[],
): NewsOfFlows {
  const byFlow = Map.groupBy(times, ({ flowId }) => flowId);
  const hours = moves.flatMap(({ edge, move }) =>
    (byFlow.get(edge.id) ?? []).map(
      ({ start, end, verdict, events, connections, bytes }): EdgeHour => ({
        flowId: move.to,
        hour: start,
        verdict,
        firstSeen: Math.max(start, edge.firstSeen),
        lastSeen: Math.min(end - 1, edge.lastSeen),
        ...{ events, connections, bytes, ends: null },
      }),
    ),
  );
  const edges = [...Map.groupBy(hours, ({ flowId }) => flowId)].map(([id, own]) => ({
    id,
    events: own.reduce((sum, { events }) => sum + events, 0),
    firstSeen: Math.min(...own.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...own.map(({ lastSeen }) => lastSeen)),
  }));
  return { clusterId, edges, hours };
}
