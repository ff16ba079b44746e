import DataLoader from 'dataloader';
import type { Baseline } from './baseline.js';
import type { BaselineStore, DeploymentKey, EntryOf } from './baseline.store.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import type { SettingsRow } from './baseline-settings.js';

type Load<V> = Pick<DataLoader<DeploymentKey, V>, 'load'>;

export type BaselineLoaders = {
  readonly baselines: Load<Baseline | null>;
  readonly baselineEntries: Load<readonly EntryOf[]>;
  /** Of a cluster. */
  readonly baselineSettings: Pick<DataLoader<number, readonly SettingsRow[]>, 'load'>;
};

const textOf = ({ clusterId, id }: DeploymentKey): string => `${clusterId} ${id}`;

const ofRow = (row: { readonly clusterId: number; readonly deploymentId: string }): string =>
  textOf({ clusterId: row.clusterId, id: row.deploymentId });

type Stores = {
  readonly baselines: Pick<BaselineStore, 'ofDeployments' | 'entriesOf'>;
  readonly baselineSettings: Pick<BaselineSettingStore, 'ofClusters'>;
};

/** By deployment, one statement each; made for each request. */
export const baselineLoaders = ({ baselines, baselineSettings }: Stores): BaselineLoaders => ({
  baselines: new DataLoader<DeploymentKey, Baseline | null, string>(
    async keys => {
      const found = await baselines.ofDeployments(keys);
      const byDeployment = new Map(found.map(baseline => [ofRow(baseline), baseline]));
      return keys.map(key => byDeployment.get(textOf(key)) ?? null);
    },
    { cacheKeyFn: textOf },
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
