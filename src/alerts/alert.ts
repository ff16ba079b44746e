import { stableId } from '../inventory/identity.js';

export const AlertRule = {
  /** A flow that an end's locked baseline does not hold. */
  OFF_BASELINE: 'OFF_BASELINE',
  /** The policies in force deny it, or the dataplane said that it did. */
  DENIED: 'DENIED',
  /** The dataplane let it through, and said that policy would deny it were it enforced. */
  AUDITED: 'AUDITED',
  /** A destination outside of the cluster that the deployment's baseline does not hold. */
  NEW_EXTERNAL: 'NEW_EXTERNAL',
  /** A call of the cloud metadata service. */
  METADATA: 'METADATA',
} as const;
export type AlertRule = (typeof AlertRule)[keyof typeof AlertRule];

export const AlertState = { OPEN: 'OPEN', RESOLVED: 'RESOLVED' } as const;
export type AlertState = (typeof AlertState)[keyof typeof AlertState];

export const AlertSeverity = { LOW: 'LOW', MEDIUM: 'MEDIUM', HIGH: 'HIGH' } as const;
export type AlertSeverity = (typeof AlertSeverity)[keyof typeof AlertSeverity];

/** RHACS's own category for unexpected flows. */
export const ANOMALOUS_ACTIVITY = 'Anomalous Activity';

/** A deviation that somebody should look at: one a (rule, deployment, peer). Times are ISO text. */
export type Alert = {
  readonly clusterId: number;
  readonly id: string;
  readonly rule: AlertRule;
  readonly category: string;
  readonly severity: AlertSeverity;
  readonly state: AlertState;
  readonly deploymentId: string;
  readonly peerId: string;
  /** The latest flow that raised it. */
  readonly flowId: string;
  readonly message: string;
  /** Events; bigint as text. */
  readonly occurrences: string;
  readonly firstOccurredAt: string;
  readonly lastOccurredAt: string;
  readonly resolvedAt: string | null;
  readonly resolution: string | null;
};

export const alertId = (rule: AlertRule, deploymentId: string, peerId: string): string =>
  stableId(`alert ${rule} ${deploymentId} ${peerId}`);
