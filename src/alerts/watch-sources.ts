import { dateTimeOf } from '../query/date-time.js';
import { AlertRule, PeerGroup } from './alert.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import { type AlertRuleDefinition, DEFAULT_SILENT_MINUTES } from './alert-rule.js';
import {
  type ClusterAlert,
  clusterAlertBy,
  clusterAlertId,
  rulesAbout,
  type Subject,
} from './cluster-alert.js';
import type { ClusterAlertStore } from './cluster-alert.store.js';
import { isGap, lookedAt, type Silence } from './silence.js';
import type { SilenceStore } from './silence.store.js';

export type WatchSourcesStores = {
  readonly alertRaises: Pick<RaiseStore, 'watched'>;
  readonly clusterAlerts: Pick<ClusterAlertStore, 'raise' | 'settle'>;
  readonly silences: SilenceStore;
};

export type WatchSourcesDeps = {
  readonly transaction: <T>(work: (stores: WatchSourcesStores) => Promise<T>) => Promise<T>;
};

type Looked = {
  readonly clusterId: number;
  readonly source: string;
  readonly silence: Silence;
  readonly wasSilent: boolean;
};

const subjectOf = (source: string): Subject => ({
  kind: PeerGroup.SOURCE,
  key: source,
  name: source,
  namespace: null,
  id: null,
});

const isMet = ({ parameters }: AlertRuleDefinition, silence: Silence): boolean =>
  isGap(silence, parameters.silentMinutes ?? DEFAULT_SILENT_MINUTES);

/** What an alert of a silent source says; null: no rule that is met is about it. */
export function gapAlert(
  watched: Pick<Watched, 'name' | 'rules'>,
  { source, newestAt }: { readonly source: string; readonly newestAt: number },
  isMetBy: (rule: AlertRuleDefinition) => boolean,
): ClusterAlert | null {
  const subject = subjectOf(source);
  const rules = rulesAbout(watched, AlertRule.INGESTION_GAP, subject).filter(isMetBy);
  const since = dateTimeOf(new Date(newestAt));
  return clusterAlertBy(rules, {
    subject,
    message: `source \`${source}\` came steadily, and nothing of it is newer than \`${since}\``,
    occurrences: 1,
    adds: false,
    firstOccurredAt: since,
    lastOccurredAt: since,
    leadId: null,
  });
}

/** Below so many seconds no rule can be met: the least that a rule takes. */
const SHORTEST_GAP = 300;

/**
 * Looks at every source once: raises an alert of each that came steadily and is silent, and settles those of sources that showed
 * something newer. Wants to be called once a minute.
 */
export const watchSources = ({ transaction }: WatchSourcesDeps, at: Date): Promise<void> =>
  transaction(async ({ alertRaises, clusterAlerts, silences }) => {
    const looked = (await silences.sources()).map(
      ({ clusterId, source, latestAt, before }): Looked => ({
        clusterId,
        source,
        silence: lookedAt(before, latestAt, at.getTime()),
        wasSilent: before !== null && before.silentSeconds >= SHORTEST_GAP,
      }),
    );
    if (looked.length === 0) return;
    await silences.put(looked.map(({ silence, ...key }) => ({ ...key, ...silence })));
    for (const [clusterId, sources] of Map.groupBy(looked, one => one.clusterId)) {
      const back = sources.filter(one => one.wasSilent && one.silence.silentSeconds === 0);
      const ids = back.map(({ source }) => clusterAlertId(subjectOf(source)));
      await clusterAlerts.settle(clusterId, ids, at.toISOString());
      const silent = sources.filter(one => one.silence.silentSeconds >= SHORTEST_GAP);
      if (silent.length === 0) continue;
      const watched = await alertRaises.watched(clusterId);
      const gaps = silent.flatMap(
        ({ source, silence }) =>
          gapAlert(watched, { source, newestAt: silence.newestAt }, rule => isMet(rule, silence)) ??
          [],
      );
      await clusterAlerts.raise(clusterId, gaps);
    }
  });
