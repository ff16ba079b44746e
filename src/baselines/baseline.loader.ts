import DataLoader from 'dataloader';
import type { Baseline } from './baseline.js';
import type { BaselineStore, DeploymentKey, EntryOf } from './baseline.store.js';
import type { BaselineHistoryStore } from './baseline-history.store.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import type { SettingsRow } from './baseline-settings.js';
import type { BaselineRevision } from './history.js';

type Load<V> = Pick<DataLoader<DeploymentKey, V>, 'load'>;

export type BaselineLoaders = {
  readonly baselines: Load<Baseline | null>;
  readonly baselineEntries: Load<readonly EntryOf[]>;
  /** Of a baseline, the latest first. */
  readonly baselineRevisions: Pick<DataLoader<RevisionsKey, readonly BaselineRevision[]>, 'load'>;
  /** Of a cluster. */
  readonly baselineSettings: Pick<DataLoader<number, readonly SettingsRow[]>, 'load'>;
};

const textOf = ({ clusterId, id }: DeploymentKey): string => `${clusterId} ${id}`;

const ofRow = (row: { readonly clusterId: number; readonly deploymentId: string }): string =>
  textOf({ clusterId: row.clusterId, id: row.deploymentId });

/** `first`: so many of a deployment's. */
type RevisionsKey = DeploymentKey & { readonly first: number };

type Stores = {
  readonly baselineHistory: Pick<BaselineHistoryStore, 'ofDeployments'>;
  readonly baselines: Pick<BaselineStore, 'ofDeployments' | 'entriesOf'>;
  readonly baselineSettings: Pick<BaselineSettingStore, 'ofClusters'>;
};

/** By deployment, one statement each; made for each request. */
export const baselineLoaders = ({
  baselines,
  baselineSettings,
  baselineHistory,
}: Stores): BaselineLoaders => ({
  baselines: new DataLoader<DeploymentKey, Baseline | null, string>(
    async keys => {
      const found = await baselines.ofDeployments(keys);
      const byDeployment = new Map(found.map(baseline => [ofRow(baseline), baseline]));
      return keys.map(key => byDeployment.get(textOf(key)) ?? null);
    },
    { cacheKeyFn: textOf },
  ),
  baselineRevisions: new DataLoader<RevisionsKey, readonly BaselineRevision[], string>(
    async keys => {
      const most = Math.max(...keys.map(({ first }) => first));
      const byBaseline = Map.groupBy(await baselineHistory.ofDeployments(keys, most), ofRow);
      return keys.map(key => (byBaseline.get(textOf(key)) ?? []).slice(0, key.first));
    },
    { cacheKeyFn: key => `${textOf(key)} ${key.first}` },
  ),
  baselineSettings: new DataLoader<number, readonly SettingsRow[]>(async clusters => {
    const rows = await baselineSettings.ofClusters(clusters);
    const byCluster = Map.groupBy(rows, ({ clusterId }) => clusterId);
    return clusters.map(id => byCluster.get(id) ?? []);
  }),
  baselineEntries: new DataLoader<DeploymentKey, readonly EntryOf[], string>(
    async keys => {
      const byDeployment = Map.groupBy(await baselines.entriesOf(keys), ofRow);
      return keys.map(key => byDeployment.get(textOf(key)) ?? []);
    },
    { cacheKeyFn: textOf },
  ),
});
