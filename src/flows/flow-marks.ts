import { hasOutcome, OUTCOME_SETS } from './flow.js';
import { type FlowFilter, type FlowMarks, FlowTag } from './flow-view.js';
import { FlowProtocol } from './observation.js';

/** What one value of the SQL function `flow_marks` stands for. */
type Marks = Omit<FlowMarks, 'policyBasis'> & {
  readonly protocol: FlowProtocol;
  /** What the dataplane ever said: a set. */
  readonly outcomes: number;
  readonly metadata: boolean;
};

/** In the order of the function's numbers; whatever is no name of the list counts as the last one. */
const PROTOCOLS = [FlowProtocol.TCP, FlowProtocol.UDP, FlowProtocol.SCTP, FlowProtocol.OTHER];
const VERDICTS = ['ALLOWED', 'DENIED', 'UNDECIDABLE'] as const;

/** Flags and what filters ask for most often are the coarse ones, so that the codes of a filter are few ranges. */
const BASES = [PROTOCOLS.length, 2, 2, OUTCOME_SETS, VERDICTS.length, 2, 2];
const SIZE = BASES.reduce((size, base) => size * base, 1);

/** The digits of a number, the finest first; `bases` says how many values each has. */
function digitsOf(code: number, bases: readonly number[]): readonly number[] {
  const [base, ...coarser] = bases;
  if (base === undefined) return [];
  return [code % base, ...digitsOf(Math.floor(code / base), coarser)];
}

function marksOf(code: number): Marks {
  const [
    protocol = 0,
    governed = 0,
    inBaseline = 0,
    outcomes = 0,
    verdict = 0,
    offLocked = 0,
    metadata = 0,
  ] = digitsOf(code, BASES);
  return {
    protocol: PROTOCOLS[protocol] ?? FlowProtocol.OTHER,
    outcomes,
    policyVerdict: VERDICTS[verdict] ?? 'UNDECIDABLE',
    governed: governed === 1,
    inBaseline: inBaseline === 1,
    offLocked: offLocked === 1,
    metadata: metadata === 1,
  };
}

/** By their numbers. */
const ALL: readonly Marks[] = Array.from({ length: SIZE }, (_, code) => marksOf(code));

type Test = (marks: Marks) => boolean;

/** Of rows, over all time: no window has more of them. `tagsOf` says the same of a flow. */
const TAGS: Readonly<Record<Exclude<FlowTag, 'ACTIVE'>, Test>> = {
  BASELINE: ({ inBaseline }) => inBaseline,
  ALLOWED: ({ governed, policyVerdict }) => governed && policyVerdict === 'ALLOWED',
  ANOMALOUS: ({ policyVerdict, outcomes, offLocked, metadata }) =>
    policyVerdict === 'DENIED' || hasOutcome(outcomes, 'DENIED') || offLocked || metadata,
};

const isKnown = (protocol: string): boolean => PROTOCOLS.some(known => known === protocol);

/** A list with ACTIVE asks for more than marks. */
function tagTests({ tags }: FlowFilter): readonly Test[] {
  if (tags === null || tags === undefined || tags.includes(FlowTag.ACTIVE)) return [];
  const tests = tags.flatMap(tag => (tag === FlowTag.ACTIVE ? [] : [TAGS[tag]]));
  return [marks => tests.some(test => test(marks))];
}

function testsOf(filter: FlowFilter): readonly Test[] {
  const { protocol, observedVerdict, policyVerdict } = filter;
  const asked = typeof protocol === 'string' && !isKnown(protocol) ? FlowProtocol.OTHER : protocol;
  return [
    ...(asked ? [(marks: Marks) => marks.protocol === asked] : []),
    ...(observedVerdict ? [(marks: Marks) => hasOutcome(marks.outcomes, observedVerdict)] : []),
    ...(policyVerdict ? [(marks: Marks) => marks.policyVerdict === policyVerdict] : []),
    ...tagTests(filter),
  ];
}

/** Values of `flow_marks` from the first to the last. */
export type MarksRange = { readonly first: number; readonly last: number };

/**
 * The values of `flow_marks` that rows of all these filters have, ascending; null where the filters ask nothing of
 * marks. Rows of a value may still be others than those asked for: three protocols share one, and a window asks more.
 */
export function marksRanges(filters: readonly FlowFilter[]): readonly MarksRange[] | null {
  const tests = filters.flatMap(testsOf);
  if (tests.length === 0) return null;
  const ranges: { first: number; last: number }[] = [];
  for (const [code, marks] of ALL.entries()) {
    if (!tests.every(test => test(marks))) continue;
    const latest = ranges.at(-1);
    if (latest?.last === code - 1) latest.last = code;
    else ranges.push({ first: code, last: code });
  }
  return ranges;
}
