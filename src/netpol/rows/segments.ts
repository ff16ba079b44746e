import { type Address, isV4 } from '../addresses/address.js';
import { type Block, cutsOf } from '../addresses/block.js';
import type { Column } from '../brand.js';
import type { Engine } from '../compile/compiled.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import { type ClusterNode, nodesByAddress } from '../compile/nodes.js';
import type { Program } from '../compile/program.js';
import { type Matches, outcomeOfMatches } from '../decide/few-rules.js';
import { matchPeer, NO, YES } from '../decide/match.js';
import { drawnAt } from '../decide/party.js';
import { next, type Range } from '../ranges.js';
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

/** Starts at which the outcome differs from the one before. `held`: the rules whose blocks hold each start. */
function changesOf<T extends Address>(
  starts: readonly T[],
  held: readonly (readonly number[])[],
  outcomeAt: (address: T, held: readonly number[]) => OutcomeId,
) {
  const kept: T[] = [];
  const outcomes: OutcomeId[] = [];
  for (const [place, start] of starts.entries()) {
    const outcome = outcomeAt(start, held[place] ?? []);
    if (outcomes.at(-1) === outcome) continue;
    kept.push(start);
    outcomes.push(outcome);
  }
  return { kept, outcomes };
}

/** Few rules can match an address outside the cluster; the others need not be asked. */
const reachesOutside = ({ everyone, ipBlocks, networks, domains, nodes }: CompiledRule): boolean =>
  everyone || ipBlocks.length + networks.length + domains.length + nodes.length > 0;

const ofBlocksAlone = ({ everyone, domains, nodes }: CompiledRule): boolean =>
  !everyone && domains.length + nodes.length === 0;

/** The program without the rules that no address outside matches: they add nothing to its outcomes. */
function outsideProgram(program: Program): Program {
  const { rules, adminEnd, networkEnd } = program;
  const kept = (end: number): number => rules.slice(0, end).filter(reachesOutside).length;
  return {
    ...program,
    rules: rules.filter(reachesOutside),
    adminEnd: kept(adminEnd),
    networkEnd: kept(networkEnd),
  };
}

type Asked = readonly (readonly [place: number, rule: CompiledRule])[];

const blocksOf = ({ ipBlocks, networks }: CompiledRule): readonly Block[] =>
  [...ipBlocks, ...networks].map(({ block }) => block);

/**
 * By each start, the places of the rules whose blocks hold it. Every end of a block is a start or the end of all. A rule
 * is looked at where its blocks are: asking each of each start took a second for 500 subjects with 200 blocks.
 */
function heldBy<T extends Address>(
  starts: readonly T[],
  asked: Asked,
  rangesOf: (block: Block) => readonly Range<T>[],
): readonly (readonly number[])[] {
  const places = new Map(starts.map((start, place) => [start, place]));
  const held = starts.map((): number[] => []);
  for (const [rule, { from, to }] of asked.flatMap(([place, one]) =>
    blocksOf(one).flatMap(block => rangesOf(block).map(range => [place, range] as const)),
  ))
    for (let at = places.get(from) ?? starts.length; (starts[at] ?? next(to)) <= to; at++)
      if (held[at]?.at(-1) !== rule) held[at]?.push(rule);
  return held;
}

const NO_NODES: ReadonlyMap<Address, ClusterNode> = new Map();

/** Each address alone, as a block. */
const alone = (address: Address): Block =>
  isV4(address)
    ? { v4: [{ from: address, to: address }], v6: [] }
    : { v4: [], v6: [{ from: address, to: address }] };

/**
 * Between two bounds of the program's own blocks every address has one outcome; the mode does not matter to it. For the map,
 * which takes what is not known as unmatched, a rule for nodes is one for their addresses.
 */
export function segmentsOf(engine: Engine, outcomes: OutcomeTable, asking: RowQuestion): Segments {
  const program = outsideProgram(asking.program);
  const nodes = engine.index.nodes.all;
  const drawsNodes = asking.unknowns === 'unmatched' && program.usesNodes;
  const held = drawsNodes ? nodesByAddress(engine.index.nodes) : NO_NODES;
  const asked: Asked = [...program.rules.entries()];
  const ofBlocks = asked.filter(([, rule]) => ofBlocksAlone(rule));
  const others = asked.filter(([, rule]) => !ofBlocksAlone(rule));
  const cuts = cutsOf([...program.rules.flatMap(blocksOf), ...[...held.keys()].map(alone)]);
  const outcomeAt = (address: Address, within: readonly number[]): OutcomeId => {
    const peer = drawnAt(held, address);
    const question = { ...asking, program, peer };
    const inBlocks = within.map((place): Matches[number] => [place, YES]);
    // A node is where any of its addresses is.
    const rest = peer.kind === 'node' ? asked.filter(([place]) => !within.includes(place)) : others;
    const matches = rest.flatMap(([place, rule]): Matches => {
      const match = matchPeer(rule, peer, question.reading, nodes);
      return match === NO ? [] : [[place, match]];
    });
    return outcomes.numberOf(outcomeOfMatches(engine.table, question, [...inBlocks, ...matches]));
  };
  const starts = { v4: [0, ...cuts.v4], v6: [0n, ...cuts.v6] };
  const v4 = changesOf(
    starts.v4,
    heldBy(starts.v4, ofBlocks, block => block.v4),
    outcomeAt,
  );
  const v6 = changesOf(
    starts.v6,
    heldBy(starts.v6, ofBlocks, block => block.v6),
    outcomeAt,
  );
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
