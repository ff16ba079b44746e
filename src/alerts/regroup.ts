import type { AlertMoveStore, MatchMove } from './alert-move.store.js';
import type { RaiseStore } from './alert-raise.store.js';
import { placeOf } from './incident.js';

export type RegroupDeps = {
  readonly alertMoves: AlertMoveStore;
  readonly alertRaises: Pick<RaiseStore, 'suspects' | 'relink'>;
};

/**
 * Ends of flows are known otherwise now: what these flows added belongs to the alerts of whom they are between, as if that had
 * been known from the start. An alert that nothing is left of goes, with its comments to where its flows went; it keeps its
 * state there. A scan and a volume stay what they are.
 */
export async function regroup(
  { alertMoves, alertRaises }: RegroupDeps,
  clusterId: number,
  flows: readonly string[],
): Promise<void> {
  const matches = await alertMoves.matchesOf(clusterId, flows);
  if (matches.length === 0) return;
  const placesOf = async (ids: readonly string[]) => {
    const asked = [...new Set(ids)];
    const looked = { flows: asked, told: asked, bad: [], unlearned: false };
    const found = await alertRaises.suspects(clusterId, looked);
    return new Map(found.map(flow => [flow.id, placeOf(flow)]));
  };
  const places = await placesOf(matches.map(({ flowId }) => flowId));
  const moved = matches.flatMap(({ alertId, flowId }): readonly MatchMove[] => {
    const to = places.get(flowId);
    return to == null || to.id === alertId ? [] : [{ alertId, flowId, to }];
  });
  for (const move of moved) await alertMoves.moveMatch(clusterId, move);
  const left = await alertMoves.dropEmpty(clusterId, moved);
  const latest = await placesOf(left.map(({ flowId }) => flowId));
  for (const { alertId, flowId } of left) {
    const place = latest.get(flowId);
    if (place != null) await alertMoves.tellLatest(clusterId, alertId, flowId, place);
  }
  const owners = [...places.values()].flatMap(place => place?.deploymentId ?? []);
  await alertRaises.relink(clusterId, [...new Set(owners)]);
}
