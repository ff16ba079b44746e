import { type Problem, Severity } from '../netpol/index.js';

/** Whether a baseline learns by itself. */
export const BaselineLearning = {
  /** `generateBaselines` learns, and nothing else. */
  ON_DEMAND: 'ON_DEMAND',
  /** Flows are learned as they come, until the baseline is STABLE. */
  CONTINUOUS: 'CONTINUOUS',
} as const;
export type BaselineLearning = (typeof BaselineLearning)[keyof typeof BaselineLearning];

/** What opens a baseline again that learns by itself. */
export const RelearnOn = {
  NOTHING: 'NOTHING',
  /** Its pods have labels that none of it had before, such as a new `pod-template-hash`. */
  NEW_RELEASE: 'NEW_RELEASE',
  /** A policy of its namespace, or of the whole cluster, was made, changed or deleted. */
  POLICY_CHANGE: 'POLICY_CHANGE',
  /** Either of both. */
  ANY_CHANGE: 'ANY_CHANGE',
} as const;
export type RelearnOn = (typeof RelearnOn)[keyof typeof RelearnOn];

/** How baselines are learned. Hours are covered ones: those in which something came of the cluster. */
export type BaselineSettings = {
  readonly observationHours: number;
  readonly quietHours: number;
  readonly minEvents: number;
  readonly learning: BaselineLearning;
  readonly lockWhenStable: boolean;
  readonly relearnOn: RelearnOn;
  readonly relearnHours: number;
  readonly decayDays: number;
  readonly staleDays: number;
};

/** Each with its reason in docs/baselines.md. */
export const DEFAULT_SETTINGS: BaselineSettings = {
  observationHours: 48,
  quietHours: 24,
  minEvents: 10,
  learning: BaselineLearning.ON_DEMAND,
  lockWhenStable: false,
  relearnOn: RelearnOn.NOTHING,
  relearnHours: 24,
  decayDays: 30,
  staleDays: 90,
};

/** What was set for a cluster, a namespace of it, or the deployments of a name in it; null: as above it. */
export type SettingsRow = {
  readonly [Name in keyof BaselineSettings]: BaselineSettings[Name] | null;
} & {
  /** Empty: of the whole cluster. */
  readonly namespace: string;
  /** Empty: of the whole namespace. */
  readonly deployment: string;
  /** From 1; goes up with each change of the place, also over times at which nothing was set there. */
  readonly version: number;
  /** ISO text. */
  readonly updatedAt: string;
  readonly updatedBy: string;
};

/** What is set at one place. */
export type SettingsChange = {
  readonly [Name in keyof BaselineSettings]?: BaselineSettings[Name] | null;
};

export const NAMES = Object.keys(DEFAULT_SETTINGS) as readonly (keyof BaselineSettings)[];

/** Whether anything is set at a place; where all was taken back, its row is kept for its version. */
export const isSet = (row: SettingsRow): boolean => NAMES.some(name => row[name] !== null);

type Place = { readonly namespace: string | null; readonly name: string | null };

/** Each setting by itself: the most specific place that has it wins. */
export function settingsOf(
  rows: readonly SettingsRow[],
  { namespace, name }: Place,
): BaselineSettings {
  const places: readonly (readonly [string, string])[] = [
    [namespace ?? '', name ?? ''],
    [namespace ?? '', ''],
    ['', ''],
  ];
  const found = places.flatMap(([space, deployment]) =>
    rows.filter(row => row.namespace === space && row.deployment === deployment),
  );
  const set = found.map(row =>
    Object.fromEntries(NAMES.flatMap(name => (row[name] === null ? [] : [[name, row[name]]]))),
  );
  return Object.assign({}, DEFAULT_SETTINGS, ...set.toReversed());
}

/** Least and greatest of the numbers. */
const BOUNDS = {
  observationHours: [1, 24 * 366],
  quietHours: [0, 24 * 366],
  minEvents: [0, 1_000_000_000],
  relearnHours: [1, 24 * 366],
  decayDays: [1, 3_660],
  staleDays: [1, 3_660],
} as const satisfies Partial<Record<keyof BaselineSettings, readonly [number, number]>>;

/** Numbers that nothing could be done with. */
export function wrongSettings(change: SettingsChange): readonly Problem[] {
  return Object.entries(BOUNDS).flatMap(([name, [least, greatest]]) => {
    const value = change[name as keyof typeof BOUNDS];
    if (value === undefined || value === null || (value >= least && value <= greatest)) return [];
    return [
      {
        code: 'OUT_OF_BOUNDS',
        severity: Severity.ERROR,
        message: `\`${name}: ${value}\` is not between ${least} and ${greatest}`,
        path: name,
        place: null,
        hint: 'give another number, or null for what holds above it',
      },
    ];
  });
}
