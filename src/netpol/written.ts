import { Direction, type Policy, Tier } from './policy.js';

/** A member of a JSON object or list, undefined where there is none. */
export const member = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string | number, unknown>>)[key]
    : undefined;

/**
 * `from` or `to` where a rule of a NetworkPolicy is written with that list empty, and null otherwise. "If this field is empty or
 * missing, this rule matches all sources": whoever writes an empty list mostly means nobody.
 */
export const emptyPeersOf = (
  { tier, document }: Pick<Policy, 'tier' | 'document'>,
  direction: Direction,
  index: number,
): 'from' | 'to' | null => {
  if (tier !== Tier.NETWORK_POLICY) return null;
  const list = direction === Direction.INGRESS ? 'from' : 'to';
  const rules = member(member(document, 'spec'), direction.toLowerCase());
  const peers = member(member(rules, index), list);
  return Array.isArray(peers) && peers.length === 0 ? list : null;
};
