import type { Brand } from '../brand.js';
import {
  ALL_PORTS,
  intersectPorts,
  NO_PORTS,
  type PortSet,
  PROTOCOLS,
  subtractPorts,
  uniteManyPorts,
  unitePorts,
} from './port-set.js';

/**
 * A port set, and whether every other protocol (ICMP and so on) is in it too. The API knows ports
 * of three protocols only; a rule without ports speaks of the others as well.
 */
export type Traffic = { readonly ports: PortSet; readonly other: boolean };

/** The number of a traffic set in its table. */
export type TrafficId = Brand<number, 'TrafficId'>;

/** Numbers of the traffic sets that every table knows. */
export const NOTHING = 0 as TrafficId;
export const EVERYTHING_ALLOWED = 1 as TrafficId;
export const OTHER_PROTOCOLS = 2 as TrafficId;

/** Pairs of numbers below this have a small integer as key, which V8's maps find in a third of the time. */
const SMALL = 2 ** 15;

/** A table holds few distinct sets: `one * LIMIT + two` stays an exact number. */
const LIMIT = 2 ** 26;

const keyOf = (one: number, other: number): number =>
  one < SMALL && other < SMALL ? one * SMALL + other : -(one * LIMIT + other);

/** A list or column of them. */
type Sets = ArrayLike<TrafficId> & Iterable<TrafficId>;

/**
 * Numbers for traffic sets: equal sets have equal numbers, and each operation on two numbers is
 * computed once. A cluster has some hundred distinct sets but millions of pairs that carry one.
 */
export type TrafficTable = {
  numberOf(ports: PortSet, other: boolean): TrafficId;
  at(number: TrafficId): Traffic;
  unite(one: TrafficId, other: TrafficId): TrafficId;
  /** `unite` of one after the other; none: NOTHING. Of many distinct sets the sums between are not made. */
  uniteAll(numbers: Sets): TrafficId;
  intersect(one: TrafficId, other: TrafficId): TrafficId;
  subtract(one: TrafficId, other: TrafficId): TrafficId;
};

type Operation = (one: TrafficId, other: TrafficId) => TrafficId;

function remembered(compute: Operation): Operation {
  const known = new Map<number, TrafficId>();
  return (one, other) => {
    const key = keyOf(one, other);
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = compute(one, other);
    known.set(key, answer);
    return answer;
  };
}

/** Sums of so few distinct sets come again, and are remembered. */
const FEW_SETS = 8;

const uniteEvery = (sets: readonly Traffic[]): Traffic => ({
  ports: uniteManyPorts(sets.map(({ ports }) => ports)),
  other: sets.some(({ other }) => other),
});

/** Equal for equal sets, and made without a list of its parts: nearly every operation asks for one. */
function keyOfTraffic(ports: PortSet, other: boolean): string {
  let key = other ? '+' : '';
  for (const protocol of PROTOCOLS) {
    for (const { from, to } of ports[protocol]) key += from === to ? `${from},` : `${from}-${to},`;
    key += ';';
  }
  return key;
}

export function trafficTable(): TrafficTable {
  const sets: Traffic[] = [];
  const numbers = new Map<string, TrafficId>();
  const numberOf = (ports: PortSet, other: boolean): TrafficId => {
    const key = keyOfTraffic(ports, other);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = (sets.push({ ports, other }) - 1) as TrafficId;
    numbers.set(key, number);
    return number;
  };
  const at = (number: TrafficId): Traffic => {
    const traffic = sets[number];
    if (traffic === undefined) throw new RangeError(`no traffic set has the number ${number}`);
    return traffic;
  };
  numberOf(NO_PORTS, false);
  numberOf(ALL_PORTS, true);
  numberOf(NO_PORTS, true);
  const unite = remembered((one, other) => {
    const [a, b] = [at(one), at(other)];
    return numberOf(unitePorts(a.ports, b.ports), a.other || b.other);
  });
  const intersect = remembered((one, other) => {
    const [a, b] = [at(one), at(other)];
    return numberOf(intersectPorts(a.ports, b.ports), a.other && b.other);
  });
  const subtract = remembered((one, other) => {
    const [a, b] = [at(one), at(other)];
    return numberOf(subtractPorts(a.ports, b.ports), a.other && !b.other);
  });
  const uniteTwo: Operation = (one, other) =>
    one === other || other === NOTHING ? one : one === NOTHING ? other : unite(one, other);
  const uniteAll = (all: Sets): TrafficId => {
    const distinct: Sets = all.length > FEW_SETS ? [...new Set<TrafficId>(all)] : all;
    if (distinct.length > FEW_SETS) {
      const { ports, other } = uniteEvery(Array.from(distinct, at));
      return numberOf(ports, other);
    }
    let sum: TrafficId = NOTHING;
    for (const one of distinct) sum = uniteTwo(sum, one);
    return sum;
  };
  return {
    numberOf,
    at,
    unite: uniteTwo,
    uniteAll,
    intersect: (one, other) =>
      one === other ? one : one === NOTHING || other === NOTHING ? NOTHING : intersect(one, other),
    subtract: (one, other) =>
      one === other || one === NOTHING ? NOTHING : other === NOTHING ? one : subtract(one, other),
  };
}
