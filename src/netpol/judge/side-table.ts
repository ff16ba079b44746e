import type { Brand } from '../brand.js';
import type { Outcome } from '../decide/outcome.js';
import { difference, type Side } from '../decide/side.js';
import { NOTHING, type TrafficId, type TrafficTable } from '../ports/traffic.js';
import type { OutcomeId, OutcomeTable } from '../rows/outcome-table.js';

/** Two numbers of outcomes together stay exact in a number. */
const MOST_OUTCOMES = 2 ** 26;

/** The number of a side in its table. */
export type SideId = Brand<number, 'SideId'>;

/** Numbers for sides: equal sides have equal numbers. */
export type SideTable = {
  numberOf(side: Side): SideId;
  /** The side of an outcome that no other reading changes. */
  plain(outcome: OutcomeId): SideId;
  /** The side of an outcome, with those of the other reading of ipBlock and of hostNetwork. */
  read(outcome: OutcomeId, cni: OutcomeId, host: OutcomeId): SideId;
  at(number: SideId): Side;
  /** Numbers are below this; it grows. */
  count(): number;
};

export function sideTable(table: TrafficTable, outcomes: OutcomeTable): SideTable {
  const sides: Side[] = [];
  const numbers = new Map<string, SideId>();
  const plains: SideId[] = [];
  const reads = new Map<number, Map<OutcomeId, SideId>>();
  const numberOf = (side: Side): SideId => {
    const { allow, maybe, byDefault, undefinedProtocol, governed, byCni, byHost } = side;
    const key = [allow, maybe, byDefault, undefinedProtocol, governed, byCni, byHost].join(' ');
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = (sides.push(side) - 1) as SideId;
    numbers.set(key, number);
    return number;
  };
  const plain = (outcome: OutcomeId): SideId => {
    const known = plains[outcome];
    if (known !== undefined) return known;
    const number = numberOf({ ...outcomes.at(outcome), byCni: NOTHING, byHost: NOTHING });
    plains[outcome] = number;
    return number;
  };
  const readsOf = (number: OutcomeId, cni: OutcomeId): Map<OutcomeId, SideId> => {
    const key = number * MOST_OUTCOMES + cni;
    const known = reads.get(key);
    if (known !== undefined) return known;
    const byHost = new Map<OutcomeId, SideId>();
    reads.set(key, byHost);
    return byHost;
  };
  const apart = (outcome: Outcome, other: OutcomeId): TrafficId =>
    difference(table, outcome, outcomes.at(other));
  return {
    numberOf,
    plain,
    count: () => sides.length,
    read: (number, cni, host) => {
      if (number === cni && number === host) return plain(number);
      const byHost = readsOf(number, cni);
      const known = byHost.get(host);
      if (known !== undefined) return known;
      const outcome = outcomes.at(number);
      const side = { ...outcome, byCni: apart(outcome, cni), byHost: apart(outcome, host) };
      const answer = numberOf(side);
      byHost.set(host, answer);
      return answer;
    },
    at: number => {
      const side = sides[number];
      if (side === undefined) throw new RangeError(`no side has the number ${number}`);
      return side;
    },
  };
}
