import { type Address, isV4 } from '../addresses/address.js';
import { cutsOf } from '../addresses/block.js';
import type { Engine } from '../compile/compiled.js';
import { matchRules } from '../decide/direct.js';
import { evaluate } from '../decide/outcome.js';
import { outside } from '../decide/party.js';
import { NOTHING } from '../ports/traffic.js';
import type { OutcomeTable } from './outcome-table.js';
import type { RowQuestion } from './row.js';

/** Outcomes towards addresses outside the cluster: each from its start to the next one's, or to the last address. */
export type Segments = {
  /** Sorted; the first is the first address of the family. */
  readonly v4: Float64Array;
  readonly v4Outcomes: Int32Array;
  readonly v6: readonly bigint[];
  readonly v6Outcomes: Int32Array;
};

/** Starts at which the outcome differs from the one before. */
function changesOf<T extends Address>(starts: readonly T[], outcomeAt: (address: T) => number) {
  const kept: T[] = [];
  const outcomes: number[] = [];
  for (const start of starts) {
    const outcome = outcomeAt(start);
    if (outcomes.at(-1) === outcome) continue;
    kept.push(start);
    outcomes.push(outcome);
  }
  return { kept, outcomes };
}

/** Between two bounds of the program's own blocks every address has one outcome; the mode does not matter to it. */
export function segmentsOf(
  engine: Engine,
  outcomes: OutcomeTable,
  question: RowQuestion,
): Segments {
  const { program, direction, profile, reading, unknowns } = question;
  const cuts = cutsOf(
    program.rules
      .flatMap(({ ipBlocks, networks }) => [...ipBlocks, ...networks])
      .map(({ block }) => block),
  );
  const outcomeAt = (address: Address): number => {
    const asking = { program, direction, profile, peer: outside(address), reading };
    const { surely, perhaps } = matchRules(engine.table, asking, engine.index.nodes.all);
    if (unknowns === 'unmatched') perhaps.fill(NOTHING);
    return outcomes.numberOf(evaluate(engine.table, program, { surely, perhaps }, false));
  };
  const v4 = changesOf([0, ...cuts.v4], outcomeAt);
  const v6 = changesOf([0n, ...cuts.v6], outcomeAt);
  return {
    v4: Float64Array.from(v4.kept),
    v4Outcomes: Int32Array.from(v4.outcomes),
    v6: v6.kept,
    v6Outcomes: Int32Array.from(v6.outcomes),
  };
}

/** The last place whose start is at or below `address`. */
function placeIn(starts: ArrayLike<Address>, address: Address): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? address) <= address) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const segmentAt = (segments: Segments, address: Address): number =>
  (isV4(address)
    ? segments.v4Outcomes[placeIn(segments.v4, address)]
    : segments.v6Outcomes[placeIn(segments.v6, address)]) ?? 0;
