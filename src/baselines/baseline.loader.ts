import DataLoader from 'dataloader';
import { type Page, type PageArguments, pageOf, pageRequest, totalCountOf } from '../query/page.js';
import { textOfKey } from '../query/row-key.js';
import {
  countsOfEach,
  type FirstOf,
  firstOfEach,
  type PagesLoader,
  pagesOfEach,
} from '../query/rows-of-keys.loader.js';
import type { Baseline } from './baseline.js';
import type { BaselineStore, DeploymentKey, EntryOf } from './baseline.store.js';
import { BASELINE_ENTRY_ORDER, type BaselineEntryPageStore } from './baseline-entry-page.store.js';
import type { BaselineHistoryStore } from './baseline-history.store.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import type { SettingsRow } from './baseline-settings.js';
import type { BaselineRevision } from './history.js';

type Load<V> = Pick<DataLoader<DeploymentKey, V>, 'load'>;

export type BaselineLoaders = {
  readonly baselines: Load<Baseline | null>;
  readonly baselineEntries: PagesLoader<PageArguments, EntryOf>;
  /** Of a baseline, the latest first. */
  readonly baselineRevisions: Pick<DataLoader<FirstOf, readonly BaselineRevision[]>, 'load'>;
  /** Of a cluster. */
  readonly baselineSettings: Pick<DataLoader<number, readonly SettingsRow[]>, 'load'>;
};

const ofRow = (row: { readonly clusterId: number; readonly deploymentId: string }): string =>
  textOfKey({ clusterId: row.clusterId, id: row.deploymentId });

type Stores = {
  readonly baselineEntryPages: BaselineEntryPageStore;
  readonly baselineHistory: Pick<BaselineHistoryStore, 'ofDeployments'>;
  readonly baselines: Pick<BaselineStore, 'ofDeployments'>;
  readonly baselineSettings: Pick<BaselineSettingStore, 'ofClusters'>;
};

/** One statement for baselines that are asked for alike, and one more when they are counted. */
async function pagesOf(
  store: BaselineEntryPageStore,
  keys: readonly DeploymentKey[],
  page: PageArguments,
): Promise<readonly Page<EntryOf>[]> {
  const request = pageRequest(page, BASELINE_ENTRY_ORDER);
  const byPlace = Map.groupBy(await store.pages(keys, request), ({ place }) => place);
  const counts = countsOfEach(keys, wanted => store.counts(wanted));
  return keys.map((key, place) =>
    pageOf(request, byPlace.get(place + 1) ?? [], async () => totalCountOf(await counts.load(key))),
  );
}

/** By deployment, one statement each; made for each request. */
export const baselineLoaders = ({
  baselines,
  baselineEntryPages,
  baselineSettings,
  baselineHistory,
}: Stores): BaselineLoaders => ({
  baselines: new DataLoader<DeploymentKey, Baseline | null, string>(
    async keys => {
      const found = await baselines.ofDeployments(keys);
      const byDeployment = new Map(found.map(baseline => [ofRow(baseline), baseline]));
      return keys.map(key => byDeployment.get(textOfKey(key)) ?? null);
    },
    { cacheKeyFn: textOfKey },
  ),
  baselineRevisions: firstOfEach(
    (keys, most) => baselineHistory.ofDeployments(keys, most),
    ({ clusterId, deploymentId }) => ({ clusterId, id: deploymentId }),
  ),
  baselineSettings: new DataLoader<number, readonly SettingsRow[]>(async clusters => {
    const rows = await baselineSettings.ofClusters(clusters);
    const byCluster = Map.groupBy(rows, ({ clusterId }) => clusterId);
    return clusters.map(id => byCluster.get(id) ?? []);
  }),
  baselineEntries: pagesOfEach((keys, page) => pagesOf(baselineEntryPages, keys, page)),
});
