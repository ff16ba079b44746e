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

/** Whether labels meet all requirements. The key must be present for `In` and may be missing for `NotIn`. */
export function selects(selector: Selector, labels: Labels): boolean {
  return selector.requirements.every(requirement => meets(requirement, labels));
}

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case SelectorOperator.IN:
      return value !== undefined && values.includes(value);
    case SelectorOperator.NOT_IN:
      return value === undefined || !values.includes(value);
    case SelectorOperator.EXISTS:
      return value !== undefined;
    case SelectorOperator.DOES_NOT_EXIST:
      return value === undefined;
  }
}
