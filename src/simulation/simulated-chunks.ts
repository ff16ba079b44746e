import { Verdict } from '../netpol/index.js';
import type { FlowClass, SimulatedFlow } from './simulation.js';

/** Flows of one class that are stored as one row, in the order of their ids. */
export type SimulatedChunk = {
  readonly class: FlowClass;
  readonly flows: readonly SimulatedFlow[];
};

/** So many stay within a page of Postgres, so that nothing is stored elsewhere (TOAST): 18 bytes a flow. */
const CHUNK = 100;

/** Numbers of verdicts in `outcomeOf`. */
export const OUTCOME_VERDICTS: readonly Verdict[] = [
  Verdict.ALLOWED,
  Verdict.DENIED,
  Verdict.UNDECIDABLE,
];

/** The verdicts before and after as one number. */
export const outcomeOf = ({ before, after }: Pick<SimulatedFlow, 'before' | 'after'>): number =>
  OUTCOME_VERDICTS.indexOf(before) * OUTCOME_VERDICTS.length + OUTCOME_VERDICTS.indexOf(after);

type Cut = { readonly chunks: readonly SimulatedChunk[]; readonly rest: readonly SimulatedFlow[] };

/** Full chunks of each class, and what is too little for one. Flows come in the order of their ids, so do chunks. */
export function cutChunks(flows: readonly SimulatedFlow[]): Cut {
  const byClass = Map.groupBy(flows, one => one.class);
  const chunks: SimulatedChunk[] = [];
  const rest: SimulatedFlow[] = [];
  for (const [name, ofClass] of byClass) {
    const whole = ofClass.length - (ofClass.length % CHUNK);
    for (let from = 0; from < whole; from += CHUNK)
      chunks.push({ class: name, flows: ofClass.slice(from, from + CHUNK) });
    rest.push(...ofClass.slice(whole));
  }
  return { chunks, rest };
}

/** What was left, each class as a chunk that is not full. */
export const lastChunks = (rest: readonly SimulatedFlow[]): readonly SimulatedChunk[] =>
  [...Map.groupBy(rest, one => one.class)].map(([name, flows]) => ({ class: name, flows }));
