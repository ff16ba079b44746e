import type { Combined } from './filter.js';

/**
 * A filter some of whose fields take one value or several, of which one must hold: how the API takes it, since a list takes a single
 * value too. `singly` makes the filter itself of it.
 */
export type Several<F, K extends keyof F> = Omit<F, K | 'and' | 'or' | 'not'> & {
  readonly [P in K]?: F[P] | readonly NonNullable<F[P]>[];
} & {
  readonly and?: readonly Several<F, K>[] | null;
  readonly or?: readonly Several<F, K>[] | null;
  readonly not?: Several<F, K> | null;
};

type Values = Readonly<Record<string, unknown>>;

const isOne = (value: unknown): boolean => Array.isArray(value) && value.length === 1;

function alternatives(own: Values, keys: readonly string[], carried: readonly string[]): Values[] {
  const bounds = Object.fromEntries(carried.map(key => [key, own[key]]));
  return keys.flatMap(key => {
    const value = own[key];
    if (!Array.isArray(value) || isOne(value)) return [];
    return [{ or: value.map((one: unknown) => ({ ...bounds, [key]: one })) }];
  });
}

/**
 * Several values of a field become an `or` of filters with one each; no value matches nothing.
 * @param keys the fields that take several values
 * @param carried fields that tell what the others mean, such as the window of a verdict
 */
export function singly<F extends Combined<F>, K extends keyof F>(
  filter: Several<F, K> | null | undefined,
  keys: readonly (K & string)[],
  carried: readonly (keyof F & string)[] = [],
): F | null {
  if (filter === null || filter === undefined) return null;
  const { and, or, not, ...own } = filter as Several<F, K> & Values;
  const single = Object.entries(own).map(([key, value]) => {
    if (!keys.some(one => one === key) || !Array.isArray(value)) return [key, value];
    return [key, isOne(value) ? value[0] : null];
  });
  const inner = (one: Several<F, K>) => singly<F, K>(one, keys, carried);
  const every = [...(and ?? []).map(inner), ...alternatives(own, keys, carried)];
  return {
    ...Object.fromEntries(single),
    ...(every.length > 0 && { and: every }),
    ...(or && { or: or.map(inner) }),
    ...(not && { not: inner(not) }),
  } as F;
}
