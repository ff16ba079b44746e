import { type Address, isV4 } from '../addresses/address.js';
import { cutsOf } from '../addresses/block.js';
import type { Column } from '../brand.js';
import type { Engine } from '../compile/compiled.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import { addMatch, noMatches } from '../decide/direct.js';
import { matchPeer } from '../decide/match.js';
import { evaluate } from '../decide/outcome.js';
import { outside } from '../decide/party.js';
import { NOTHING } from '../ports/traffic.js';
import type { RowQuestion } from './evaluator.js';
import { type OutcomeId, type OutcomeTable, UNGOVERNED_OUTCOME } from './outcome-table.js';

/** Outcomes towards addresses outside the cluster: each from its start to the next one's, or to the last address. */
export type Segments = {
  /** Sorted; the first is the first address of the family. */
  readonly v4: Float64Array;
  readonly v4Outcomes: Column<OutcomeId>;
  readonly v6: readonly bigint[];
  readonly v6Outcomes: Column<OutcomeId>;
};

/** Starts at which the outcome differs from the one before. */
function changesOf<T extends Address>(starts: readonly T[], outcomeAt: (address: T) => OutcomeId) {
  const kept: T[] = [];
  const outcomes: OutcomeId[] = [];
  for (const start of starts) {
    const outcome = outcomeAt(start);
    if (outcomes.at(-1) === outcome) continue;
    kept.push(start);
    outcomes.push(outcome);
  }
  return { kept, outcomes };
}

/** Few rules can match an address outside the cluster; the others need not be asked. */
const reachesOutside = ({ everyone, ipBlocks, networks, domains }: CompiledRule): boolean =>
  everyone || ipBlocks.length + networks.length + domains.length > 0;

/** Between two bounds of the program's own blocks every address has one outcome; the mode does not matter to it. */
export function segmentsOf(
  engine: Engine,
  outcomes: OutcomeTable,
  question: RowQuestion,
): Segments {
  const { program, unknowns } = question;
  const nodes = engine.index.nodes.all;
  const asked = program.rules.flatMap((rule, place) =>
    reachesOutside(rule) ? [[place, rule] as const] : [],
  );
  const cuts = cutsOf(
    asked.flatMap(([, { ipBlocks, networks }]) =>
      [...ipBlocks, ...networks].map(({ block }) => block),
    ),
  );
  const outcomeAt = (address: Address): OutcomeId => {
    const asking = { ...question, peer: outside(address) };
    const matched = noMatches(program);
    for (const [place, rule] of asked) {
      const match = matchPeer(rule, asking.peer, asking.reading, nodes);
      addMatch(engine.table, asking, [place, match], matched);
    }
    if (unknowns === 'unmatched') matched.perhaps.fill(NOTHING);
    return outcomes.numberOf(evaluate(engine.table, program, matched, false));
  };
  const v4 = changesOf([0, ...cuts.v4], outcomeAt);
  const v6 = changesOf([0n, ...cuts.v6], outcomeAt);
  return {
    v4: Float64Array.from(v4.kept),
    v4Outcomes: Int32Array.from(v4.outcomes) as Column<OutcomeId>,
    v6: v6.kept,
    v6Outcomes: Int32Array.from(v6.outcomes) as Column<OutcomeId>,
  };
}

/** The last place between two, both included, whose start is at or below `address`; the first where none is. */
export function placeIn(
  starts: ArrayLike<Address>,
  address: Address,
  [first, last]: readonly [number, number],
): number {
  let low = first;
  let high = last;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? address) <= address) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const segmentAt = (
  { v4, v4Outcomes, v6, v6Outcomes }: Segments,
  address: Address,
): OutcomeId =>
  (isV4(address)
    ? v4Outcomes[placeIn(v4, address, [0, v4.length - 1])]
    : v6Outcomes[placeIn(v6, address, [0, v6.length - 1])]) ?? UNGOVERNED_OUTCOME;
