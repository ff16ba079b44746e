import type { Compiled } from '../compile/compiled.js';
import { counted } from '../counted.js';
import type { Party } from '../decide/party.js';
import { agreed } from '../decide/point.js';
import { Direction } from '../policy.js';
import { betweenPods } from '../twin.js';
import { Basis, type Connection, type Decision, type Half, Verdict } from '../verdict.js';
import { type AskedEnd, type EndPart, heldIn, partiesAt, partsOf } from './part-ends.js';
import { portsText, type Span, spansOf } from './part-ports.js';

/** Parts of a question that have the same answer. */
export type AnswerPart = {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** `TCP 80,443`, `TCP` for all ports of a protocol. */
  readonly ports: string;
  readonly decision: Decision;
};

export type AnswerParts = {
  readonly parts: readonly AnswerPart[];
  /** How many pairs of parts were not asked, since there were too many. */
  readonly left: number;
  /** What else is to be known of the ends. */
  readonly notes: readonly string[];
};

export type PartsQuestion = {
  readonly source: AskedEnd;
  readonly destination: AskedEnd;
  readonly port: number | null;
  readonly protocol: string;
  /** At most about so many decisions are made; the rest of the pairs is counted. */
  readonly most?: number;
};

/** What answers one connection: with twins, where it is one between two pods of a workload. */
export type Decide = (connection: Connection) => Decision;

/** Decisions with reasons take some 0.1 ms each. */
const MOST_DECISIONS = 3_000;

const reasonKeys = ({ reasons }: Half): readonly unknown[] =>
  reasons.map(({ policy, rule, tier }) => [tier, policy, rule?.index ?? null]);

const keyOf = ({ verdict, basis, missing, egress, ingress }: Decision): string =>
  JSON.stringify([verdict, basis, missing, reasonKeys(egress), reasonKeys(ingress)]);

/** The nearest rule is told with the port that was asked: of several ports it would tell of one. */
const withoutMisses = (half: Half): Half => ({
  ...half,
  reasons: half.reasons.map(({ miss: _, ...reason }) => reason),
});

type Asked = { readonly span: Span; readonly decision: Decision };

type Told = { readonly ports: string; readonly key: string; readonly decision: Decision };

/** Ports with one answer are told as one. */
function joinedPorts(question: PartsQuestion, asked: readonly Asked[]): readonly Told[] {
  return [...Map.groupBy(asked, ({ decision }) => keyOf(decision))].flatMap(([key, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    const { decision } = first;
    const isOne = same.length === 1 && (first.span === null || first.span.from === first.span.to);
    return {
      key,
      ports: portsText(
        question,
        same.map(({ span }) => span),
      ),
      decision: isOne
        ? decision
        : {
            ...decision,
            egress: withoutMisses(decision.egress),
            ingress: withoutMisses(decision.ingress),
          },
    };
  });
}

type Pair = {
  readonly source: string;
  readonly destination: string;
  readonly told: readonly Told[];
};

const keyOfTold = (told: readonly Told[]): string =>
  JSON.stringify(told.map(({ ports, key }) => [ports, key]));

/** Sources that have one answer towards a destination are told as one, and so are destinations with the same such groups. */
function joinedEnds(pairs: readonly Pair[]): readonly AnswerPart[] {
  const byDestination = [...Map.groupBy(pairs, ({ destination }) => destination)].flatMap(
    ([destination, towards]) =>
      [...Map.groupBy(towards, ({ told }) => keyOfTold(told))].map(([key, same]) => ({
        destination,
        sources: same.map(({ source }) => source),
        told: same[0]?.told ?? [],
        key,
      })),
  );
  const groups = Map.groupBy(byDestination, ({ sources, key }) => JSON.stringify([sources, key]));
  return [...groups.values()].flatMap(same => {
    const { sources = [], told = [] } = same[0] ?? {};
    const destinations = same.map(({ destination }) => destination);
    return told.map(({ ports, decision }) => ({ sources, destinations, ports, decision }));
  });
}

/** Parts with one key, as one that is asked and the texts of all. */
const alike = (parts: readonly EndPart[]) =>
  [...Map.groupBy(parts, ({ key }) => key).values()].flatMap(same =>
    same[0] === undefined ? [] : { ...same[0], texts: same.map(({ text }) => text) },
  );

function heldNote(compiled: Compiled, end: AskedEnd): readonly string[] {
  const held = heldIn(compiled, end);
  if (held === 0) return [];
  const what = held === 1 ? 'one address' : counted(held, 'address', 'addresses');
  return [
    `${what} of \`${end.text}\` ${held === 1 ? 'is that' : 'are those'} of pods, nodes or Services, and not meant here: ask for them by name`,
  ];
}

/** Whether an end stands for several, of which each may have an answer of its own. */
export const hasParts = ({
  endpoint,
  members,
  bearers,
}: Pick<AskedEnd, 'endpoint' | 'members' | 'bearers'>): boolean =>
  members !== undefined || bearers !== undefined || endpoint.kind === 'block';

type Asking = {
  readonly compiled: Compiled;
  readonly decide: Decide;
  readonly question: PartsQuestion;
};

const partiesIn = (compiled: Compiled, { endpoint, members }: AskedEnd): readonly Party[] =>
  members === undefined
    ? partiesAt(compiled, endpoint)
    : members.flatMap(({ key }) => partiesAt(compiled, { kind: 'pod', key }));

function toldOf({ compiled, decide, question }: Asking, source: EndPart, destination: EndPart) {
  const { port, protocol } = question;
  const ends = { source: source.endpoint, destination: destination.endpoint };
  const connection = betweenPods({ ...ends, port, protocol });
  const asked = spansOf(compiled, connection).map(span => ({
    span,
    decision: decide(span === null ? connection : { ...connection, port: span.from }),
  }));
  return { told: joinedPorts(question, asked), made: asked.length };
}

/**
 * What holds for each part of a question: of a namespace its workloads, of a block the addresses that rules tell apart, of a
 * name outside each that bears it, without a port the ports that they do. Parts with the same answer are told as one, in the order in which they were asked.
 * @param compiled knows twins
 */
export function answerByParts(
  compiled: Compiled,
  decide: Decide,
  question: PartsQuestion,
): AnswerParts {
  const { source, destination } = question;
  const [at, to] = [partiesIn(compiled, source), partiesIn(compiled, destination)];
  const sources = alike(partsOf(compiled, source, to, Direction.INGRESS));
  const destinations = alike(partsOf(compiled, destination, at, Direction.EGRESS));
  const pairs: Pair[] = [];
  let budget = question.most ?? MOST_DECISIONS;
  let left = 0;
  for (const [one, other] of sources.flatMap(from =>
    destinations.map(into => [from, into] as const),
  )) {
    if (budget <= 0) {
      left += one.texts.length * other.texts.length;
      continue;
    }
    const { told, made } = toldOf({ compiled, decide, question }, one, other);
    budget -= made;
    for (const from of one.texts)
      for (const into of other.texts) pairs.push({ source: from, destination: into, told });
  }
  const notes = [...heldNote(compiled, source), ...heldNote(compiled, destination)];
  return { parts: joinedEnds(pairs), left, notes };
}

const MOST_REASONS = 20;

function halfOf(halves: readonly Half[], direction: Direction): Half {
  const reasons = halves.flatMap(half => half.reasons);
  const once = new Map(
    reasons.map(reason => [JSON.stringify([reason.policy, reason.rule]), reason]),
  );
  return {
    direction,
    ...agreed(halves, Basis.UNRESOLVED_PEER),
    governed: halves.some(({ governed }) => governed),
    reasons: [...once.values()].slice(0, MOST_REASONS),
    missing: halves.find(({ missing }) => missing !== null)?.missing ?? null,
  };
}

const whichPart = (parts: readonly AnswerPart[]): string => {
  const told = Object.values(Verdict).flatMap(verdict => {
    const count = parts.filter(({ decision }) => decision.verdict === verdict).length;
    return count === 0 ? [] : `${verdict} for ${count}`;
  });
  return `which part of the question is meant: ${told.join(', ')} of ${parts.length} parts`;
};

/** The one answer of all parts: UNDECIDABLE where they differ, or some were not asked. */
export function decisionOfParts({ parts, left }: AnswerParts): Decision {
  const decisions = parts.map(({ decision }) => decision);
  const point = agreed(decisions, Basis.UNRESOLVED_PEER);
  const { verdict, basis } =
    left > 0 ? { verdict: Verdict.UNDECIDABLE, basis: Basis.UNRESOLVED_PEER } : point;
  const isOne = decisions.every(decision => decision.verdict === verdict);
  const missing = isOne
    ? (decisions.find(each => each.missing)?.missing ?? null)
    : whichPart(parts);
  return {
    verdict,
    basis,
    governed: decisions.some(({ governed }) => governed),
    egress: halfOf(
      decisions.map(({ egress }) => egress),
      Direction.EGRESS,
    ),
    ingress: halfOf(
      decisions.map(({ ingress }) => ingress),
      Direction.INGRESS,
    ),
    missing:
      left > 0
        ? `${counted(left, 'pair of parts was', 'pairs of parts were')} not asked: ask for fewer`
        : missing,
  };
}
