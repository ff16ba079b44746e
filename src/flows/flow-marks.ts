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

/** Its number in `flow_marks` and `port_rank`. */
export const numberOfProtocol = (protocol: string): number => {
  const number = (PROTOCOLS as readonly string[]).indexOf(protocol);
  return number < 0 ? PROTOCOLS.length - 1 : number;
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

/** Parts of a filter that marks tell in full, where it asks of no window. */
const TOLD: ReadonlySet<string> = new Set(['protocol', 'policyVerdict', 'observedVerdict', 'tags']);
const JOINING: ReadonlySet<string> = new Set(['and', 'or', 'not']);

const partsOf = (filter: FlowFilter): readonly string[] =>
  Object.entries(filter).flatMap(([name, part]) =>
    part === null || part === undefined ? [] : [name],
  );

const isTold = (filter: FlowFilter): boolean =>
  partsOf(filter).every(name => TOLD.has(name) || JOINING.has(name)) &&
  isKnown(filter.protocol ?? FlowProtocol.TCP) &&
  filter.protocol !== FlowProtocol.OTHER &&
  filter.tags?.includes(FlowTag.ACTIVE) !== true;

/** Whether a filter asks for some of the rows of these marks, and whether for all of them. */
type Asked = { readonly some: Test; readonly all: Test };

function askedOf(filter: FlowFilter): Asked {
  const own = testsOf(filter);
  const every = (filter.and ?? []).map(askedOf);
  const any = filter.or?.map(askedOf) ?? null;
  const not = filter.not ? askedOf(filter.not) : null;
  const told = isTold(filter);
  const isOwn: Test = marks => own.every(test => test(marks));
  return {
    some: marks =>
      isOwn(marks) &&
      every.every(({ some }) => some(marks)) &&
      any?.some(({ some }) => some(marks)) !== false &&
      not?.all(marks) !== true,
    all: marks =>
      told &&
      isOwn(marks) &&
      every.every(({ all }) => all(marks)) &&
      any?.some(({ all }) => all(marks)) !== false &&
      not?.some(marks) !== true,
  };
}

/** A filter that asks nothing of marks is not held against all of them. */
const asksMarks = (filter: FlowFilter): boolean =>
  testsOf(filter).length > 0 ||
  [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not ? [filter.not] : [])].some(
    asksMarks,
  );

/** Values of `flow_marks` from the first to the last. */
export type MarksRange = { readonly first: number; readonly last: number };

/**
 * The values of `flow_marks` that rows of all these filters have, ascending; null where the filters ask nothing of
 * marks. Rows of a value may still be others than those asked for: three protocols share one, and a window asks more.
 */
export function marksRanges(filters: readonly FlowFilter[]): readonly MarksRange[] | null {
  if (!filters.some(asksMarks)) return null;
  const asked = filters.map(askedOf);
  const ranges: { first: number; last: number }[] = [];
  for (const [code, marks] of ALL.entries()) {
    if (!asked.every(({ some }) => some(marks))) continue;
    const latest = ranges.at(-1);
    if (latest?.last === code - 1) latest.last = code;
    else ranges.push({ first: code, last: code });
  }
  const [first] = ranges;
  return first?.first === 0 && first.last === SIZE - 1 ? null : ranges;
}

/** By their numbers in `flow_marks` and `port_rank`. */
export const ALL_PROTOCOLS: readonly number[] = [...PROTOCOLS.keys()];

/** The protocols that these marks have. */
export const protocolsOfMarks = (ranges: readonly MarksRange[]): readonly number[] =>
  ALL_PROTOCOLS.filter(protocol =>
    ranges.some(
      ({ first, last }) => first + ((protocol - first + SIZE) % PROTOCOLS.length) <= last,
    ),
  );
