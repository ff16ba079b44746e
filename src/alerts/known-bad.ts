import ipaddr from 'ipaddr.js';
import { AlertRule } from './alert.js';
import type { AlertRuleDefinition, Indicator } from './alert-rule.js';

/** Known bad addresses and blocks, as they are looked up: by the bits of their prefixes. */
export type BadBlocks = {
  /** Lengths of prefixes that there are, by family. */
  readonly lengths: ReadonlyMap<string, readonly number[]>;
  /** `ipv4 24 3405803776` to the blocks as they are written. */
  readonly blocks: ReadonlyMap<string, readonly string[]>;
};

type Prefix = { readonly kind: string; readonly bits: bigint; readonly length: number };

const bitsOf = (bytes: readonly number[]): bigint =>
  bytes.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);

/** Null: it is no address or block. */
function prefixOf(text: string): Prefix | null {
  try {
    const [address, length] = text.includes('/')
      ? ipaddr.parseCIDR(text)
      : ([ipaddr.parse(text), null] as const);
    const bytes = address.toByteArray();
    return { kind: address.kind(), bits: bitsOf(bytes), length: length ?? bytes.length * 8 };
  } catch {
    return null;
  }
}

const WIDTHS: Readonly<Record<string, number>> = { ipv4: 32, ipv6: 128 };

const keyOf = ({ kind, bits }: Prefix, length: number): string =>
  `${kind} ${length} ${bits >> BigInt((WIDTHS[kind] ?? 0) - length)}`;

export function badBlocks(texts: readonly string[]): BadBlocks {
  const lengths = new Map<string, Set<number>>();
  const blocks = new Map<string, string[]>();
  for (const text of texts) {
    const prefix = prefixOf(text);
    if (prefix === null) continue;
    const own = lengths.get(prefix.kind) ?? new Set();
    lengths.set(prefix.kind, own.add(prefix.length));
    const key = keyOf(prefix, prefix.length);
    blocks.set(key, [...(blocks.get(key) ?? []), text]);
  }
  return {
    lengths: new Map([...lengths].map(([kind, own]) => [kind, [...own]])),
    blocks,
  };
}

/** The blocks that an address, or all of a block, lies in: one look-up for each length of prefixes, however many blocks there are. */
export function badAround({ lengths, blocks }: BadBlocks, text: string): readonly string[] {
  const prefix = prefixOf(text);
  if (prefix === null) return [];
  return (lengths.get(prefix.kind) ?? [])
    .filter(length => length <= prefix.length)
    .flatMap(length => blocks.get(keyOf(prefix, length)) ?? []);
}

const isKnownBad = ({ criterion }: AlertRuleDefinition): boolean =>
  criterion === AlertRule.KNOWN_BAD;

/** What rules know of bad addresses, whatever the time: each once. */
export const knownBadOf = (rules: readonly AlertRuleDefinition[]): readonly string[] => [
  ...new Set(
    rules
      .filter(isKnownBad)
      .flatMap(({ parameters: { addresses = [], indicators = [] } }) => [
        ...addresses,
        ...indicators.map(({ address }) => address),
      ]),
  ),
];

/** When something was seen; ISO text. */
export type SeenWithin = { readonly first: string; readonly last: string };

const isWithin = ({ validFrom, validUntil }: Indicator, seen: SeenWithin | undefined): boolean =>
  seen === undefined ||
  ((validFrom === null || Date.parse(validFrom) <= Date.parse(seen.last)) &&
    (validUntil === null || Date.parse(validUntil) > Date.parse(seen.first)));

/**
 * What of these bad blocks a rule names at the time; null: none.
 * @param seen undefined: whatever the time
 */
export function namedBad(
  { parameters: { addresses = [], indicators = [] } }: Pick<AlertRuleDefinition, 'parameters'>,
  bad: readonly string[],
  seen: SeenWithin | undefined,
): { readonly name: string | null } | null {
  if (bad.some(one => addresses.includes(one))) return { name: null };
  const found = indicators.find(one => bad.includes(one.address) && isWithin(one, seen));
  return found === undefined ? null : { name: found.name };
}
