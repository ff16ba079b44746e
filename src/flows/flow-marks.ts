import { ObservedVerdict } from './flow.js';
import { type FlowFilter, type FlowMarks, FlowTag } from './flow-view.js';
import { FlowProtocol } from './observation.js';

/** What one value of the SQL function `flow_marks` stands for. */
type Marks = Omit<FlowMarks, 'policyBasis'> & {
  readonly protocol: FlowProtocol;
  readonly observedVerdict: ObservedVerdict;
  readonly metadata: boolean;
};

/** In the order of the function's numbers; whatever is no name of the list counts as the last one. */
const PROTOCOLS = [FlowProtocol.TCP, FlowProtocol.UDP, FlowProtocol.SCTP, FlowProtocol.OTHER];
const OBSERVED = [
  ObservedVerdict.ALLOWED,
  ObservedVerdict.DENIED,
  ObservedVerdict.AUDIT,
  ObservedVerdict.ERROR,
  ObservedVerdict.UNKNOWN,
];
const VERDICTS = ['ALLOWED', 'DENIED', 'UNDECIDABLE'] as const;

const SIZE = PROTOCOLS.length * OBSERVED.length * VERDICTS.length * 16;

/** The digits of a number, the finest first; `bases` says how many values each has. */
function digitsOf(code: number, bases: readonly number[]): readonly number[] {
  const [base, ...coarser] = bases;
  if (base === undefined) return [];
  return [code % base, ...digitsOf(Math.floor(code / base), coarser)];
}

function marksOf(code: number): Marks {
  const [protocol = 0, observed = 0, verdict = 0, ...flags] = digitsOf(code, [
    PROTOCOLS.length,
    OBSERVED.length,
    VERDICTS.length,
    ...[2, 2, 2, 2],
  ]);
  const [governed, inBaseline, offLocked, metadata] = flags.map(flag => flag === 1);
  return {
    protocol: PROTOCOLS[protocol] ?? FlowProtocol.OTHER,
    observedVerdict: OBSERVED[observed] ?? ObservedVerdict.UNKNOWN,
    policyVerdict: VERDICTS[verdict] ?? 'UNDECIDABLE',
    governed: governed ?? false,
    inBaseline: inBaseline ?? false,
    offLocked: offLocked ?? false,
    metadata: metadata ?? false,
  };
}

/** By their numbers. */
const ALL: readonly Marks[] = Array.from({ length: SIZE }, (_, code) => marksOf(code));

type Test = (marks: Marks) => boolean;

/** Of rows; `tagsOf` says the same of a flow. */
const TAGS: Readonly<Record<Exclude<FlowTag, 'ACTIVE'>, Test>> = {
  BASELINE: ({ inBaseline }) => inBaseline,
  ALLOWED: ({ governed, policyVerdict }) => governed && policyVerdict === 'ALLOWED',
  ANOMALOUS: ({ policyVerdict, observedVerdict, offLocked, metadata }) =>
    policyVerdict === 'DENIED' || observedVerdict === 'DENIED' || offLocked || metadata,
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
    ...(observedVerdict ? [(marks: Marks) => marks.observedVerdict === observedVerdict] : []),
    ...(policyVerdict ? [(marks: Marks) => marks.policyVerdict === policyVerdict] : []),
    ...tagTests(filter),
  ];
}

/**
 * The values of `flow_marks` that rows of all these filters have, ascending; null where the filters ask nothing of
 * marks. Rows of a value may still be others than those asked for: three protocols share one.
 */
export function codesOf(filters: readonly FlowFilter[]): readonly number[] | null {
  const tests = filters.flatMap(testsOf);
  if (tests.length === 0) return null;
  return ALL.flatMap((marks, code) => (tests.every(test => test(marks)) ? [code] : []));
}
