import type { Edge } from '../flows/edge.js';
import type { RecordedBatch } from '../flows/ingest/record.js';
import { timeText } from '../flows/time.js';
import type { AlertStore } from './alert.store.js';
import { alertsOf, mergeAlerts, type Occurrence } from './deviation.js';

const occurrenceOf = ({ events, firstSeen, lastSeen }: Edge): Occurrence => ({
  events,
  firstSeenAt: timeText(firstSeen),
  lastSeenAt: timeText(lastSeen),
});

type Deps = { readonly alerts: Pick<AlertStore, 'hasBaselines' | 'suspects' | 'raise'> };

/** Without a baseline only what the recording itself answers can be worth an alert: a small part of the edges. */
async function toLookAt(
  { alerts }: Deps,
  { clusterId, edges, recorded }: RecordedBatch,
): Promise<readonly string[]> {
  const all = (await alerts.hasBaselines(clusterId)) ? edges : recorded;
  return all.map(({ id }) => id);
}

/** Raises the alerts that a recorded batch is worth, in the batch's own transaction. */
export async function watch({ alerts }: Deps, batch: RecordedBatch): Promise<void> {
  const { clusterId, edges } = batch;
  const asked = await toLookAt({ alerts }, batch);
  const suspects = asked.length === 0 ? [] : await alerts.suspects(clusterId, asked);
  if (suspects.length === 0) return;
  const byId = new Map(edges.map(edge => [edge.id, edge]));
  const raised = suspects.flatMap(flow => {
    const edge = byId.get(flow.id);
    return edge === undefined ? [] : alertsOf(clusterId, flow, occurrenceOf(edge));
  });
  await alerts.raise(clusterId, mergeAlerts(raised));
}
