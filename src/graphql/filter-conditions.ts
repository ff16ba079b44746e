import { Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

/** Values of one list are looked up together. */
const LISTED = 1 / 50;

const isListed = (value: unknown): boolean => typeof value !== 'object' || value === null;

function conditionsOf(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (Array.isArray(value))
    return value.every(isListed)
      ? 1 + value.length * LISTED
      : value.reduce<number>((sum, one) => sum + conditionsOf(one), 0);
  if (typeof value !== 'object') return 1;
  return Object.values(value).reduce<number>((sum, one) => sum + conditionsOf(one), 0);
}

/** What people ask has a few. */
const FEW = 10;

/** How many conditions more than a few a filter has, in its text and in its variables. */
export const manyConditionsIn = (
  value: ValueNode,
  variables: Readonly<Record<string, unknown>>,
): number => {
  const filter =
    value.kind === Kind.VARIABLE
      ? variables[value.name.value]
      : valueFromASTUntyped(value, { ...variables });
  return Math.max(0, conditionsOf(filter) - FEW);
};
