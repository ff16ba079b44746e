import { type Engine, ofFamily } from '../compile/compiled.js';
import type { AddressPeer, CompiledRule } from '../compile/compiled-rule.js';
import type { PortProfile } from '../compile/port-profile.js';
import { isOfAll, type Program } from '../compile/program.js';
import { noMatches } from '../decide/direct.js';
import type { Reading } from '../decide/match.js';
import { evaluate, onlyNetworkPolicies } from '../decide/outcome.js';
import type { Unknowns } from '../decide/side.js';
import { Direction } from '../policy.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import type { OutcomeId, OutcomeTable } from './outcome-table.js';

export type RowQuestion = {
  readonly program: Program;
  readonly direction: Direction;
  /** The subject's named ports. */
  readonly profile: PortProfile;
  readonly reading: Reading;
  readonly unknowns: Unknowns;
};

/** Peers that no rule of the question tells apart. */
export type AlikePeers = {
  /** Places of the rules that match them, beside those that match everybody. */
  readonly marks: readonly number[];
  /** Their named ports. */
  readonly profile: PortProfile;
  /** Their address is not known: rules that name blocks may match them. */
  readonly withoutAddress: boolean;
};

const matters = ({ block }: AddressPeer): boolean => block.v4.length + block.v6.length > 0;

/** The blocks of a rule that can match pods in this reading. */
export const blocksFor = (rule: CompiledRule, { byAddress }: Reading): readonly AddressPeer[] =>
  [...rule.networks, ...(byAddress ? rule.ipBlocks : [])].filter(matters);

/** Places of the rules that may match a pod whose address is not known. */
export const guessedPlaces = ({ program, reading, unknowns }: RowQuestion): readonly number[] =>
  unknowns === 'unmatched'
    ? []
    : program.rules.flatMap((rule, place) =>
        !isOfAll(rule) && blocksFor(rule, reading).length > 0 ? [place] : [],
      );

/** The number of the outcome towards peers. A rule that matches for certain may be guessed as well: it adds nothing. */
export type Evaluator = (peers: AlikePeers) => OutcomeId;

type Parts = {
  readonly engine: Engine;
  readonly outcomes: OutcomeTable;
  readonly question: RowQuestion;
  readonly guessed: readonly number[];
};

/** A port name means a port of the destination pod. */
const destinationOf = ({ direction, profile }: RowQuestion, peers: AlikePeers): PortProfile =>
  direction === Direction.INGRESS ? profile : peers.profile;

/** The first rule that matches decides: all rules in their order. */
function inOrder({ engine, outcomes, question, guessed }: Parts): Evaluator {
  const { program } = question;
  return peers => {
    const profile = destinationOf(question, peers);
    const portsAt = (place: number): TrafficId => program.rules[place]?.portsOn(profile) ?? NOTHING;
    const matched = noMatches(program);
    for (const place of program.ofAll) matched.surely[place] = portsAt(place);
    for (const place of peers.marks) matched.surely[place] = portsAt(place);
    if (peers.withoutAddress) {
      for (const place of guessed) matched.perhaps[place] = portsAt(place);
    }
    return outcomes.numberOf(evaluate(engine.table, program, matched, false));
  };
}

/** Two numbers of the traffic table stay exact in one. */
const MOST_TRAFFIC = 2 ** 26;

const outcomesOfUnions = ofFamily(() => new Map<number, OutcomeId>());

/** Allows add up: the outcome follows from the union of the rules that match, and is worked out once for each. */
function additive({ engine, outcomes, question, guessed }: Parts): Evaluator {
  const { table } = engine;
  const { program } = question;
  const known = outcomesOfUnions(engine);
  const united = (places: readonly number[], profile: PortProfile): TrafficId =>
    table.uniteAll(
      places.map(place => {
        const rule = place < program.networkEnd ? program.rules[place] : undefined;
        return rule?.portsOn(profile) ?? NOTHING;
      }),
    );
  return peers => {
    const profile = destinationOf(question, peers);
    const surely = table.unite(united(program.ofAll, profile), united(peers.marks, profile));
    const perhaps = peers.withoutAddress ? united(guessed, profile) : NOTHING;
    const key = surely * MOST_TRAFFIC + perhaps;
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = outcomes.numberOf(onlyNetworkPolicies(table, surely, perhaps));
    known.set(key, answer);
    return answer;
  };
}

export function evaluatorOf(
  engine: Engine,
  outcomes: OutcomeTable,
  question: RowQuestion,
): Evaluator {
  const { isolated, adminEnd } = question.program;
  const parts = { engine, outcomes, question, guessed: guessedPlaces(question) };
  return isolated && adminEnd === 0 ? additive(parts) : inOrder(parts);
}
