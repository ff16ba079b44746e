import type { Indicator } from './alert-rule.js';
import { addressText } from './rule-faults.js';

/** What was not taken of a list, by reason. */
export type Skipped = Readonly<Record<SkipReason, number>>;

export const SkipReason = {
  /** It is over. */
  EXPIRED: 'EXPIRED',
  /** Whoever made it has taken it back. */
  REVOKED: 'REVOKED',
  /** Its pattern names something else than addresses, or addresses and something else besides. */
  OTHER_PATTERN: 'OTHER_PATTERN',
  /** It is no indicator. */
  OTHER_OBJECT: 'OTHER_OBJECT',
} as const;
export type SkipReason = (typeof SkipReason)[keyof typeof SkipReason];

export type ReadList = {
  readonly indicators: readonly Indicator[];
  /** Addresses that the list takes back. */
  readonly revoked: readonly string[];
  readonly skipped: Skipped;
  /** Entries that are no addresses, with their places; at most five. */
  readonly wrong: readonly { readonly path: string; readonly text: string }[];
};

const NOTHING_SKIPPED: Skipped = { EXPIRED: 0, REVOKED: 0, OTHER_PATTERN: 0, OTHER_OBJECT: 0 };
const MOST_WRONG = 5;

/** One address or block in each line; what follows `#` or `;` is a comment. */
export function readPlain(text: string): ReadList {
  const lines = text.split(/\r?\n/).map((line, place) => ({
    path: `line ${place + 1}`,
    text: line.replace(/[#;].*$/, '').trim(),
  }));
  const given = lines.filter(line => line.text !== '');
  const indicators = given.flatMap(line => {
    const address = addressText(line.text);
    return address === null ? [] : [{ address, validFrom: null, validUntil: null, name: null }];
  });
  const wrong = given.filter(line => addressText(line.text) === null).slice(0, MOST_WRONG);
  return { indicators, revoked: [], skipped: NOTHING_SKIPPED, wrong };
}

const STRING = `'((?:[^'\\\\]|\\\\.)*)'`;
const COMPARISON = new RegExp(
  `^(?:ipv4-addr|ipv6-addr):value ?(?:IN ?\\(([^)]*)\\)|ISSUBSET ?${STRING}|==? ?${STRING})$`,
  'i',
);

/** The addresses of a comparison of an address; null: it is another one. */
function comparedWith(comparison: string): readonly string[] | null {
  const found = COMPARISON.exec(comparison.trim());
  if (found === null) return null;
  const [, list, subset, equal] = found;
  if (list === undefined) return [subset ?? equal ?? ''];
  return [...list.matchAll(new RegExp(STRING, 'g'))].map(([, text = '']) => text);
}

/**
 * The addresses of a STIX pattern (STIX 2.1, 9) that is met by each of them alone: comparisons of `ipv4-addr:value` or `ipv6-addr:value`
 * by `=`, `IN` or `ISSUBSET`, joined by OR. Null: it asks for more than an address, or for something else.
 */
export function patternAddresses(pattern: string): readonly string[] | null {
  // Blanks one by one: of many in a row the expressions would try every way to part them.
  const text = pattern.replaceAll(/\s+/g, ' ').trim();
  if (!text.startsWith('[') || !text.endsWith(']')) return null;
  const inner = text
    .slice(1, -1)
    .split(/\] ?OR ?\[/i)
    .join(' OR ');
  if (/[[\]]/.test(inner)) return null;
  const compared = inner
    .split(/ OR /i)
    .map(comparison => comparedWith(comparison.trim().replace(/^\((.*)\)$/, '$1')));
  const addresses = compared.flatMap(one => (one === null ? [null] : one.map(addressText)));
  const known = addresses.filter(address => address !== null);
  return known.length === addresses.length && known.length > 0 ? known : null;
}

type StixObject = {
  readonly type?: unknown;
  readonly pattern?: unknown;
  readonly pattern_type?: unknown;
  readonly revoked?: unknown;
  readonly valid_from?: unknown;
  readonly valid_until?: unknown;
  readonly name?: unknown;
};

const timeOf = (value: unknown): string | null =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value))
    ? new Date(value).toISOString()
    : null;

const LONGEST_NAME = 200;

const addressesOf = ({ pattern, pattern_type: language = 'stix' }: StixObject) =>
  language === 'stix' && typeof pattern === 'string' ? patternAddresses(pattern) : null;

function indicatorsOf(object: StixObject, now: Date): readonly Indicator[] | SkipReason {
  if (object.type !== 'indicator') return SkipReason.OTHER_OBJECT;
  if (object.revoked === true) return SkipReason.REVOKED;
  const addresses = addressesOf(object);
  if (addresses === null) return SkipReason.OTHER_PATTERN;
  const validUntil = timeOf(object.valid_until);
  if (validUntil !== null && Date.parse(validUntil) <= now.getTime()) return SkipReason.EXPIRED;
  const name = typeof object.name === 'string' ? object.name.slice(0, LONGEST_NAME) : null;
  const validFrom = timeOf(object.valid_from);
  return addresses.map(address => ({ address, validFrom, validUntil, name }));
}

const objectsOf = (value: unknown): readonly StixObject[] | null => {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  if ('objects' in value && Array.isArray(value.objects)) return value.objects;
  return 'type' in value ? [value] : null;
};

/** A bundle of STIX 2.1, a page of TAXII 2.1, or an array of objects; null: it is none. */
export function readStix(text: string, now: Date): ReadList | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const objects = objectsOf(value);
  if (objects === null) return null;
  const skipped = { ...NOTHING_SKIPPED };
  const indicators: Indicator[] = [];
  const revoked: string[] = [];
  for (const object of objects) {
    const found = indicatorsOf(object ?? {}, now);
    if (typeof found === 'string') skipped[found] += 1;
    else indicators.push(...found);
    if (found === SkipReason.REVOKED) revoked.push(...(addressesOf(object) ?? []));
  }
  return { indicators, revoked, skipped, wrong: [] };
}
