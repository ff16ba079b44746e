import { counted } from '../../netpol/index.js';
import type { AssertionLine } from '../print/assertion-rows.js';
import type { Cell, Rows } from '../print/table.js';
import type { Color } from '../print/terminal.js';
import { connectionText } from './flow-row.js';
import { peerName } from './peer-name.js';
import type { Origin } from './problem-text.js';
import type { Completeness, FlowClass, Simulated, SimulatedFlow } from './simulated.js';
import { flowLines, lineConnection, lineDays, lineEvents } from './simulation-lines.js';

const COLORS: Readonly<Record<FlowClass, Color | null>> = {
  STILL_ALLOWED: 'green',
  NEWLY_BLOCKED: 'red',
  NEWLY_ALLOWED: 'yellow',
  STILL_BLOCKED: 'gray',
  UNDECIDABLE: 'gray',
};

/** `NEWLY_BLOCKED` as people say it. */
const classWords = (name: FlowClass): string => name.toLowerCase().replaceAll('_', ' ');

export const simulatedConnection = ({ flow }: SimulatedFlow): string =>
  connectionText({
    source: peerName(flow.source),
    destination: peerName(flow.destination),
    port: flow.port,
    protocol: flow.protocol,
  });

type Reason = SimulatedFlow['explanation']['egress']['reasons'][number];

/** A line of the candidate's text counts in one of our files. */
const reasonPlace = ({ file, line }: Reason, origin: Origin | null): string => {
  const own = file === null ? (origin?.(line) ?? null) : null;
  if (own !== null) return `${own.file}:${own.line}`;
  return file === null ? `line ${line}` : `${file}:${line}`;
};

type Half = SimulatedFlow['explanation']['egress'];

/** The directions that decide: those that close a flow, or leave it open what it is; both where it is allowed. */
const decidingHalves = ({ explanation, after }: SimulatedFlow): readonly Half[] =>
  [explanation.egress, explanation.ingress].filter(({ verdict }) => verdict === after);

export const decidingReasons = (flow: SimulatedFlow): readonly Reason[] =>
  decidingHalves(flow).flatMap(({ reasons }) => reasons);

const halfText = (half: Half, origin: Origin | null): string => {
  const policies = half.reasons.map(reason => `${reason.policy} (${reasonPlace(reason, origin)})`);
  const what =
    half.missing ?? (policies.length === 0 ? 'no policy selects it' : policies.join(', '));
  return `${half.direction.toLowerCase()} ${half.verdict.toLowerCase()}: ${what}`;
};

const whyText = (flow: SimulatedFlow, origin: Origin | null): string =>
  decidingHalves(flow)
    .map(half => halfText(half, origin))
    .join('; ');

const NOTE_WORDS = {
  JOB: 'job',
  AT_START: 'only at starts',
  RARE: 'rare',
} as const satisfies Readonly<Record<SimulatedFlow['notes'][number], string>>;

/** `2 of 30 days, rare, job`. */
const seenOn = (days: string, { observedDays, notes }: SimulatedFlow): string =>
  [`${days} of ${counted(observedDays, 'day')}`, ...notes.map(note => NOTE_WORDS[note])].join(', ');

const timeOf = (time: string): string => time.slice(0, 16).replace('T', ' ');

/** Where its ends were once something else: since when it is what it is now, and what it was. */
const pastText = ({ spans }: SimulatedFlow): string => {
  const classes = new Set(spans.map(span => span.class));
  if (classes.size < 2) return '';
  const told = spans.map(span => `${classWords(span.class)} from ${timeOf(span.since)}`);
  return `; by the labels of the time ${told.join(', ')}`;
};

/** One line for flows that differ in the port alone. */
export const flowTable = (flows: readonly SimulatedFlow[], origin: Origin | null): Rows => ({
  heading: ['class', 'flow', 'events', 'seen', 'why'],
  first: 3,
  rows: flowLines(flows, each => `${whyText(each, origin)}${pastText(each)}`).map(
    (line): readonly Cell[] => {
      const [flow] = line.flows;
      return [
        { text: classWords(flow.class), color: COLORS[flow.class] },
        lineConnection(line),
        lineEvents(line),
        seenOn(lineDays(line), flow),
        line.why,
      ];
    },
  ),
});

const EFFECT_WORDS = {
  SAME: 'the same',
  TIGHTER: 'tighter',
  WIDER: 'wider',
  BOTH: 'wider and tighter',
} as const satisfies Readonly<Record<NonNullable<Simulated['policies'][number]['effect']>, string>>;

/** What becomes of each policy, without those that stay as they are. */
export const policyTable = (policies: Simulated['policies']): Rows => ({
  heading: ['policy', 'status', 'means'],
  rows: policies
    .filter(({ status }) => status !== 'UNCHANGED')
    .map(({ kind, namespace, name, status, effect }) => [
      [kind, namespace, name].filter(part => part !== null).join('/'),
      status.toLowerCase(),
      effect === null ? '' : EFFECT_WORDS[effect],
    ]),
});

/** With the file that they came from. */
export const assertionLines = (
  assertions: Simulated['assertions'],
  file: string | null,
): readonly AssertionLine[] => assertions.map(each => ({ ...each, file }));

type Finding = Simulated['findings'][number];

const findingPlace = ({ line, column }: Finding, origin: Origin | null): string => {
  if (line === null) return '';
  const own = origin?.(line) ?? null;
  return own === null ? `line ${line}:${column ?? 1}` : `${own.file}:${own.line}:${column ?? 1}`;
};

/** On the candidate's own policies, or what it brings about; the others the cluster has already. */
export const isOwn = ({ policy, introduced }: Finding): boolean =>
  policy !== null || introduced === true;

export const ownFindings = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(finding => isOwn(finding) || finding.severity === 'ERROR');

/** Of a rule that finds the same of many deployments so many are shown. */
const SHOWN_OF_A_RULE = 3;

const findingRow =
  (origin: Origin | null) =>
  (each: Finding): readonly Cell[] => [
    each.severity,
    each.rule,
    each.policy ?? '',
    findingPlace(each, origin),
    each.message,
  ];

/** Findings on policies one by one, the others of a rule together: the first of them, and how many more there are. */
export const findingTable = (findings: readonly Finding[], origin: Origin | null): Rows => {
  const own = ownFindings(findings);
  const ofPolicies = own.filter(({ policy }) => policy !== null);
  const ofRules = Map.groupBy(
    own.filter(({ policy }) => policy === null),
    ({ rule, severity }) => `${severity} ${rule}`,
  );
  const row = findingRow(origin);
  const others = [...ofRules.values()].flatMap(found => {
    const severity = found[0]?.severity ?? '';
    const rule = found[0]?.rule ?? '';
    const more = found.length - SHOWN_OF_A_RULE;
    const rest: readonly Cell[] = [severity, rule, '', '', `and ${more} more: see -o json`];
    return [...found.slice(0, SHOWN_OF_A_RULE).map(row), ...(more > 0 ? [rest] : [])];
  });
  return {
    heading: ['severity', 'rule', 'policy', 'place', 'message'],
    rows: [...ofPolicies.map(row), ...others],
  };
};

/** `12 still allowed, 2 newly blocked, …` in distinct flows. */
export const summaryLine = ({ summary }: Pick<Simulated, 'summary'>): string =>
  [
    `${summary.stillAllowed} still allowed`,
    `${summary.newlyBlocked} newly blocked`,
    `${summary.newlyAllowed} newly allowed`,
    `${summary.stillBlocked} still blocked`,
    `${summary.undecidable} undecidable`,
  ].join(', ');

const dayOf = (time: string | null): string => time?.slice(0, 10) ?? 'open';

/** What the answer does not know, one sentence each. */
export const completenessLines = (seen: Completeness): readonly string[] => {
  const window = `${counted(seen.flows, 'distinct flow')}, observed ${dayOf(seen.firstSeenAt)} to ${dayOf(seen.lastSeenAt)}`;
  const silent = seen.silentDeployments;
  return [
    window,
    ...(seen.lostEvents === '0' ? [] : [`the sources lost ${counted(seen.lostEvents, 'event')}`]),
    ...(seen.rejectedRecords === '0'
      ? []
      : [`${counted(seen.rejectedRecords, 'record')} could not be used`]),
    ...(seen.unresolvedFlows === 0
      ? []
      : [
          `${counted(seen.unresolvedFlows, 'flow has', 'flows have')} an end that nobody could name`,
        ]),
    ...(seen.silentHours === 0
      ? []
      : [`${counted(seen.silentHours, 'hour shows', 'hours show')} no flow at all`]),
    ...(silent.length === 0 ? [] : [`without any flow: ${silent.join(', ')}`]),
  ];
};
