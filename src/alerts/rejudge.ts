import { AlertRule, PeerGroup } from './alert.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import type { AlertSettleStore, OpenMatch } from './alert-settle.store.js';
import { Counted, deviationsOf, type SuspectFlow, sidesOf } from './deviation.js';
import { isAbout } from './rule-scope.js';
import { MANY } from './scan.js';
import { isOn, knownBadOf } from './watch.js';

export type RejudgeDeps = {
  readonly alertRaises: Pick<RaiseStore, 'watched' | 'suspects'>;
  readonly alertSettles: Pick<AlertSettleStore, 'openOfRule' | 'resolve'>;
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

async function rejudgeCluster(
  { alertRaises, alertSettles }: RejudgeDeps,
  clusterId: number,
  matches: readonly OpenMatch[],
  at: string,
): Promise<void> {
  const watched = await alertRaises.watched(clusterId);
  const flows = [...new Set(matches.map(({ flowId }) => flowId))];
  const suspects = await alertRaises.suspects(clusterId, {
    flows,
    told: flows,
    bad: knownBadOf(watched.rules),
    unlearned: isOn(watched.rules, AlertRule.UNLEARNED),
  });
  const byId = new Map(suspects.map(flow => [flow.id, flow]));
  const known = matches.filter(({ flowId }) => byId.has(flowId));
  const still = new Set(
    known
      .filter(match => {
        const flow = byId.get(match.flowId);
        return flow !== undefined && isStillAbout(watched, flow, match);
      })
      .map(({ alertId }) => alertId),
  );
  const gone = new Set(known.map(({ alertId }) => alertId).filter(id => !still.has(id)));
  if (gone.size > 0) await alertSettles.resolve(clusterId, [...gone], at);
}

/**
 * Resolves the open alerts of a rule that changed, where neither it nor another rule is about any of their flows now: its scope is
 * another, or it excludes them.
 */
export async function rejudge(deps: RejudgeDeps, ruleId: string, at: string): Promise<void> {
  const open = await deps.alertSettles.openOfRule(ruleId);
  for (const [clusterId, matches] of Map.groupBy(open, one => one.clusterId))
    await rejudgeCluster(deps, clusterId, matches, at);
}
