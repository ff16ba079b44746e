import { agreedOn } from '../decide/decide.js';
import { Basis } from '../verdict.js';
import { codeOf, judgementOf } from './code.js';
import type { PortCodes } from './port-codes.js';
import type { SideId } from './side-table.js';

/** The numbers of two sides that decide a case. */
export type SidePair = readonly [egress: SideId, ingress: SideId];

/** Numbers for the different cases that a question comes to: equal sets have equal numbers. */
export type CaseSets = {
  /** `open`: an end could be any of several, and so the answer rests on who it is. */
  numberOf(pairs: readonly SidePair[], open: boolean): number;
  /** What all cases agree on. `protocol` and `port` as for `PortCodes`. */
  code(set: number, protocol: number, port: number): number;
};

const OPEN = { doubts: [{ basis: Basis.UNRESOLVED_PEER, missing: '' }], open: true };
const CLOSED = { doubts: [], open: false };

type CaseSet = { readonly pairs: readonly SidePair[]; readonly open: boolean };

const PORTS = 65_536;

/** Two numbers of sides stay exact in one. */
const MOST_SIDES = 2 ** 25;

export function caseSets(codes: PortCodes): CaseSets {
  const sets: CaseSet[] = [];
  const numbers = new Map<string, number>();
  /** By set: the code of each protocol and port. */
  const known: Map<number, number>[] = [];
  /** Sets of one pair. */
  const singles = new Map<number, number>();
  const add = (set: CaseSet): number => {
    known.push(new Map());
    return sets.push(set) - 1;
  };
  const single = (pair: SidePair, open: boolean): number => {
    const key = (pair[0] * MOST_SIDES + pair[1]) * 2 + (open ? 1 : 0);
    const before = singles.get(key);
    if (before !== undefined) return before;
    const number = add({ pairs: [pair], open });
    singles.set(key, number);
    return number;
  };
  const agree = ({ pairs, open }: CaseSet, protocol: number, port: number): number => {
    const judgements = pairs.map(([egress, ingress]) =>
      judgementOf(codes.both(egress, ingress, protocol, port)),
    );
    const governed = judgements.some(judgement => judgement.governed);
    return codeOf(agreedOn(open ? OPEN : CLOSED, judgements), governed);
  };
  return {
    numberOf: (pairs, open) => {
      const [first, ...more] = pairs;
      if (first !== undefined && more.length === 0) return single(first, open);
      const texts = pairs.map(([egress, ingress]) => `${egress} ${ingress}`).sort();
      const key = `${open} ${texts.join()}`;
      const before = numbers.get(key);
      if (before !== undefined) return before;
      const number = add({ pairs, open });
      numbers.set(key, number);
      return number;
    },
    code: (number, protocol, port) => {
      const [set, byPort] = [sets[number], known[number]];
      if (set === undefined || byPort === undefined) {
        throw new RangeError(`no set of cases has the number ${number}`);
      }
      const key = protocol * PORTS + port;
      const before = byPort.get(key);
      if (before !== undefined) return before;
      const code = agree(set, protocol, port);
      byPort.set(key, code);
      return code;
    },
  };
}
