import { type Caller, seesNamespace } from '../access/caller.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import type { ScopeStore } from '../inventory/scope.store.js';
import type { Problem } from '../netpol/index.js';
import { errorAt } from '../query/problem.js';
import type { BaselineProgressStore } from './baseline-progress.store.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import {
  BaselineLearning,
  type BaselineSettings,
  NAMES,
  type SettingsChange,
  type SettingsRow,
  settingsOf,
  wrongSettings,
} from './baseline-settings.js';

type Stores = {
  readonly clusters: Pick<ClusterStore, 'byName'>;
  readonly baselines: { readonly lockCluster: (clusterId: number) => Promise<void> };
  readonly baselineSettings: BaselineSettingStore;
  readonly baselineProgress: Pick<BaselineProgressStore, 'setContinuous'>;
  readonly scopes: ScopeStore;
};

export type SetSettingsDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
  readonly now: () => string;
  readonly caller: Caller;
};

export type SetSettingsInput = {
  readonly cluster: string;
  /** Null: the whole cluster. */
  readonly namespace: string | null;
  /** Null: the whole namespace. */
  readonly deployment: string | null;
  readonly change: SettingsChange;
};

export type SetSettingsOutcome = {
  /** What holds at the place now; null: nothing was done. */
  readonly settings: BaselineSettings | null;
  readonly problems: readonly Problem[];
};

/** Why nothing can be set at a place. */
function refusals(
  { caller }: Pick<SetSettingsDeps, 'caller'>,
  { namespace, deployment, change }: SetSettingsInput,
): readonly Problem[] {
  const isNothing = Object.values(change).every(value => value === undefined);
  return [
    ...wrongSettings(change),
    ...(deployment !== null && namespace === null
      ? [
          errorAt(
            'NO_NAMESPACE',
            'namespace',
            `\`${deployment}\` is in no namespace`,
            'give its namespace too',
          ),
        ]
      : []),
    ...(seesNamespace(caller, namespace)
      ? []
      : [
          errorAt(
            'FORBIDDEN',
            'namespace',
            'the place holds more than you may see',
            'name a namespace that is wholly within your scope',
          ),
        ]),
    ...(isNothing
      ? [errorAt('NOTHING_SET', 'input', 'no setting was given', 'give at least one')]
      : []),
  ];
}

const EMPTY = Object.fromEntries(NAMES.map(name => [name, null])) as Pick<
  SettingsRow,
  keyof BaselineSettings
>;

const given = (change: SettingsChange): SettingsChange =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** Sets what is given, all or nothing; null takes back what was set at the place. */
export const setBaselineSettings = (
  { transaction, now, caller }: SetSettingsDeps,
  input: SetSettingsInput,
): Promise<SetSettingsOutcome> =>
  transaction(async ({ clusters, baselines, baselineSettings, baselineProgress, scopes }) => {
    const cluster = await clusters.byName(input.cluster);
    const missing =
      cluster === null
        ? [
            errorAt(
              'NOT_FOUND',
              'cluster',
              `there is no cluster \`${input.cluster}\``,
              'see `clusters` for those that there are',
            ),
          ]
        : [];
    const problems = [...missing, ...refusals({ caller }, input)];
    if (cluster === null || problems.length > 0) return { settings: null, problems };
    const place = { namespace: input.namespace ?? '', deployment: input.deployment ?? '' };
    await baselines.lockCluster(cluster.id);
    const rows = await baselineSettings.ofCluster(cluster.id);
    const before = rows.find(
      row => row.namespace === place.namespace && row.deployment === place.deployment,
    );
    const row = { ...EMPTY, ...before, ...given(input.change), ...place };
    await baselineSettings.put(cluster.id, { ...row, updatedAt: now(), updatedBy: caller.name });
    const after = await baselineSettings.ofCluster(cluster.id);
    const all = await scopes.deployments(cluster.id);
    await baselineProgress.setContinuous(
      cluster.id,
      all.map(one => ({
        id: one.id,
        continuous: settingsOf(after, one).learning === BaselineLearning.CONTINUOUS,
      })),
    );
    const { namespace, deployment: name } = input;
    return { settings: settingsOf(after, { namespace, name }), problems: [] };
  });
