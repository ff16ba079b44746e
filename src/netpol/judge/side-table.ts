import type { Outcome } from '../decide/outcome.js';
import { difference, type Side } from '../decide/side.js';
import { NOTHING, type TrafficTable } from '../ports/traffic.js';
import type { OutcomeTable } from '../rows/outcome-table.js';

/** Two numbers of outcomes together stay exact in a number. */
const MOST_OUTCOMES = 2 ** 26;

/** Numbers for sides: equal sides have equal numbers. */
export type SideTable = {
  numberOf(side: Side): number;
  /** The side of an outcome that no other reading changes. */
  plain(outcome: number): number;
  /** The side of an outcome, with those of the other reading of ipBlock and of hostNetwork. */
  read(outcome: number, cni: number, host: number): number;
  at(number: number): Side;
  /** Numbers are below this; it grows. */
  count(): number;
};

export function sideTable(table: TrafficTable, outcomes: OutcomeTable): SideTable {
  const sides: Side[] = [];
  const numbers = new Map<string, number>();
  const plains: number[] = [];
  const reads = new Map<number, Map<number, number>>();
  const numberOf = (side: Side): number => {
    const { allow, maybe, byDefault, undefinedProtocol, governed, byCni, byHost } = side;
    const key = [allow, maybe, byDefault, undefinedProtocol, governed, byCni, byHost].join(' ');
    const known = numbers.get(key);
    if (known !== undefined) return known;
    sides.push(side);
    numbers.set(key, sides.length - 1);
    return sides.length - 1;
  };
  const plain = (outcome: number): number => {
    const known = plains[outcome];
    if (known !== undefined) return known;
    const number = numberOf({ ...outcomes.at(outcome), byCni: NOTHING, byHost: NOTHING });
    plains[outcome] = number;
    return number;
  };
  const readsOf = (number: number, cni: number): Map<number, number> => {
    const key = number * MOST_OUTCOMES + cni;
    const known = reads.get(key);
    if (known !== undefined) return known;
    const byHost = new Map<number, number>();
    reads.set(key, byHost);
    return byHost;
  };
  const apart = (outcome: Outcome, other: number): number =>
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
