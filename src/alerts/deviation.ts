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
  readonly denied: boolean;
  readonly source: End;
  readonly destination: End;
};

/** What the batch added to the flow. */
export type Occurrence = {
  readonly events: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
};

type Deviation = {
  readonly rule: AlertRule;
  readonly severity: AlertSeverity;
  readonly deployment: End;
  readonly peer: End;
  readonly why: string;
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
    },
  ];
}

function denied({ denied: was, source, destination }: SuspectFlow): readonly Deviation[] {
  if (!was) return [];
  const [deployment, peer] = isDeployment(source) ? [source, destination] : [destination, source];
  if (!isDeployment(deployment)) return [];
  const why = 'policy denied it';
  return [{ rule: AlertRule.DENIED, severity: AlertSeverity.MEDIUM, deployment, peer, why }];
}

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
    },
  ];
}

/** The alerts that one flow of a batch is worth. */
export function alertsOf(
  clusterId: number,
  flow: SuspectFlow,
  { events, firstSeenAt, lastSeenAt }: Occurrence,
): readonly Alert[] {
  const deviations = [metadata, denied, offBaseline, newExternal].flatMap(rule => rule(flow));
  const line = `\`${flow.source.label}\` -> \`${flow.destination.label}\` (${flow.protocol} ${flow.port ?? '-'})`;
  return deviations.map(({ rule, severity, deployment, peer, why }) => ({
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
    occurrences: String(events),
    firstOccurredAt: firstSeenAt,
    lastOccurredAt: lastSeenAt,
    resolvedAt: null,
    resolution: null,
  }));
}

const later = (one: Alert, other: Alert): Alert =>
  other.lastOccurredAt >= one.lastOccurredAt ? other : one;

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
