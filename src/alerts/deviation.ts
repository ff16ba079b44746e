import type { BaselineState } from '../baselines/baseline.js';
import type { AlertRule, AlertSeverity } from './alert.js';
import type { AlertRuleDefinition } from './alert-rule.js';
import { namedBad, type SeenWithin } from './known-bad.js';
import { isAbout } from './rule-scope.js';

export type End = {
  readonly id: string;
  /** `namespace/name`, `EXTERNAL:name` */
  readonly label: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>> | null;
  /** Of its namespace. */
  readonly namespaceLabels: Readonly<Record<string, string>> | null;
  readonly dnsName: string | null;
  /** Name of the block that its address lies in. */
  readonly block: string | null;
  /** Those of the known bad addresses and blocks that it lies in; left out or null: none. */
  readonly bad?: readonly string[] | null;
  /** Null: the end has no baseline. */
  readonly baseline: BaselineState | null;
  /** Whether it learns by itself what comes. */
  readonly learns: boolean;
  /** Whether the end's baseline holds the flow. */
  readonly inBaseline: boolean;
  /** Whether somebody forbade the flow in it. */
  readonly forbidden: boolean;
  /** Whether its baseline knows a caller on the port of the flow. */
  readonly knownPort: boolean;
};

/** A flow of a batch that may be worth an alert, with what policies and baselines say of it. */
export type SuspectFlow = {
  readonly id: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly metadata: boolean;
  /** By the policies in force. */
  readonly policyDenied: boolean;
  /** Some policy in force governs it, and they allow it. */
  readonly permitted: boolean;
  readonly source: End;
  readonly destination: End;
  /** When it was; left out: whenever. */
  readonly seen?: SeenWithin;
};

/** Which events of a flow a rule is about. DENIED: what else did not fail as well, where the policies in force deny the flow. */
export const Counted = { ALL: 'ALL', DENIED: 'DENIED', AUDITED: 'AUDITED' } as const;
export type Counted = (typeof Counted)[keyof typeof Counted];

/** A rule that a flow meets, and why. */
export type Deviation = {
  readonly rule: AlertRuleDefinition;
  readonly why: string;
  readonly severity: AlertSeverity;
  readonly counts: Counted;
};

const isDeployment = ({ kind }: End): boolean => kind === 'DEPLOYMENT';

/** Whose deviation a flow is: the client's, where that is a deployment; null: of no deployment. */
export function sidesOf({ source, destination }: SuspectFlow): {
  readonly owner: End;
  readonly peer: End;
} | null {
  if (isDeployment(source)) return { owner: source, peer: destination };
  return isDeployment(destination) ? { owner: destination, peer: source } : null;
}

type Why = (flow: SuspectFlow, rule: AlertRuleDefinition) => string | null;

const isOff = ({ baseline, inBaseline }: End): boolean => baseline === 'LOCKED' && !inBaseline;

const isOffStable = ({ baseline, inBaseline }: End): boolean =>
  baseline === 'STABLE' && !inBaseline;

/** The end that something is true of, the client first. */
const endThat = ({ source, destination }: SuspectFlow, is: (end: End) => boolean): End | null =>
  is(source) ? source : is(destination) ? destination : null;

const offBaseline: Why = (flow, { parameters }) => {
  const off = endThat(flow, isOff);
  if (off !== null) return `the locked baseline of \`${off.label}\` does not hold it`;
  const stable = parameters.stableSeverity === undefined ? null : endThat(flow, isOffStable);
  return stable && `the baseline of \`${stable.label}\`, which is stable, does not hold it`;
};

const forbidden: Why = flow => {
  const end = endThat(flow, one => one.forbidden);
  return end && `the baseline of \`${end.label}\` forbids it`;
};

/** Of a rule that a flow meets: what is off a stable baseline alone has a severity of its own. */
const severityOf = (flow: SuspectFlow, { criterion, severity, parameters }: AlertRuleDefinition) =>
  criterion === 'OFF_BASELINE' && endThat(flow, isOff) === null
    ? (parameters.stableSeverity ?? severity)
    : severity;

/** Before a baseline is learned every destination is new, so that none is. */
const newExternal: Why = ({ source, destination, metadata }) =>
  source.baseline !== null &&
  !source.learns &&
  !source.inBaseline &&
  destination.kind === 'EXTERNAL' &&
  !metadata
    ? `the baseline of \`${source.label}\` holds no such destination`
    : null;

const knownBad: Why = ({ source, destination, seen }, rule) => {
  for (const { bad, label } of [destination, source]) {
    const found = bad && namedBad(rule, bad, seen);
    if (found) return `\`${label}\` is a known bad address${found.name ? `: ${found.name}` : ''}`;
  }
  return null;
};

const newPort: Why = ({ destination: { baseline, learns, knownPort, label } }) =>
  baseline === null || learns || knownPort
    ? null
    : `the baseline of \`${label}\` knows no caller of the port`;

const unlearned: Why = ({ permitted, source, destination }) =>
  permitted && ![source, destination].some(({ inBaseline, learns }) => inBaseline || learns)
    ? 'policies permit it, and no baseline holds it'
    : null;

type Criterion = { readonly why: Why; readonly counts: Counted };

const OF_NO_FLOW: Criterion = { why: () => null, counts: 'ALL' };

/** What a single flow can meet; a scan and a volume are seen in many. */
const CRITERIA: Readonly<Record<AlertRule, Criterion>> = {
  KNOWN_BAD: { why: knownBad, counts: 'ALL' },
  METADATA: {
    why: ({ metadata, source }) =>
      metadata && isDeployment(source) ? 'it called the cloud metadata service' : null,
    counts: 'ALL',
  },
  EXFILTRATION: { why: () => null, counts: 'ALL' },
  LATERAL_SCAN: { why: () => null, counts: 'ALL' },
  FORBIDDEN: { why: forbidden, counts: 'ALL' },
  OFF_BASELINE: { why: offBaseline, counts: 'ALL' },
  NEW_EXTERNAL: { why: newExternal, counts: 'ALL' },
  DENIED: { why: () => 'policy denied it', counts: 'DENIED' },
  AUDITED: { why: () => 'policy would deny it were it enforced', counts: 'AUDITED' },
  NEW_PORT: { why: newPort, counts: 'ALL' },
  UNLEARNED: { why: unlearned, counts: 'ALL' },
  DRIFT: OF_NO_FLOW,
  POLICY_CHANGED: OF_NO_FLOW,
  INGESTION_GAP: OF_NO_FLOW,
};

/**
 * The rules that a flow meets. Those about denied or audited events are met where there are some.
 * @param occurred whether the batch has events of a kind
 */
export function deviationsOf(
  cluster: string,
  flow: SuspectFlow,
  rules: readonly AlertRuleDefinition[],
  occurred: (counts: Counted) => boolean,
): readonly Deviation[] {
  const sides = sidesOf(flow);
  if (sides === null) return [];
  return rules.flatMap(rule => {
    const { why, counts } = CRITERIA[rule.criterion];
    if (!occurred(counts)) return [];
    const reason = why(flow, rule);
    const about = { cluster, ...sides, port: flow.port };
    return reason === null || !isAbout(rule, about)
      ? []
      : [{ rule, why: reason, severity: severityOf(flow, rule), counts }];
  });
}
