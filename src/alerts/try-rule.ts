import type { Edge, EdgeHour } from '../flows/edge.js';
import { timeText } from '../flows/time.js';
import { type Problem, Severity } from '../netpol/index.js';
import { readDateTime } from '../query/date-time.js';
import { AlertRule, OF_NO_FLOW, PeerGroup } from './alert.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import { type AlertRuleDefinition, DEFAULT_SCAN_THRESHOLD } from './alert-rule.js';
import type { ClusterAlert } from './cluster-alert.js';
import { mergeRaised, type Raised } from './incident.js';
import { suspectFlows } from './suspects.js';
import { type TryClusterRuleStores, tryClusterRule } from './try-cluster-rule.js';
import { unusualVolumes } from './volume.js';
import type { Exfiltration, VolumeStore } from './volume.store.js';
import { raisedOf } from './watch.js';

export type TestRuleStores = TryClusterRuleStores & {
  readonly alertRaises: RaiseStore;
  readonly alertVolumes: Pick<VolumeStore, 'volumes'>;
};

export type TestRuleInput = {
  readonly clusters: readonly { readonly id: number; readonly name: string }[];
  readonly rule: AlertRuleDefinition;
  /** ISO text; since included, until excluded. */
  readonly since: string;
  readonly until: string;
};

export type WouldRaise = Pick<
  Raised,
  | 'id'
  | 'line'
  | 'why'
  | 'groupKind'
  | 'groupName'
  | 'events'
  | 'firstOccurredAt'
  | 'lastOccurredAt'
> & {
  readonly clusterId: number;
  /** Null: it would be of no deployment. */
  readonly deploymentId: string | null;
  readonly flowCount: number;
};

export type TestRuleOutcome = {
  /** Those with most events first. */
  readonly alerts: readonly WouldRaise[];
  readonly flows: number;
  readonly problems: readonly Problem[];
};

/** Flows that are looked at at once, and in all. */
const AT_ONCE = 5_000;
const MOST_FLOWS = 200_000;

/** What was counted of a flow in the window, as ingestion would count it in one batch. */
function countedEdge(
  id: string,
  hours: readonly EdgeHour[],
): Pick<Edge, 'events' | 'firstSeen' | 'lastSeen'> & { id: string } {
  return {
    id,
    events: hours.reduce((sum, { events }) => sum + events, 0),
    firstSeen: Math.min(...hours.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...hours.map(({ lastSeen }) => lastSeen)),
  };
}

type Met = {
  readonly raised: readonly Raised[];
  readonly hours: ReadonlyMap<string, readonly EdgeHour[]>;
};

async function met(
  { alertRaises }: TestRuleStores,
  clusterId: number,
  watched: Watched,
  hours: readonly EdgeHour[],
): Promise<Met> {
  const byFlow = Map.groupBy(hours, ({ flowId }) => flowId);
  const looked = {
    flows: [...byFlow.keys()],
    told: hours
      .filter(({ verdict }) => verdict === 'DENIED' || verdict === 'AUDIT')
      .map(({ flowId }) => flowId),
  };
  const suspects = await suspectFlows(alertRaises, clusterId, watched, looked);
  const raised = suspects.flatMap(flow => {
    const own = byFlow.get(flow.id) ?? [];
    const one = raisedOf(watched, flow, countedEdge(flow.id, own), { own, judged: own });
    return one === null ? [] : [one];
  });
  return { raised, hours: byFlow };
}

/** In microseconds. */
const DAY = 86_400_000_000;

/** The owners of a scan by the flows that met other rules, each with those flows. */
function scans({ raised, hours }: Met, threshold: number): readonly Raised[] {
  const within = raised.filter(({ groupKind }) =>
    ['PEER', 'NODES', 'UNRESOLVED'].includes(groupKind),
  );
  return [...Map.groupBy(within, ({ deploymentId }) => deploymentId).values()].flatMap(own => {
    const tried = own.flatMap(({ flowId }) =>
      (hours.get(flowId) ?? []).map(({ hour }) => ({ flowId, hour, day: Math.floor(hour / DAY) })),
    );
    const many = (key: 'hour' | 'day', least: number): readonly string[] =>
      [...Map.groupBy(tried, one => one[key]).values()]
        .map(some => [...new Set(some.map(({ flowId }) => flowId))])
        .filter(flows => flows.length >= least)
        .flat();
    const found = new Set([...many('hour', threshold), ...many('day', 2 * threshold)]);
    return own
      .filter(({ flowId }) => found.has(flowId))
      .map(one => ({ ...one, id: one.deploymentId }));
  });
}

/** An unusual volume as what its alert would say; its events are not counted. */
const ofVolume = (one: Exfiltration): Raised => ({
  ...one,
  id: one.alertId,
  rule: AlertRule.EXFILTRATION,
  rules: [AlertRule.EXFILTRATION],
  ruleIds: [one.ruleId],
  peerId: one.deploymentId,
  groupKind: PeerGroup.VOLUME,
  flowId: one.alertId,
  events: one.unusual.length,
  passed: one.unusual.length,
  firstOccurredAt: one.unusual[0] ?? '',
  lastOccurredAt: one.unusual.at(-1) ?? '',
});

/** What a page of flows adds. */
async function ofVolumes(
  stores: TestRuleStores,
  clusterId: number,
  watched: Watched,
  hours: readonly EdgeHour[],
): Promise<readonly Raised[]> {
  const touched = hours.map(({ flowId, hour }) => ({ flowId, hour: timeText(hour) }));
  return (await unusualVolumes(stores.alertVolumes, clusterId, watched, touched)).map(ofVolume);
}

const truncated: Problem = {
  code: 'TRUNCATED',
  severity: Severity.WARNING,
  message: `only ${MOST_FLOWS} flows were looked at`,
  path: 'since',
  place: null,
  hint: 'take a shorter window, or one cluster',
};

/** Flows of one cluster, page by page. */
async function ofCluster(
  stores: TestRuleStores,
  { rule, since, until }: TestRuleInput,
  cluster: { readonly id: number; readonly name: string },
  most: number,
): Promise<{ readonly raised: readonly Raised[]; readonly flows: number }> {
  const { rules } = await stores.alertRaises.watched(cluster.id);
  const isScan = rule.criterion === AlertRule.LATERAL_SCAN;
  const watched = {
    name: cluster.name,
    hasBaselines: true,
    rules: isScan ? rules : [{ ...rule, enabled: true }],
  };
  const raised: Raised[] = [];
  const volumes = new Map<string, Raised>();
  const hours = new Map<string, readonly EdgeHour[]>();
  let flows = 0;
  for (let after: string | null = null; flows < most; ) {
    const page: readonly string[] = await stores.alertRaises.flowsAfter(cluster.id, {
      since,
      until,
      after,
      limit: AT_ONCE,
    });
    const counted = await stores.alertRaises.hoursOf(cluster.id, page, { since, until });
    const some = await met(stores, cluster.id, watched, counted);
    raised.push(...some.raised);
    for (const one of await ofVolumes(stores, cluster.id, watched, counted))
      volumes.set(one.id, one);
    for (const { flowId } of some.raised) hours.set(flowId, some.hours.get(flowId) ?? []);
    flows += page.length;
    after = page.at(-1) ?? null;
    if (page.length < AT_ONCE) break;
  }
  raised.push(...volumes.values());
  const threshold = rule.parameters.threshold ?? DEFAULT_SCAN_THRESHOLD;
  return { raised: isScan ? scans({ raised, hours }, threshold) : raised, flows };
}

const ofNoDeployment = (
  { id, subject, message, occurrences, firstOccurredAt, lastOccurredAt }: ClusterAlert,
  clusterId: number,
): WouldRaise => ({
  id,
  line: subject.name,
  why: message,
  groupKind: subject.kind,
  groupName: subject.name,
  events: occurrences,
  firstOccurredAt,
  lastOccurredAt,
  clusterId,
  deploymentId: null,
  flowCount: 0,
});

async function ofNoFlow(
  stores: TestRuleStores,
  { clusters, rule, since, until }: TestRuleInput,
): Promise<TestRuleOutcome> {
  const window = { since: readDateTime(since), until: readDateTime(until) };
  const alerts: WouldRaise[] = [];
  const problems: Problem[] = [];
  for (const cluster of clusters) {
    const found = await tryClusterRule(stores, { rule, cluster, window });
    alerts.push(...found.alerts.map(one => ofNoDeployment(one, cluster.id)));
    problems.push(...found.problems.filter(one => !problems.includes(one)));
  }
  return { alerts: mostFirst(alerts), flows: 0, problems };
}

const mostFirst = (alerts: readonly WouldRaise[]): readonly WouldRaise[] =>
  alerts.toSorted((one, other) => other.events - one.events || (one.id < other.id ? -1 : 1));

/**
 * What a rule would have raised on the flows of a window, by what policies and baselines say of them now; one that is not about flows,
 * on what is known of policies and sources of that time. Nothing is stored.
 */
export async function testAlertRule(
  stores: TestRuleStores,
  input: TestRuleInput,
): Promise<TestRuleOutcome> {
  if (OF_NO_FLOW.has(input.rule.criterion)) return ofNoFlow(stores, input);
  const alerts: WouldRaise[] = [];
  let flows = 0;
  for (const cluster of input.clusters) {
    const found = await ofCluster(stores, input, cluster, MOST_FLOWS - flows);
    flows += found.flows;
    const counts = Map.groupBy(found.raised, ({ id }) => id);
    for (const one of mergeRaised(found.raised))
      alerts.push({ ...one, clusterId: cluster.id, flowCount: counts.get(one.id)?.length ?? 0 });
  }
  return {
    alerts: mostFirst(alerts),
    flows,
    problems: flows >= MOST_FLOWS ? [truncated] : [],
  };
}
