import type { Edge, EdgeHour } from '../flows/edge.js';
import type { ObservedVerdict } from '../flows/flow.js';
import type { RecordedBatch } from '../flows/ingest/record.js';
import { timeText } from '../flows/time.js';
import type { AlertStore } from './alert.store.js';
import {
  alertsOf,
  mergeAlerts,
  type Occurrence,
  type Occurrences,
  type SuspectFlow,
} from './deviation.js';

type Counted = Pick<Edge, 'events' | 'firstSeen' | 'lastSeen'>;

const occurrenceOf = ({ events, firstSeen, lastSeen }: Counted): Occurrence => ({
  events,
  firstSeenAt: timeText(firstSeen),
  lastSeenAt: timeText(lastSeen),
});

/** What was counted in those hours that have one of the verdicts; null: nothing. */
function occurredIn(
  hours: readonly EdgeHour[],
  verdicts: ReadonlySet<ObservedVerdict>,
): Occurrence | null {
  const counted = hours.filter(({ events, verdict }) => events > 0 && verdicts.has(verdict));
  if (counted.length === 0) return null;
  return occurrenceOf({
    events: counted.reduce((sum, { events }) => sum + events, 0),
    firstSeen: Math.min(...counted.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...counted.map(({ lastSeen }) => lastSeen)),
  });
}

const DENIED: ReadonlySet<ObservedVerdict> = new Set(['DENIED']);
const AUDITED: ReadonlySet<ObservedVerdict> = new Set(['AUDIT']);
const AGAINST: ReadonlySet<ObservedVerdict> = new Set([...DENIED, ...AUDITED]);
/** Policies deny it, and it neither failed nor was it let through for an audit. */
const POLICY_DENIED: ReadonlySet<ObservedVerdict> = new Set([...DENIED, 'ALLOWED', 'UNKNOWN']);

const occurrencesOf = (
  { policyDenied }: SuspectFlow,
  edge: Edge,
  hours: readonly EdgeHour[],
): Occurrences => ({
  all: occurrenceOf(edge),
  denied: occurredIn(hours, policyDenied ? POLICY_DENIED : DENIED),
  audited: occurredIn(hours, AUDITED),
});

/** Flows that the dataplane denied in the batch, or would deny: whatever it said last. */
const toldOf = (hours: readonly EdgeHour[]): ReadonlySet<string> =>
  new Set(hours.filter(({ verdict }) => AGAINST.has(verdict)).map(({ flowId }) => flowId));

type Deps = {
  readonly alerts: Pick<AlertStore, 'hasBaselines' | 'suspects' | 'letThrough' | 'raise'>;
};

/** Without a baseline only what policies or the dataplane are against can be worth an alert: a small part of the edges. */
async function toLookAt(
  { alerts }: Deps,
  { clusterId, edges, recorded }: RecordedBatch,
  told: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (await alerts.hasBaselines(clusterId)) return edges.map(({ id }) => id);
  return [...new Set([...recorded.map(({ id }) => id), ...told])];
}

const LET_THROUGH: ReadonlySet<ObservedVerdict> = new Set(['ALLOWED', 'UNKNOWN']);

/** The batch's hours; of a flow that was a probe so far what was let through of it before this batch, too. */
async function hoursOf(
  { alerts }: Deps,
  { clusterId, hours, recorded }: RecordedBatch,
  suspects: readonly SuspectFlow[],
): Promise<readonly EdgeHour[]> {
  const denied = new Set(suspects.filter(one => one.policyDenied).map(({ id }) => id));
  const unmasked = new Set(
    recorded.filter(one => one.unmasked && denied.has(one.id)).map(({ id }) => id),
  );
  if (unmasked.size === 0) return hours;
  return [
    ...hours.filter(({ flowId, verdict }) => !unmasked.has(flowId) || !LET_THROUGH.has(verdict)),
    ...(await alerts.letThrough(clusterId, [...unmasked])),
  ];
}

/**
 * Raises the alerts that a recorded batch is worth, in the batch's own transaction. What is counted are the events of
 * the batch that a rule is about, so that the sum is the same however the records were cut.
 */
export async function watch({ alerts }: Deps, batch: RecordedBatch): Promise<void> {
  const { clusterId, edges, hours } = batch;
  const told = toldOf(hours);
  const asked = await toLookAt({ alerts }, batch, told);
  const suspects = asked.length === 0 ? [] : await alerts.suspects(clusterId, asked, [...told]);
  if (suspects.length === 0) return;
  const ids = new Set(suspects.map(({ id }) => id));
  const byId = new Map(edges.filter(({ id }) => ids.has(id)).map(edge => [edge.id, edge]));
  const ofFlow = Map.groupBy(
    (await hoursOf({ alerts }, batch, suspects)).filter(({ flowId }) => ids.has(flowId)),
    ({ flowId }) => flowId,
  );
  const raised = suspects.flatMap(flow => {
    const edge = byId.get(flow.id);
    if (edge === undefined) return [];
    return alertsOf(clusterId, flow, occurrencesOf(flow, edge, ofFlow.get(flow.id) ?? []));
  });
  await alerts.raise(clusterId, mergeAlerts(raised));
}
