import { stableId } from '../inventory/identity.js';

/** What an alert can be about, the most telling first. */
export const AlertRule = {
  /** A call to or from an address on a list of known bad ones. */
  KNOWN_BAD: 'KNOWN_BAD',
  /** A call of the cloud metadata service. */
  METADATA: 'METADATA',
  /** More bytes to or from peers outside within an hour than is usual. */
  EXFILTRATION: 'EXFILTRATION',
  /** Many peers and ports within an hour, or twice as many within a day, none of which the baseline holds. */
  LATERAL_SCAN: 'LATERAL_SCAN',
  /** A flow that somebody forbade in the baseline of an end. */
  FORBIDDEN: 'FORBIDDEN',
  /** A flow that an end's locked baseline does not hold. */
  OFF_BASELINE: 'OFF_BASELINE',
  /** A destination outside of the cluster that the deployment's baseline does not hold. */
  NEW_EXTERNAL: 'NEW_EXTERNAL',
  /** Policies of a stored set that was in force are other now, or gone. */
  DRIFT: 'DRIFT',
  /** A policy was made, changed or deleted, and no stored set has it as it is. */
  POLICY_CHANGED: 'POLICY_CHANGED',
  /** The policies in force deny it, or the dataplane said that it did. */
  DENIED: 'DENIED',
  /** The dataplane let it through, and said that policy would deny it were it enforced. */
  AUDITED: 'AUDITED',
  /** A deployment was called on a port on which its baseline knows no caller. */
  NEW_PORT: 'NEW_PORT',
  /** Policies permit it, and no baseline of its ends holds it. */
  UNLEARNED: 'UNLEARNED',
  /** A source of flows that came steadily is silent. */
  INGESTION_GAP: 'INGESTION_GAP',
} as const;
export type AlertRule = (typeof AlertRule)[keyof typeof AlertRule];

/** The smaller, the more telling. Stored: a new rule gets a number between. */
export const RANKS: Readonly<Record<AlertRule, number>> = {
  KNOWN_BAD: 10,
  METADATA: 20,
  EXFILTRATION: 30,
  LATERAL_SCAN: 40,
  FORBIDDEN: 45,
  OFF_BASELINE: 50,
  NEW_EXTERNAL: 60,
  DRIFT: 64,
  POLICY_CHANGED: 66,
  DENIED: 70,
  AUDITED: 80,
  NEW_PORT: 90,
  UNLEARNED: 100,
  INGESTION_GAP: 110,
};

/** Criteria that are not about flows: their alerts are of no deployment. */
export const OF_NO_FLOW: ReadonlySet<AlertRule> = new Set([
  AlertRule.DRIFT,
  AlertRule.POLICY_CHANGED,
  AlertRule.INGESTION_GAP,
]);

/** Up to this rank an alert tells of a takeover: what the deployment does besides belongs to it. */
export const LEADS_FROM = RANKS.LATERAL_SCAN;

export const AlertState = {
  /** Somebody has to look at it. */
  ACTIVE: 'ACTIVE',
  /** The same, but nothing of it came through: all of it was blocked. */
  ATTEMPTED: 'ATTEMPTED',
  /** Nobody wants to hear of it until a moment. */
  SNOOZED: 'SNOOZED',
  RESOLVED: 'RESOLVED',
  /** ACTIVE or ATTEMPTED: what filters may ask for, and no alert has. */
  OPEN: 'OPEN',
} as const;
export type AlertState = (typeof AlertState)[keyof typeof AlertState];

export const AlertSeverity = {
  LOW: 'LOW',
  MEDIUM: 'MEDIUM',
  HIGH: 'HIGH',
  CRITICAL: 'CRITICAL',
} as const;
export type AlertSeverity = (typeof AlertSeverity)[keyof typeof AlertSeverity];

/** RHACS's own category for unexpected flows. */
export const ANOMALOUS_ACTIVITY = 'Anomalous Activity';

/** What the other ends of an alert have in common. */
export const PeerGroup = {
  /** They are one deployment. */
  PEER: 'PEER',
  /** One DNS name, whatever its addresses. */
  NAME: 'NAME',
  /** One named block of addresses. */
  BLOCK: 'BLOCK',
  /** Callers from outside, without a name. */
  CLIENTS: 'CLIENTS',
  /** Destinations outside, without a name. */
  OUTSIDE: 'OUTSIDE',
  METADATA: 'METADATA',
  NODES: 'NODES',
  UNRESOLVED: 'UNRESOLVED',
  /** What was moved to and from peers outside, whatever the flows. */
  VOLUME: 'VOLUME',
  /** All that a scan tried. */
  SCAN: 'SCAN',
  /** There are none: it is about a policy. */
  POLICY: 'POLICY',
  /** There are none: it is about a stored set of policies. */
  POLICY_SET: 'POLICY_SET',
  /** There are none: it is about a source of flows. */
  SOURCE: 'SOURCE',
} as const;
export type PeerGroup = (typeof PeerGroup)[keyof typeof PeerGroup];

/** A deviation that somebody should look at: one per deployment and group of peers, or per policy, set or source. Times are ISO text. */
export type Alert = {
  readonly clusterId: number;
  readonly id: string;
  /** The most telling of `rules`. */
  readonly rule: AlertRule;
  /** What its flows met, in the order of names. */
  readonly rules: readonly AlertRule[];
  /** Of the rules as data, in the order of ids. */
  readonly ruleIds: readonly string[];
  readonly category: string;
  readonly severity: AlertSeverity;
  readonly state: AlertState;
  /** Null: it is about a policy, a set of policies, or a source of flows. */
  readonly deploymentId: string | null;
  /** The other end of the latest flow; null: it is not about flows. */
  readonly peerId: string | null;
  /** Of what it is about where that is no deployment; null: the whole cluster, or a deployment, which has its own. */
  readonly namespace: string | null;
  /** Id of the policy or the policy set that it is about. */
  readonly subjectId: string | null;
  readonly groupKind: PeerGroup;
  readonly groupName: string;
  /** The latest flow that raised it; null: it is not about flows. */
  readonly flowId: string | null;
  readonly message: string;
  /** Events; bigint as text. */
  readonly occurrences: string;
  /** Those of them that were not blocked. */
  readonly passed: string;
  readonly flowCount: number;
  readonly firstOccurredAt: string;
  readonly lastOccurredAt: string;
  readonly snoozedUntil: string | null;
  readonly resolvedAt: string | null;
  readonly resolution: string | null;
  /** Who resolved it; null: it is not resolved, or resolved itself. */
  readonly resolvedBy: string | null;
  /** When anything of it changed last, by the database's clock. */
  readonly changedAt: string;
  /** The alert that tells more of the same incident; null: none does. */
  readonly leadId: string | null;
};

export const alertId = (deploymentId: string, kind: PeerGroup, key: string): string =>
  stableId(`alert ${deploymentId} ${kind} ${key}`);
