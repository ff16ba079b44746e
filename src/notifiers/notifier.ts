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

/** Where a target is, and how it is told there. */
export type NotifierConfig = {
  /** Not of SLACK and TEAMS, where it is the secret. Where `path` is there, up to the host. */
  readonly url?: string;
  /** Sealed: what comes after the host. */
  readonly path?: string;
  /** JIRA */
  readonly email?: string;
  readonly project?: string;
  readonly issueType?: string;
  /** EMAIL; several with commas. */
  readonly to?: string;
  readonly from?: string;
};

/** As it may be told: whoever knows the path of an address can often write there. */
export function shownConfig({ url, path, ...others }: NotifierConfig): NotifierConfig {
  if (url === undefined) return others;
  const { origin, protocol, host, pathname, search } = new URL(url);
  // Schemes such as `smtps` have no origin.
  const server = origin === 'null' ? `${protocol}//${host}` : origin;
  const isWhole = path === undefined && /^\/?$/.test(pathname) && search === '';
  return { url: isWhole ? server : `${server}/…`, ...others };
}

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
  /** So many messages an hour; null: as many as there are. What does not go out waits, or goes into a digest. */
  readonly maxPerHour: number | null;
  /** Whether many alerts go into one message. */
  readonly digest: boolean;
  /** Sealed: of a webhook, signs as well until `oldSecretUntil`. */
  readonly oldSecret: string | null;
  readonly oldSecretUntil: string | null;
  /** Since the last success. */
  readonly failures: number;
  readonly lastError: string | null;
  /** From 1; goes up with each change that somebody makes. */
  readonly version: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
};

/** So many failures in a row, and it is shown as degraded. */
export const DEGRADED_FROM = 5;

/** Kinds that people read, and that a hundred messages would bury. */
export const READ_BY_PEOPLE: ReadonlySet<NotifierKind> = new Set([
  NotifierKind.SLACK,
  NotifierKind.TEAMS,
  NotifierKind.EMAIL,
  NotifierKind.JIRA,
]);

/** Messages an hour of those that people read, where nothing else is said. */
export const PEOPLE_PER_HOUR = 20;

/** What a target is told of an alert, or of many in one message. */
export type Told = {
  /** The same however often it is sent. */
  readonly id: string;
  readonly kind: 'OPENED' | 'RESOLVED' | 'TEST' | 'DIGEST';
  readonly alertId: string;
  readonly cluster: string;
  /** Empty: it is of the whole cluster. */
  readonly namespace: string;
  /** Empty: it is of no deployment. */
  readonly deployment: string;
  /** What it is about: `namespace/name` of the deployment, or a policy, a set of policies, a source of flows. */
  readonly subject: string;
  readonly rule: string;
  readonly severity: string;
  readonly state: string;
  readonly message: string;
  readonly occurrences: string;
  readonly firstOccurredAt: string;
  readonly lastOccurredAt: string;
  /** Who resolved it and how it was put; null: it is open, or resolved itself without a word. */
  readonly resolution: string | null;
  /** Whether a message about it may have been sent before: the same again, or one that opens it anew. */
  readonly again: boolean;
  /** What the target called it before: the key of an issue. */
  readonly ref: string | null;
  /** DIGEST: what stands at the top. */
  readonly title?: string;
};
