import type { RecordedBatch } from '../flows/ingest/ingest.js';
import type { AlertStore } from './alert.store.js';
import { alertsOf, mergeAlerts } from './deviation.js';

type Deps = { readonly alerts: Pick<AlertStore, 'suspects' | 'raise'> };

/** Raises the alerts that a recorded batch is worth, in the batch's own transaction. */
export async function watch({ alerts }: Deps, { clusterId, edges }: RecordedBatch): Promise<void> {
  const byId = new Map(edges.map(edge => [edge.id, edge]));
  const suspects = await alerts.suspects(clusterId, [...byId.keys()]);
  const raised = suspects.flatMap(flow => {
    const edge = byId.get(flow.id);
    return edge === undefined ? [] : alertsOf(clusterId, flow, edge);
  });
  await alerts.raise(clusterId, mergeAlerts(raised));
}
