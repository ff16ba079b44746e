/** Fields of the answers that are `BigInt` in the schema, which is text on the wire. */
export const BIG_INTEGERS: ReadonlySet<string> = new Set([
  ...['accepted', 'allowed', 'audited', 'bytes', 'connections', 'count', 'denied', 'duplicates'],
  ...[
    'events',
    'facts',
    'factsVersion',
    'failed',
    'first',
    'lost',
    'lostEvents',
    'next',
    'occurrences',
  ],
  ...[
    'passed',
    'policies',
    'policiesVersion',
    'received',
    'rejected',
    'rejectedRecords',
    'seq',
    'skipped',
  ],
  ...['unknown', 'withoutId'],
]);

const numberOf = (text: string): number | string => {
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : text;
};

/** The value with whole numbers as numbers where they are exact as such; larger ones stay text. */
export const withNumbers = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      BIG_INTEGERS.has(key) && typeof inner === 'string' ? numberOf(inner) : withNumbers(inner),
    ]),
  );
};
