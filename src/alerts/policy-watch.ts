import type { ChangedPolicy } from '../enforcement/live.js';
import type { PolicyRecord } from '../enforcement/policy.js';
import { AlertRule, PeerGroup } from './alert.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import {
  type ClusterAlert,
  clusterAlertBy,
  clusterAlertId,
  rulesAbout,
  type Subject,
} from './cluster-alert.js';
import type { ClusterAlertStore } from './cluster-alert.store.js';
import { type Drifted, driftOf } from './drift.js';
import { meaningOfRecord, meaningOfYaml, policyLabel } from './policy-text.js';
import type { KeptPolicy, PolicyIdentity, PolicyWatchStore } from './policy-watch.store.js';

export type PolicyWatchDeps = {
  readonly alertRaises: Pick<RaiseStore, 'watched'>;
  readonly clusterAlerts: ClusterAlertStore;
  readonly policyWatches: PolicyWatchStore;
};

/** What an alert about a live policy is about. */
export const policySubject = (policy: PolicyIdentity & { readonly id: string }): Subject => ({
  kind: PeerGroup.POLICY,
  key: policy.id,
  name: policyLabel(policy),
  namespace: policy.namespace,
  id: policy.id,
});

/** Stored sets have it so, or the latest of them takes it away. */
export function isOurs(after: string | null, kept: readonly KeptPolicy[]): boolean {
  if (after === null) return kept.length > 0 && kept.every(({ isLatest }) => !isLatest);
  return kept.some(({ yaml }) => meaningOfYaml(yaml) === after);
}

type Change = {
  readonly policy: PolicyRecord;
  readonly did: 'made' | 'changed' | 'deleted';
  /** What it decides by now; null: it is gone. */
  readonly meaning: string | null;
  readonly isOurs: boolean;
};

/** Changes of what policies say, not of their labels. */
async function changesOf(
  { policyWatches }: PolicyWatchDeps,
  clusterId: number,
  changes: readonly ChangedPolicy[],
): Promise<readonly Change[]> {
  const others = changes.flatMap(({ before, after }) => {
    const policy = after ?? before;
    const [was, meaning] = [before, after].map(one => one && meaningOfRecord(one));
    if (policy === null || was === undefined || meaning === undefined || was === meaning) return [];
    const did = was === null ? 'made' : meaning === null ? 'deleted' : 'changed';
    return [{ policy, did, meaning } as const];
  });
  if (others.length === 0) return [];
  const kept = await policyWatches.kept(
    clusterId,
    others.map(({ policy }) => policy),
  );
  const byName = Map.groupBy(kept, policyLabel);
  return others.map(one => ({
    ...one,
    isOurs: isOurs(one.meaning, byName.get(policyLabel(one.policy)) ?? []),
  }));
}

/** Ids of open alerts whose policy is again as a stored set has it, or as it was before the alert. */
async function settledBy(
  { clusterAlerts, policyWatches }: PolicyWatchDeps,
  clusterId: number,
  changes: readonly Change[],
): Promise<ReadonlySet<string>> {
  const ids = changes.map(({ policy }) => clusterAlertId(policySubject(policy)));
  const open = new Map((await clusterAlerts.open(clusterId, ids)).map(one => [one.id, one]));
  const settled = new Set<string>();
  for (const change of changes) {
    const { policy, meaning } = change;
    const alert = open.get(clusterAlertId(policySubject(policy)));
    if (alert === undefined) continue;
    const before = change.isOurs
      ? null
      : await policyWatches.before(clusterId, policy.id, alert.firstOccurredAt);
    const was = before && meaningOfRecord({ ...policy, document: before.document });
    if (change.isOurs || was === meaning) settled.add(alert.id);
  }
  return settled;
}

/** What its alert says; null: no rule is about it. */
export function changedAlert(
  watched: Pick<Watched, 'name' | 'rules'>,
  {
    policy,
    did,
    at,
  }: Pick<Change, 'did'> & {
    readonly policy: PolicyIdentity & { readonly id: string };
    readonly at: string;
  },
  leadId: string | null,
): ClusterAlert | null {
  const subject = policySubject(policy);
  return clusterAlertBy(rulesAbout(watched, AlertRule.POLICY_CHANGED, subject), {
    subject,
    message: `\`${subject.name}\` was ${did}, and no stored set has it so`,
    occurrences: 1,
    adds: true,
    firstOccurredAt: at,
    lastOccurredAt: at,
    leadId,
  });
}

/** The drift that a changed policy belongs to. */
const leadIdOf = ({ policy }: Change, drifts: readonly Drifted[]): string | null =>
  drifts.find(({ others }) => others.includes(policyLabel(policy)))?.alert?.id ?? null;

/**
 * Raises alerts of policies that an import found otherwise than they were known, and of stored sets that were in force and are not
 * now; settles those whose cause is gone. In the transaction of the import.
 */
export async function watchPolicies(
  deps: PolicyWatchDeps,
  clusterId: number,
  found: readonly ChangedPolicy[],
  observedAt: string,
): Promise<void> {
  const { alertRaises, clusterAlerts, policyWatches } = deps;
  const expected = await policyWatches.expected(clusterId);
  if (found.length === 0 && expected.length === 0) return;
  const watched = await alertRaises.watched(clusterId);
  const { drifts, nowInForce } = driftOf(watched, expected, observedAt);
  for (const setId of nowInForce) await policyWatches.inForce(clusterId, setId, observedAt);
  const changes = await changesOf(deps, clusterId, found);
  const settled = await settledBy(deps, clusterId, changes);
  const outside = changes.filter(
    ({ policy, isOurs: ours }) => !ours && !settled.has(clusterAlertId(policySubject(policy))),
  );
  await clusterAlerts.raise(clusterId, [
    ...drifts.flatMap(({ alert }) => alert ?? []),
    ...outside.flatMap(
      change =>
        changedAlert(watched, { ...change, at: observedAt }, leadIdOf(change, drifts)) ?? [],
    ),
  ]);
  const gone = drifts.filter(({ others }) => others.length === 0).map(({ id }) => id);
  await clusterAlerts.settle(clusterId, [...settled, ...gone], observedAt);
}
