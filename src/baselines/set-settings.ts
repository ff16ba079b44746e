import { type Caller, seesNamespace } from '../access/caller.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { noCluster } from '../inventory/existing-cluster.js';
import type { ScopedDeployment, ScopeStore } from '../inventory/scope.store.js';
import { nearestName, type Problem } from '../netpol/index.js';
import { errorAt, versionFault, warningAt } from '../query/problem.js';
import type { BaselineProgressStore } from './baseline-progress.store.js';
import type { BaselineSettingStore } from './baseline-setting.store.js';
import {
  BaselineLearning,
  type BaselineSettings,
  isSet,
  NAMES,
  type SettingsChange,
  type SettingsRow,
  settingsOf,
  wrongSettings,
} from './baseline-settings.js';

type Stores = {
  readonly clusters: Pick<ClusterStore, 'byName' | 'names'>;
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
  /** Of what is set at the place; 0: nothing is. Null: whatever it is. */
  readonly expectedVersion: number | null;
};

export type SetSettingsOutcome = {
  /** What holds at the place now; null: nothing was done. */
  readonly settings: BaselineSettings | null;
  /** Of the place now; 0: nothing is set there. Null: nothing was done. */
  readonly version: number | null;
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

const NOTHING = { settings: null, version: null } as const;

type Place = { readonly namespace: string; readonly deployment: string };

/** A place may be set before anything is known of it, but a name may as well be misspelt. */
function unknownPlace(
  { namespace, deployment }: SetSettingsInput,
  all: readonly ScopedDeployment[],
): readonly Problem[] {
  if (namespace === null) return [];
  const within = all.filter(one => one.namespace === namespace);
  const [path, name, known] =
    deployment === null || within.length === 0
      ? (['namespace', namespace, all.map(one => one.namespace)] as const)
      : (['deployment', deployment, within.map(one => one.name)] as const);
  if (known.includes(name)) return [];
  const nearest = nearestName(name, [...new Set(known)]);
  return [
    warningAt(
      'NOT_FOUND',
      path,
      `${path} \`${name}\` is not known, and was set all the same`,
      nearest === null ? 'check the name' : `the nearest: \`${nearest}\``,
    ),
  ];
}

/** Of what is set at a place; 0: nothing is. */
const versionOf = (row: SettingsRow | undefined): number =>
  row !== undefined && isSet(row) ? row.version : 0;

/** What is set at a place with a change, or why the change is refused. */
function changed(
  rows: readonly SettingsRow[],
  { change, expectedVersion, ...input }: SetSettingsInput,
  told: Pick<SettingsRow, 'updatedAt' | 'updatedBy'>,
): { readonly row: SettingsRow | null; readonly problems: readonly Problem[] } {
  const place: Place = { namespace: input.namespace ?? '', deployment: input.deployment ?? '' };
  const before = rows.find(
    row => row.namespace === place.namespace && row.deployment === place.deployment,
  );
  const stale = versionFault('the place', versionOf(before), expectedVersion);
  if (stale !== null) return { row: null, problems: [stale] };
  const version = (before?.version ?? 0) + 1;
  return {
    row: { ...EMPTY, ...before, ...given(change), ...place, ...told, version },
    problems: [],
  };
}

/** Sets what is given, all or nothing; null takes back what was set at the place. */
export const setBaselineSettings = (
  { transaction, now, caller }: SetSettingsDeps,
  input: SetSettingsInput,
): Promise<SetSettingsOutcome> =>
  transaction(async ({ clusters, baselines, baselineSettings, baselineProgress, scopes }) => {
    const cluster = await clusters.byName(input.cluster);
    const missing = cluster === null ? [await noCluster(clusters, input.cluster)] : [];
    const refused = [...missing, ...refusals({ caller }, input)];
    if (cluster === null || refused.length > 0) return { ...NOTHING, problems: refused };
    await baselines.lockCluster(cluster.id);
    const told = { updatedAt: now(), updatedBy: caller.name };
    const { row, problems } = changed(await baselineSettings.ofCluster(cluster.id), input, told);
    if (row === null) return { ...NOTHING, problems };
    await baselineSettings.put(cluster.id, row);
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
    return {
      settings: settingsOf(after, { namespace, name }),
      version: versionOf(row),
      problems: unknownPlace(input, all),
    };
  });
