import fc from 'fast-check';
import type { Expression, LabelMap, LabelSelector } from './objects.js';

/** Keys with the values that they take. Small, so that selectors and labels meet. */
export type Vocabulary = { readonly [key: string]: readonly string[] };

export const NAMESPACES = ['default', 'shop', 'data'] as const;
/** The same with one that is met more often. */
export const NAMESPACE_CHOICE = ['shop', 'shop', 'shop', 'default', 'data'] as const;

export const POD_WORDS: Vocabulary = {
  app: ['web', 'api', ''],
  tier: ['front', 'back'],
  legacy: [''],
};

export const NAMESPACE_WORDS: Vocabulary = {
  team: ['red', 'blue'],
  env: ['prod', ''],
  'kubernetes.io/metadata.name': NAMESPACES,
};

export const NODE_WORDS: Vocabulary = { role: ['worker', 'infra'], gpu: [''] };

/** One of `items`, each with its weight. */
export const weighted = <T>(...items: readonly (readonly [number, fc.Arbitrary<T>])[]) =>
  fc.oneof(...items.map(([weight, arbitrary]) => ({ weight, arbitrary })));

/** A field that is mostly there, sometimes missing, sometimes null. */
export const seldomAbsent = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  weighted<T | null | undefined>(
    [8, arbitrary],
    [1, fc.constant(undefined)],
    [1, fc.constant(null)],
  );

/** A field that is mostly missing or null. */
export const seldomThere = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  weighted<T | null | undefined>(
    [2, arbitrary],
    [4, fc.constant(undefined)],
    [1, fc.constant(null)],
  );

export const oneOf = <T>(...items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);

/** Some of the vocabulary's keys, each with one of its values. */
export const labelsOf = (words: Vocabulary): fc.Arbitrary<LabelMap> =>
  fc
    .tuple(
      ...Object.entries(words).map(([key, values]) =>
        weighted<readonly [string, string] | null>(
          [3, oneOf(...values).map(value => [key, value] as const)],
          [2, fc.constant(null)],
        ),
      ),
    )
    .map(pairs => Object.fromEntries(pairs.filter(pair => pair !== null)));

const someLabels = (words: Vocabulary): fc.Arbitrary<LabelMap> => {
  const pair = oneOf(...Object.keys(words)).chain(key =>
    oneOf(...(words[key] ?? [''])).map(value => [key, value] as const),
  );
  return fc.array(pair, { minLength: 1, maxLength: 2 }).map(pairs => Object.fromEntries(pairs));
};

const expressionOf = (words: Vocabulary): fc.Arbitrary<Expression> =>
  oneOf(...Object.keys(words), 'nowhere').chain(key => {
    const values = words[key] ?? ['other'];
    return weighted<Expression>(
      [
        3,
        fc.record({
          key: fc.constant(key),
          operator: oneOf('In', 'NotIn'),
          values: fc.subarray([...values], { minLength: 1 }),
        }),
      ],
      [2, fc.record({ key: fc.constant(key), operator: oneOf('Exists', 'DoesNotExist') })],
    );
  });

/** Every form of a selector that is there. */
export const selectorOf = (words: Vocabulary): fc.Arbitrary<LabelSelector> => {
  const matchLabels = someLabels(words);
  const matchExpressions = fc.array(expressionOf(words), { minLength: 1, maxLength: 2 });
  return weighted<LabelSelector>(
    [4, fc.constant({})],
    [4, fc.record({ matchLabels })],
    [3, fc.record({ matchExpressions })],
    [1, fc.record({ matchLabels, matchExpressions })],
    [1, fc.constant({ matchLabels: null, matchExpressions: [] })],
  );
};
