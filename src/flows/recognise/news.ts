import { PeerKind } from '../../inventory/peer.js';
import type { Edge, EdgeHour } from '../edge.js';
import type { EdgeMove } from '../ingest/flow-merge.store.js';
import type { OpenEdge } from './open-edge.store.js';
import type { CountedTime } from './split-edge.store.js';

/** What was counted of a flow, and is another's now. */
export type TakenCount = Pick<EdgeHour, 'flowId' | 'verdict' | 'events'> & {
  /** When what is left of the flow was seen. */
  readonly left: Pick<Edge, 'firstSeen' | 'lastSeen'>;
};

/**
 * What turned out to be of deployments: flows that were of none, and hours that were taken out of flows that stay. As the records of
 * a batch, each hour as far as the flow was seen.
 */
export type NewsOfFlows = {
  readonly clusterId: number;
  readonly edges: readonly Pick<Edge, 'id' | 'events' | 'firstSeen' | 'lastSeen'>[];
  readonly hours: readonly EdgeHour[];
  /** By the flow that they were taken out of. */
  readonly taken: readonly TakenCount[];
};

/** A flow that moves, and what its ends were and are. */
export type KnownMove = {
  readonly edge: OpenEdge;
  readonly move: EdgeMove;
  readonly takenFrom: OpenEdge | null;
  readonly kinds: {
    readonly before: readonly (PeerKind | null)[];
    readonly after: readonly (PeerKind | null)[];
  };
};

const isOfDeployment = (kinds: readonly (PeerKind | null)[]): boolean =>
  kinds.includes(PeerKind.DEPLOYMENT);

/** Those that are of a deployment now, and were of none, or of another flow. */
export const newOnes = (moves: readonly KnownMove[]): readonly KnownMove[] =>
  moves.filter(
    ({ kinds, takenFrom }) =>
      isOfDeployment(kinds.after) && (takenFrom !== null || !isOfDeployment(kinds.before)),
  );

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
  const taken = moves.flatMap(({ edge, takenFrom }) =>
    takenFrom === null
      ? []
      : (byFlow.get(edge.id) ?? []).map(({ verdict, events }) => ({
          flowId: takenFrom.id,
          left: takenFrom,
          verdict,
          events,
        })),
  );
  return { clusterId, edges, hours, taken };
}
