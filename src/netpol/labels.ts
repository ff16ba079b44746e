export type Labels = Readonly<Record<string, string>>;

export const SelectorOperator = {
  IN: 'In',
  NOT_IN: 'NotIn',
  EXISTS: 'Exists',
  DOES_NOT_EXIST: 'DoesNotExist',
} as const;
export type SelectorOperator = (typeof SelectorOperator)[keyof typeof SelectorOperator];

/** One condition on labels; `values` is sorted, and empty for `Exists` and `DoesNotExist`. */
export type Requirement = {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
};

/** All requirements must hold; none at all selects everything. `matchLabels` are `In` with one value. */
export type Selector = { readonly requirements: readonly Requirement[] };

export const EVERYTHING: Selector = { requirements: [] };

/** Ends values that a controller makes up and nobody knows beforehand. */
export const MADE_UP = '-0weirgate0';

export const isMadeUp = (value: string): boolean => value.endsWith(MADE_UP);

/** A value as people read it: `report-…` for one that is made up. */
export const shownValue = (value: string): string =>
  isMadeUp(value) ? `${value.slice(0, -MADE_UP.length)}-…`.replace(/^-/, '') : value;

/** Says what a thing is: `true` or `1` may stand under any key. */
export const isTellingValue = (value: string): boolean =>
  !/^(?:|true|false|yes|no|\d+)$/i.test(value);

/** The label that the API server gives every namespace: its name. */
export const METADATA_NAME = 'kubernetes.io/metadata.name';
