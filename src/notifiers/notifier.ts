import type { AlertRule, AlertSeverity } from '../alerts/alert.js';

export const NotifierKind = {
  WEBHOOK: 'WEBHOOK',
  SLACK: 'SLACK',
  TEAMS: 'TEAMS',
  PAGERDUTY: 'PAGERDUTY',
  ALERTMANAGER: 'ALERTMANAGER',
  JIRA: 'JIRA',
  EMAIL: 'EMAIL',
  SYSLOG: 'SYSLOG',
} as const;
export type NotifierKind = (typeof NotifierKind)[keyof typeof NotifierKind];

/** What of a target is no secret. */
export type NotifierConfig = {
  /** Not of SLACK and TEAMS, where it is the secret. */
  readonly url?: string;
  /** JIRA */
  readonly email?: string;
  readonly project?: string;
  readonly issueType?: string;
  /** EMAIL; several with commas. */
  readonly to?: string;
  readonly from?: string;
};

/** Where alerts are sent. Times are ISO text. */
export type Notifier = {
  readonly id: string;
  readonly name: string;
  readonly kind: NotifierKind;
  readonly config: NotifierConfig;
  /** Sealed; null: none. */
  readonly secret: string | null;
  readonly minSeverity: AlertSeverity;
  /** Null: all. */
  readonly rules: readonly AlertRule[] | null;
  /** Names; null: all. */
  readonly clusters: readonly string[] | null;
  readonly enabled: boolean;
  /** Since the last success. */
  readonly failures: number;
  readonly lastError: string | null;
  readonly updatedAt: string;
  readonly updatedBy: string;
};

/** So many failures in a row, and it is shown as degraded. */
export const DEGRADED_FROM = 5;

/** What a target is told of an alert. */
export type Told = {
  /** The same however often it is sent. */
  readonly id: string;
  readonly kind: 'OPENED' | 'RESOLVED' | 'TEST';
  readonly alertId: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly rule: string;
  readonly severity: string;
  readonly state: string;
  readonly message: string;
  readonly occurrences: string;
  readonly firstOccurredAt: string;
  readonly lastOccurredAt: string;
};
