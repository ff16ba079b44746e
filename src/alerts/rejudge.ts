import { AlertRule, PeerGroup } from './alert.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import type { AlertSettleStore, OpenMatch } from './alert-settle.store.js';
import { isAboutSubject } from './cluster-alert.js';
import type { ClusterAlertStore } from './cluster-alert.store.js';
import { Counted, deviationsOf, type SuspectFlow, sidesOf } from './deviation.js';
import { isAbout } from './rule-scope.js';
import { MANY } from './scan.js';
import { suspectFlows } from './suspects.js';

export type RejudgeDeps = {
  readonly alertRaises: Pick<RaiseStore, 'watched' | 'outside' | 'suspects'>;
  readonly alertSettles: Pick<AlertSettleStore, 'openOfRule' | 'resolve'>;
  readonly clusterAlerts: Pick<ClusterAlertStore, 'openOfRule'>;
};

/** Whether some rule is still about what a flow added to an alert. */
function isStillAbout(
  { name, rules }: Watched,
  flow: SuspectFlow,
  { groupKind, rule, rules: met }: OpenMatch,
): boolean {
  const sides = sidesOf(flow);
  if (sides === null) return false;
  if (groupKind === PeerGroup.SCAN || groupKind === PeerGroup.VOLUME) {
    const { owner, peer } = sides;
    const other = groupKind === PeerGroup.SCAN ? MANY : peer;
    const about = { cluster: name, owner, peer: other, port: null };
    return rules.some(one => one.criterion === rule && isAbout(one, about));
  }
  const occurred = (counts: Counted): boolean =>
    counts === Counted.ALL ||
    (counts === Counted.DENIED
      ? flow.policyDenied || met.includes(AlertRule.DENIED)
      : met.includes(AlertRule.AUDITED));
  return deviationsOf(name, flow, rules, occurred).length > 0;
}

/** Of what flows added to alerts of a cluster: the alerts that some rule is still about, and all whose flows are known. */
async function stillAbout(
  { alertRaises }: RejudgeDeps,
  clusterId: number,
  matches: readonly OpenMatch[],
): Promise<{ readonly still: readonly string[]; readonly known: readonly string[] }> {
  const watched = await alertRaises.watched(clusterId);
  const flows = [...new Set(matches.map(({ flowId }) => flowId))];
  const suspects = await suspectFlows(alertRaises, clusterId, watched, { flows, told: flows });
  const byId = new Map(suspects.map(flow => [flow.id, flow]));
  const known = matches.filter(({ flowId }) => byId.has(flowId));
  const still = known.filter(match => {
    const flow = byId.get(match.flowId);
    return flow !== undefined && isStillAbout(watched, flow, match);
  });
  const idsOf = (some: readonly OpenMatch[]) => some.map(({ alertId }) => alertId);
  return { still: idsOf(still), known: idsOf(known) };
}

/** The same of alerts that are not about flows. */
async function rejudgeSubjects(
  { alertRaises, alertSettles, clusterAlerts }: RejudgeDeps,
  ruleId: string,
  at: string,
): Promise<void> {
  const open = await clusterAlerts.openOfRule(ruleId);
  for (const [clusterId, alerts] of Map.groupBy(open, one => one.clusterId)) {
    const { name, rules } = await alertRaises.watched(clusterId);
    const gone = alerts.filter(
      ({ rule, groupName, namespace }) =>
        !rules.some(
          one =>
            one.criterion === rule && isAboutSubject(one, name, { name: groupName, namespace }),
        ),
    );
    if (gone.length > 0)
      await alertSettles.resolve(
        clusterId,
        gone.map(({ id }) => id),
        at,
      );
  }
}

/** Rows that are looked at at once, and in all: a rule that met more is left to the causes of its alerts. */
const AT_ONCE = 5_000;
const MOST = 200_000;

type Seen = { readonly still: Set<string>; readonly known: Set<string> };

async function lookAt(
  deps: RejudgeDeps,
  page: readonly OpenMatch[],
  found: Map<number, Seen>,
): Promise<void> {
  for (const [clusterId, matches] of Map.groupBy(page, one => one.clusterId)) {
    const seen = found.get(clusterId) ?? { still: new Set(), known: new Set() };
    found.set(clusterId, seen);
    const { still, known } = await stillAbout(deps, clusterId, matches);
    for (const id of still) seen.still.add(id);
    for (const id of known) seen.known.add(id);
  }
}

/**
 * Resolves the open alerts of a rule that changed, where neither it nor another rule is about any of their flows now: its scope is
 * another, or it excludes them.
 * @param atOnce flows of a page
 * @returns whether all were looked at: of more than 200,000 flows the rest keeps its alerts open
 */
export async function rejudge(
  deps: RejudgeDeps,
  ruleId: string,
  at: string,
  atOnce = AT_ONCE,
): Promise<boolean> {
  await rejudgeSubjects(deps, ruleId, at);
  const found = new Map<number, Seen>();
  let after: OpenMatch | null = null;
  for (let looked = 0; looked < MOST; looked += atOnce) {
    const asked = { after, limit: atOnce };
    const page: readonly OpenMatch[] = await deps.alertSettles.openOfRule(ruleId, asked);
    await lookAt(deps, page, found);
    after = page.length < atOnce ? null : (page.at(-1) ?? null);
    if (after === null) break;
  }
  // Of the last alert some flows may not have been looked at.
  if (after !== null) found.get(after.clusterId)?.still.add(after.alertId);
  await resolveGone(deps, found, at);
  return after === null;
}

async function resolveGone(
  { alertSettles }: RejudgeDeps,
  found: ReadonlyMap<number, Seen>,
  at: string,
): Promise<void> {
  for (const [clusterId, { still, known }] of found) {
    const gone = [...known].filter(id => !still.has(id));
    if (gone.length > 0) await alertSettles.resolve(clusterId, gone, at);
  }
}
