import {
  type Alert,
  AlertRule,
  AlertSeverity,
  AlertState,
  ANOMALOUS_ACTIVITY,
  alertId,
} from './alert.js';

type End = {
  readonly id: string;
  /** `namespace/name`, `EXTERNAL:name` */
  readonly label: string;
  readonly kind: string;
  /** Null: the end has no baseline. */
  readonly baseline: 'LEARNING' | 'LOCKED' | null;
  /** Whether the end's baseline holds the flow. */
  readonly inBaseline: boolean;
};

/** A flow of a batch that may be worth an alert, with what policies and baselines say of it. */
export type SuspectFlow = {
  readonly id: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly metadata: boolean;
  /** By the policies in force. */
  readonly policyDenied: boolean;
  readonly source: End;
  readonly destination: End;
};

/** What the batch added to the flow, of one kind. */
export type Occurrence = {
  readonly events: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
};

/** What the batch added to the flow; null: nothing of the kind. */
export type Occurrences = {
  readonly all: Occurrence;
  /** What the dataplane denied; what else did not fail as well, where the policies in force deny the flow. */
  readonly denied: Occurrence | null;
  readonly audited: Occurrence | null;
};

type Deviation = {
  readonly rule: AlertRule;
  readonly severity: AlertSeverity;
  readonly deployment: End;
  readonly peer: End;
  readonly why: string;
  readonly occurrence: keyof Occurrences;
};

const isDeployment = ({ kind }: End): boolean => kind === 'DEPLOYMENT';

function metadata({ metadata: calls, source, destination }: SuspectFlow): readonly Deviation[] {
  if (!calls || !isDeployment(source)) return [];
  const why = 'it called the cloud metadata service';
  return [
    {
      rule: AlertRule.METADATA,
      severity: AlertSeverity.HIGH,
      deployment: source,
      peer: destination,
      why,
      occurrence: 'all',
    },
  ];
}

/** Whose deviation it is where policy is against the flow: the client's, where that is a deployment. */
function againstPolicy(
  { source, destination }: SuspectFlow,
  what: Omit<Deviation, 'deployment' | 'peer'>,
): readonly Deviation[] {
  const [deployment, peer] = isDeployment(source) ? [source, destination] : [destination, source];
  return isDeployment(deployment) ? [{ ...what, deployment, peer }] : [];
}

const denied = (flow: SuspectFlow): readonly Deviation[] =>
  againstPolicy(flow, {
    rule: AlertRule.DENIED,
    severity: AlertSeverity.MEDIUM,
    why: 'policy denied it',
    occurrence: 'denied',
  });

const audited = (flow: SuspectFlow): readonly Deviation[] =>
  againstPolicy(flow, {
    rule: AlertRule.AUDITED,
    severity: AlertSeverity.LOW,
    why: 'policy would deny it were it enforced',
    occurrence: 'audited',
  });

function offBaseline({ source, destination }: SuspectFlow): readonly Deviation[] {
  const pairs = [
    [source, destination],
    [destination, source],
  ] as const;
  return pairs
    .filter(([{ baseline, inBaseline }]) => baseline === 'LOCKED' && !inBaseline)
    .map(([deployment, peer]) => ({
      rule: AlertRule.OFF_BASELINE,
      severity: AlertSeverity.HIGH,
      deployment,
      peer,
      why: `the locked baseline of \`${deployment.label}\` does not hold it`,
      occurrence: 'all',
    }));
}

/** Before a baseline is learned every destination is new, so that none is. */
function newExternal({ source, destination, metadata: calls }: SuspectFlow): readonly Deviation[] {
  const isNew = source.baseline !== null && !source.inBaseline && destination.kind === 'EXTERNAL';
  if (!isNew || calls) return [];
  const why = `the baseline of \`${source.label}\` holds no such destination`;
  return [
    {
      rule: AlertRule.NEW_EXTERNAL,
      severity: AlertSeverity.MEDIUM,
      deployment: source,
      peer: destination,
      why,
      occurrence: 'all',
    },
  ];
}

const RULES = [metadata, denied, audited, offBaseline, newExternal] as const;

/** The alerts that one flow of a batch is worth. */
export function alertsOf(
  clusterId: number,
  flow: SuspectFlow,
  occurrences: Occurrences,
): readonly Alert[] {
  const deviations = RULES.flatMap(rule => rule(flow)).flatMap(({ occurrence, ...deviation }) => {
    const occurred = occurrences[occurrence];
    return occurred === null ? [] : [{ ...deviation, ...occurred }];
  });
  const line = `\`${flow.source.label}\` -> \`${flow.destination.label}\` (${flow.protocol} ${flow.port ?? '-'})`;
  return deviations.map(({ rule, severity, deployment, peer, why, ...occurred }) => ({
    clusterId,
    id: alertId(rule, deployment.id, peer.id),
    rule,
    category: ANOMALOUS_ACTIVITY,
    severity,
    state: AlertState.OPEN,
    deploymentId: deployment.id,
    peerId: peer.id,
    flowId: flow.id,
    message: `${line}: ${why}`,
    occurrences: String(occurred.events),
    firstOccurredAt: occurred.firstSeenAt,
    lastOccurredAt: occurred.lastSeenAt,
    resolvedAt: null,
    resolution: null,
  }));
}

/** Of flows that occurred last at the same moment one must come first, however the records were cut. */
const later = (one: Alert, other: Alert): Alert => {
  if (other.lastOccurredAt === one.lastOccurredAt) return other.flowId >= one.flowId ? other : one;
  return other.lastOccurredAt > one.lastOccurredAt ? other : one;
};

/** Alerts of one batch on the same (rule, deployment, peer) are one. */
export function mergeAlerts(alerts: readonly Alert[]): readonly Alert[] {
  const merged = new Map<string, Alert>();
  for (const alert of alerts) {
    const known = merged.get(alert.id);
    const sum = {
      ...later(known ?? alert, alert),
      occurrences: String(BigInt(known?.occurrences ?? '0') + BigInt(alert.occurrences)),
      firstOccurredAt:
        known !== undefined && known.firstOccurredAt < alert.firstOccurredAt
          ? known.firstOccurredAt
          : alert.firstOccurredAt,
    };
    merged.set(alert.id, sum);
  }
  return [...merged.values()];
}
