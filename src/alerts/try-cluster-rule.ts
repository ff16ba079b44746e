import { PolicySource, policyId } from '../enforcement/policy.js';
import { type Problem, Severity } from '../netpol/index.js';
import { dateTimeOf } from '../query/date-time.js';
import { AlertRule } from './alert.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import { type AlertRuleDefinition, DEFAULT_SILENT_MINUTES } from './alert-rule.js';
import type { ClusterAlert } from './cluster-alert.js';
import type {
  ClusterPastStore,
  PastPolicy,
  PastSetItem,
  PastWindow,
} from './cluster-past.store.js';
import { driftAlert, type Other } from './drift.js';
import { outsideChanges } from './past-changes.js';
import { pastGaps } from './past-gaps.js';
import { meaningOfRecord, meaningOfYaml, policyLabel } from './policy-text.js';
import { changedAlert, isOurs } from './policy-watch.js';
import type { PolicyWatchStore } from './policy-watch.store.js';
import { gapAlert } from './watch-sources.js';

export type TryClusterRuleStores = {
  readonly alertRaises: Pick<RaiseStore, 'watched'>;
  readonly clusterPasts: ClusterPastStore;
  readonly policyWatches: Pick<PolicyWatchStore, 'kept'>;
};

/** What would have been raised of one cluster. */
export type ClusterOutcome = {
  readonly alerts: readonly ClusterAlert[];
  readonly problems: readonly Problem[];
};

type Asked = {
  readonly clusterId: number;
  /** With the rule that is tried, and no other. */
  readonly watched: Pick<Watched, 'name' | 'rules'>;
  readonly window: PastWindow;
};

const warning = (code: string, message: string, hint: string): Problem => ({
  code,
  severity: Severity.WARNING,
  message,
  path: 'since',
  place: null,
  hint,
});

const meaningOf = (version: PastPolicy): string | null => meaningOfRecord({ ...version, yaml: '' });

/** Policies that are looked at. */
const MOST_POLICIES = 2_000;

const TRUNCATED = warning(
  'TRUNCATED',
  `more than ${MOST_POLICIES} policies changed: only so many were looked at`,
  'take a shorter window, or one cluster',
);

async function changesOf(
  { clusterPasts, policyWatches }: TryClusterRuleStores,
  { clusterId, watched, window }: Asked,
): Promise<ClusterOutcome> {
  const firstKnown = await clusterPasts.firstKnown(clusterId);
  const ids = await clusterPasts.changed(clusterId, window, MOST_POLICIES + 1);
  if (firstKnown === null || ids.length === 0) return { alerts: [], problems: [] };
  const versions = await clusterPasts.policies(clusterId, ids.slice(0, MOST_POLICIES), window);
  const byPolicy = [...Map.groupBy(versions, ({ policyId: id }) => id).values()];
  const kept = Map.groupBy(
    await policyWatches.kept(
      clusterId,
      byPolicy.flatMap(([one]) => one ?? []),
    ),
    policyLabel,
  );
  const alerts = byPolicy.flatMap(own => {
    const [policy] = own;
    if (policy === undefined) return [];
    const ours = kept.get(policyLabel(policy)) ?? [];
    const changes = outsideChanges(own, {
      ...window,
      meaningOf,
      firstKnown,
      isOurs: meaning => isOurs(meaning, ours),
    });
    const last = changes.at(-1);
    const named = { ...policy, id: policy.policyId };
    const alert = last && changedAlert(watched, { policy: named, ...last }, null);
    const firstOccurredAt = changes[0]?.at ?? '';
    return alert ? [{ ...alert, occurrences: changes.length, firstOccurredAt }] : [];
  });
  return { alerts, problems: ids.length > MOST_POLICIES ? [TRUNCATED] : [] };
}

const liveId = (item: PastSetItem): string => policyId(PolicySource.LIVE, item);

const isAt = ({ validFrom, validTo }: PastPolicy, at: string): boolean =>
  validFrom <= at && (validTo === null || validTo > at);

type Past = {
  readonly meaning: ReadonlyMap<PastPolicy, string | null>;
  readonly byId: ReadonlyMap<string, readonly PastPolicy[]>;
};

/** What of a set was not as it has it at a moment. */
const othersAt = (
  items: readonly (PastSetItem & { readonly meaning: string | null })[],
  { byId, meaning }: Past,
  at: string,
): readonly Other[] =>
  items.flatMap((item): readonly Other[] => {
    const live = (byId.get(liveId(item)) ?? []).find(version => isAt(version, at));
    if (live === undefined) return [[policyLabel(item), 'gone']];
    return meaning.get(live) === item.meaning ? [] : [[policyLabel(item), 'other']];
  });

/** The moments of a window at which something of these sets became other than it was. */
const momentsOf = (
  items: readonly PastSetItem[],
  { byId }: Past,
  { since, until }: PastWindow,
): readonly string[] => {
  const versions = items.flatMap(item => byId.get(liveId(item)) ?? []);
  const all = [
    ...versions.flatMap(({ validFrom, validTo }) => [validFrom, validTo ?? since]),
    ...items.map(({ inForceAt }) => inForceAt),
  ];
  const within = all.filter(at => at > since && at < until);
  return [...new Set([since, ...within])].toSorted();
};

/** What the versions of one set would have raised: the newest that was in force by then counts. */
function driftOfSet(
  { watched, window }: Asked,
  items: readonly PastSetItem[],
  past: Past,
): readonly ClusterAlert[] {
  const meant = items.map(item => ({ ...item, meaning: meaningOfYaml(item.yaml) }));
  const bySet = [...Map.groupBy(meant, ({ setId }) => setId).values()].toReversed();
  const found = momentsOf(items, past, window).flatMap(at => {
    const inForce = bySet.find(([item]) => item !== undefined && item.inForceAt <= at);
    const [set] = inForce ?? [];
    if (inForce === undefined || set === undefined) return [];
    return driftAlert(watched, set, inForce, { others: othersAt(inForce, past, at), at }) ?? [];
  });
  const last = found.at(-1);
  return last ? [{ ...last, firstOccurredAt: found[0]?.firstOccurredAt ?? '' }] : [];
}

async function driftsOf(
  { clusterPasts }: TryClusterRuleStores,
  asked: Asked,
): Promise<ClusterOutcome> {
  const { clusterId, window } = asked;
  const items = await clusterPasts.sets(clusterId, window);
  if (items.length === 0) return { alerts: [], problems: [] };
  const versions = await clusterPasts.policies(clusterId, [...new Set(items.map(liveId))], window);
  const past: Past = {
    meaning: new Map(versions.map(version => [version, meaningOf(version)])),
    byId: Map.groupBy(versions, ({ policyId: id }) => id),
  };
  const byName = Map.groupBy(items, ({ setName, scope }) => `${setName} ${scope}`);
  return {
    alerts: [...byName.values()].flatMap(own => driftOfSet(asked, own, past)),
    problems: [],
  };
}

/** So long before the window it is learned how a source comes; milliseconds. */
const LEARNED_FROM = 2 * 86_400_000;

const BY_SEEN = warning(
  'AS_SEEN',
  'a source is held silent by when its records were seen, not by when they came',
  'of a source that is sent late, such as once a day, the rule itself raises less',
);

async function gapsOf(
  { clusterPasts }: TryClusterRuleStores,
  { clusterId, watched, window }: Asked,
): Promise<ClusterOutcome> {
  const [from, until] = [Date.parse(window.since), Date.parse(window.until)];
  const since = dateTimeOf(new Date(from - LEARNED_FROM));
  const hours = await clusterPasts.hours(clusterId, { ...window, since });
  const [rule] = watched.rules;
  const minutes = rule?.parameters.silentMinutes ?? DEFAULT_SILENT_MINUTES;
  const alerts = [...Map.groupBy(hours, ({ source }) => source)].flatMap(([source, own]) => {
    const gaps = pastGaps(own, minutes, { from, until });
    const newestAt = gaps.at(-1);
    if (newestAt === undefined) return [];
    const alert = gapAlert(watched, { source, newestAt }, () => true);
    const firstOccurredAt = dateTimeOf(new Date(gaps[0] ?? newestAt));
    return alert ? [{ ...alert, occurrences: gaps.length, firstOccurredAt }] : [];
  });
  return { alerts, problems: alerts.length > 0 ? [BY_SEEN] : [] };
}

const BY_CRITERION: Readonly<
  Partial<
    Record<AlertRule, (stores: TryClusterRuleStores, asked: Asked) => Promise<ClusterOutcome>>
  >
> = {
  [AlertRule.POLICY_CHANGED]: changesOf,
  [AlertRule.DRIFT]: driftsOf,
  [AlertRule.INGESTION_GAP]: gapsOf,
};

/**
 * What a rule that is not about flows would have raised on what is known of a window, by the sets that are stored now. Nothing is stored.
 * @param window ISO text of six digits of a second
 */
export async function tryClusterRule(
  stores: TryClusterRuleStores,
  {
    rule,
    cluster,
    window,
  }: {
    readonly rule: AlertRuleDefinition;
    readonly cluster: { readonly id: number; readonly name: string };
    readonly window: PastWindow;
  },
): Promise<ClusterOutcome> {
  const watched = { name: cluster.name, rules: [{ ...rule, enabled: true }] };
  const test = BY_CRITERION[rule.criterion];
  if (test === undefined) throw new Error(`\`${rule.criterion}\` is about flows`);
  return test(stores, { clusterId: cluster.id, watched, window });
}
