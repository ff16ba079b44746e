import { Direction, type Policy, type Rule } from '../policy.js';

export const DIRECTIONS = [Direction.INGRESS, Direction.EGRESS] as const;

export const directionWord = (direction: Direction): 'ingress' | 'egress' =>
  direction === Direction.INGRESS ? 'ingress' : 'egress';

/** A policy's rules in a direction; null where the policy does not concern it. */
export const rulesOf = (policy: Policy, direction: Direction): readonly Rule[] | null =>
  direction === Direction.INGRESS ? policy.ingress : policy.egress;

/** A rule where it stands. */
export type RuleSite = {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
};

export const ruleSitesOf = (policy: Policy): readonly RuleSite[] =>
  DIRECTIONS.flatMap(direction =>
    (rulesOf(policy, direction) ?? []).map(rule => ({ policy, direction, rule })),
  );

/** `spec.ingress[0]`. */
export const pathOfRule = ({ direction, rule }: RuleSite): string =>
  `spec.${directionWord(direction)}[${rule.index}]`;

/** `spec.ingress[0].from[1]`. */
export const pathOfPeer = (site: RuleSite, index: number): string =>
  `${pathOfRule(site)}.${site.direction === Direction.INGRESS ? 'from' : 'to'}[${index}]`;

/** `spec.ingress[0].ports[1]`. */
export const pathOfPort = (site: RuleSite, index: number): string =>
  `${pathOfRule(site)}.ports[${index}]`;
