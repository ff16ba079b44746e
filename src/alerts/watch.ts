import { randomUUID } from 'node:crypto';
import { slicesOf } from '../database/statement.js';
import type { Edge, EdgeHour } from '../flows/edge.js';
import type { ObservedVerdict } from '../flows/flow.js';
import type { RecordedBatch } from '../flows/ingest/record.js';
import { timeText } from '../flows/time.js';
import { AlertRule } from './alert.js';
import { type AlertAct, AlertActState } from './alert-act.js';
import type { AlertActStore } from './alert-act.store.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import { AlertEnforcement, type AlertRuleDefinition } from './alert-rule.js';
import { Counted, deviationsOf, type End, type SuspectFlow } from './deviation.js';
import { mergeRaised, type Occurrence, type Raised, raisedBy } from './incident.js';
import { knownBadOf } from './known-bad.js';
import { scan } from './scan.js';
import { suspectFlows } from './suspects.js';

const DENIED: ReadonlySet<ObservedVerdict> = new Set(['DENIED']);
const AUDITED: ReadonlySet<ObservedVerdict> = new Set(['AUDIT']);
const AGAINST: ReadonlySet<ObservedVerdict> = new Set([...DENIED, ...AUDITED]);
/** Policies deny it, and it neither failed nor was it let through for an audit. */
const POLICY_DENIED: ReadonlySet<ObservedVerdict> = new Set([...DENIED, 'ALLOWED', 'UNKNOWN']);

const verdictsOf = (
  counts: Counted,
  { policyDenied }: SuspectFlow,
): ReadonlySet<ObservedVerdict> =>
  counts === Counted.AUDITED ? AUDITED : policyDenied ? POLICY_DENIED : DENIED;

/** Not blocked: the dataplane let it through, or does not say and no policy denies it. */
const isPassed = ({ verdict }: EdgeHour, { policyDenied }: SuspectFlow): boolean =>
  verdict === 'ALLOWED' || verdict === 'AUDIT' || (verdict === 'UNKNOWN' && !policyDenied);

/** Hours of one flow of the batch. `judged`: with what was let through before it, where that counts as denied by now. */
type HoursOfFlow = { readonly own: readonly EdgeHour[]; readonly judged: readonly EdgeHour[] };

const sum = (hours: readonly EdgeHour[]): number =>
  hours.reduce((events, hour) => events + hour.events, 0);

/** What the batch counted of a flow, of these kinds. */
function occurrenceOf(
  flow: SuspectFlow,
  edge: Pick<Edge, 'events' | 'firstSeen' | 'lastSeen'>,
  { own, judged }: HoursOfFlow,
  kinds: readonly Counted[],
): Occurrence {
  const wanted = kinds.map(kind => verdictsOf(kind, flow));
  const counted = kinds.includes(Counted.ALL)
    ? own
    : judged.filter(({ verdict }) => wanted.some(verdicts => verdicts.has(verdict)));
  const passed = sum(counted.filter(hour => isPassed(hour, flow)));
  const { events, firstSeen, lastSeen } = kinds.includes(Counted.ALL)
    ? edge
    : {
        events: sum(counted),
        firstSeen: Math.min(...counted.map(hour => hour.firstSeen)),
        lastSeen: Math.max(...counted.map(hour => hour.lastSeen)),
      };
  return { events, passed, firstSeenAt: timeText(firstSeen), lastSeenAt: timeText(lastSeen) };
}

/** What a flow of the batch adds to an alert; null: it meets no rule. */
export function raisedOf(
  { name, rules }: Watched,
  flow: SuspectFlow,
  edge: Pick<Edge, 'events' | 'firstSeen' | 'lastSeen'>,
  hours: HoursOfFlow,
): Raised | null {
  const seen = { first: timeText(edge.firstSeen), last: timeText(edge.lastSeen) };
  const deviations = deviationsOf(name, { ...flow, seen }, rules, counts => {
    if (counts === Counted.ALL) return true;
    const verdicts = verdictsOf(counts, flow);
    return hours.judged.some(({ verdict }) => verdicts.has(verdict));
  });
  if (deviations.length === 0) return null;
  const kinds = deviations.map(({ counts }) => counts);
  return raisedBy(flow, deviations, occurrenceOf(flow, edge, hours, kinds));
}

const LET_THROUGH: ReadonlySet<ObservedVerdict> = new Set(['ALLOWED', 'UNKNOWN']);

/** The batch's hours; of a flow that was a probe so far what was let through of it before this batch, too. */
async function judgedHours(
  { alertRaises }: Pick<WatchDeps, 'alertRaises'>,
  { clusterId, hours, recorded }: WatchedBatch,
  suspects: readonly SuspectFlow[],
): Promise<readonly EdgeHour[]> {
  const denied = new Set(suspects.filter(one => one.policyDenied).map(({ id }) => id));
  const unmasked = new Set(
    recorded.filter(one => one.unmasked && denied.has(one.id)).map(({ id }) => id),
  );
  if (unmasked.size === 0) return hours;
  return [
    ...hours.filter(({ flowId, verdict }) => !unmasked.has(flowId) || !LET_THROUGH.has(verdict)),
    ...(await alertRaises.letThrough(clusterId, [...unmasked])),
  ];
}

/** Those with events, by flow. */
const byFlow = (
  hours: readonly EdgeHour[],
  ids: ReadonlySet<string>,
): ReadonlyMap<string, readonly EdgeHour[]> =>
  Map.groupBy(
    hours.filter(({ flowId, events }) => events > 0 && ids.has(flowId)),
    ({ flowId }) => flowId,
  );

/** Flows that the dataplane denied in the batch, or would deny: whatever it said last. */
const toldOf = (hours: readonly EdgeHour[]): ReadonlySet<string> =>
  new Set(hours.filter(({ verdict }) => AGAINST.has(verdict)).map(({ flowId }) => flowId));

/** What is looked at: a batch of records, or what turned out to be a deployment's. */
export type WatchedBatch = Pick<RecordedBatch, 'clusterId' | 'hours' | 'recorded'> & {
  readonly edges: readonly Pick<Edge, 'id' | 'events' | 'firstSeen' | 'lastSeen'>[];
};

export type WatchDeps = {
  readonly alertRaises: RaiseStore;
  readonly alertActs: Pick<AlertActStore, 'request'>;
};

export const isOn = (rules: readonly AlertRuleDefinition[], criterion: AlertRule): boolean =>
  rules.some(rule => rule.criterion === criterion);

/** Without a baseline only what policies or the dataplane are against can be worth an alert: a small part of the edges. */
const toLookAt = (
  { edges, recorded }: WatchedBatch,
  told: ReadonlySet<string>,
  everything: boolean,
): readonly string[] =>
  everything ? edges.map(({ id }) => id) : [...new Set([...recorded.map(({ id }) => id), ...told])];

type Found = {
  readonly raised: readonly Raised[];
  /** The deployments that these are of. */
  readonly owners: readonly End[];
  /** The hours of the batch in which the flows met a rule, in microseconds. */
  readonly hours: readonly number[];
};

type Among = { readonly flows: readonly string[]; readonly told: ReadonlySet<string> };

/** What some flows of a batch raise. All that is known of their ends is dropped again: of a whole upload it is hundreds of megabytes. */
async function foundAmong(
  deps: Pick<WatchDeps, 'alertRaises'>,
  batch: WatchedBatch,
  watched: Watched,
  { flows, told }: Among,
): Promise<Found> {
  const suspects = await suspectFlows(deps.alertRaises, batch.clusterId, watched, {
    flows,
    told: flows.filter(id => told.has(id)),
  });
  const ids = new Set(suspects.map(({ id }) => id));
  const byId = new Map(batch.edges.filter(({ id }) => ids.has(id)).map(edge => [edge.id, edge]));
  const own = byFlow(batch.hours, ids);
  const judged = byFlow(await judgedHours(deps, batch, suspects), ids);
  const raised = suspects.flatMap(flow => {
    const edge = byId.get(flow.id);
    const one =
      edge &&
      raisedOf(watched, flow, edge, {
        own: own.get(flow.id) ?? [],
        judged: judged.get(flow.id) ?? [],
      });
    return one ? [one] : [];
  });
  const owning = new Set(raised.map(({ deploymentId }) => deploymentId));
  const ends = suspects.flatMap(({ source, destination }) => [source, destination]);
  return {
    raised,
    owners: ends.filter(({ id }) => owning.has(id)),
    hours: raised.flatMap(({ flowId }) => (own.get(flowId) ?? []).map(({ hour }) => hour)),
  };
}

/**
 * Raises the alerts that a recorded batch is worth, in the batch's own transaction. What is counted are the events of
 * the batch that a rule is about, so that the sum is the same however the records were cut.
 */
export async function watch(
  { alertRaises, alertActs }: WatchDeps,
  batch: WatchedBatch,
): Promise<void> {
  const { clusterId, hours } = batch;
  const watched = await alertRaises.watched(clusterId);
  const { rules, hasBaselines } = watched;
  const bad = knownBadOf(rules);
  const unlearned = isOn(rules, AlertRule.UNLEARNED);
  const told = toldOf(hours);
  const asked = toLookAt(batch, told, hasBaselines || unlearned || bad.length > 0);
  const raised: Raised[] = [];
  const owners = new Map<string, End>();
  const raisedAt = new Set<number>();
  for (const flows of slicesOf(asked)) {
    const found = await foundAmong({ alertRaises }, batch, watched, { flows, told });
    raised.push(...found.raised);
    for (const end of found.owners) owners.set(end.id, end);
    for (const hour of found.hours) raisedAt.add(hour);
  }
  if (raised.length === 0) return;
  await alertRaises.raise(clusterId, mergeRaised(raised), raised);
  await scan(alertRaises, clusterId, {
    rules,
    cluster: watched.name,
    owners: [...owners.values()],
    hours: [...raisedAt],
  });
  await alertRaises.relink(clusterId, [...new Set(raised.map(({ deploymentId }) => deploymentId))]);
  const acts = actsOf(clusterId, rules, raised);
  if (acts.length > 0) await alertActs.request(acts);
}

/** What the rules ask to be done about the alerts: each once. */
function actsOf(
  clusterId: number,
  rules: readonly AlertRuleDefinition[],
  raised: readonly Raised[],
): readonly AlertAct[] {
  const asking = rules.filter(({ enforcement }) => enforcement !== AlertEnforcement.INFORM);
  const asked = asking.flatMap(({ id, enforcement }) =>
    raised
      .filter(({ ruleIds }) => ruleIds.includes(id))
      .map(one => ({ alertId: one.id, enforcement })),
  );
  const once = new Map(asked.map(one => [`${one.alertId} ${one.enforcement}`, one]));
  const requestedAt = new Date().toISOString();
  return [...once.values()].map(({ alertId, enforcement }) => ({
    clusterId,
    id: randomUUID(),
    alertId,
    kind: enforcement,
    state: AlertActState.REQUESTED,
    requestedAt,
    decidedAt: null,
    decidedBy: null,
  }));
}
