import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import { syslogText } from './cef.js';
import type { Notifier, NotifierKind, Told } from './notifier.js';

/** One POST. */
export type Post = {
  readonly via: 'post';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** One e-mail. */
export type Mail = {
  readonly via: 'mail';
  /** `smtp://HOST:PORT`, where TLS must be taken up, or `smtps://HOST:PORT`. */
  readonly url: string;
  /** `USER:PASSWORD`; empty: none. */
  readonly login: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  /** Of the thread that it belongs to. */
  readonly thread: string;
};

/** One message of syslog. */
export type Line = {
  readonly via: 'line';
  /** `tcp://HOST:PORT` or `tls://HOST:PORT`. */
  readonly url: string;
  readonly text: string;
};

export type Message = Post | Mail | Line;

type Target = Pick<Notifier, 'config'> & { readonly secret: string };
type Write = (target: Target, told: Told, now: Date) => Message | null;

const post = (url: string, value: unknown, headers: Post['headers'] = {}): Post => ({
  via: 'post',
  url,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

const TITLES = { OPENED: 'Alert', RESOLVED: 'Resolved', TEST: 'TEST' } as const;

const titleOf = ({ kind, severity, rule, namespace, deployment }: Told): string =>
  `${TITLES[kind]}: ${severity} ${rule} ${namespace}/${deployment}`;

/** Standard Webhooks 1.0: "the content to sign is id.timestamp.body". */
export const signature = (secret: string, id: string, seconds: number, body: string): string => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
};

const TYPES = {
  OPENED: 'alert.opened',
  RESOLVED: 'alert.resolved',
  TEST: 'notifier.test',
} as const;

const webhook: Write = ({ config, secret }, told, now) => {
  const { id, kind, ...data } = told;
  const seconds = Math.floor(now.getTime() / 1_000);
  const message = post(config.url ?? '', {
    type: TYPES[kind],
    timestamp: told.lastOccurredAt,
    data,
  });
  return {
    ...message,
    headers: {
      ...message.headers,
      'webhook-id': id,
      'webhook-timestamp': `${seconds}`,
      'webhook-signature': signature(secret, id, seconds, message.body),
    },
  };
};

/** Else a name could ping a channel. */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const slack: Write = ({ secret }, told) =>
  post(secret, {
    text: slackText(titleOf(told)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: titleOf(told).slice(0, 150) } },
      { type: 'section', text: { type: 'mrkdwn', text: slackText(told.message).slice(0, 2_900) } },
      {
        type: 'context',
        elements: [
          {
            type: 'mrkdwn',
            text: slackText(`${told.cluster}, ${told.state}, ${told.occurrences} events`),
          },
        ],
      },
    ],
  });

const teams: Write = ({ secret }, told) =>
  post(secret, {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          type: 'AdaptiveCard',
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          version: '1.4',
          body: [
            { type: 'TextBlock', weight: 'Bolder', wrap: true, text: titleOf(told) },
            { type: 'TextBlock', wrap: true, text: told.message.slice(0, 4_000) },
            {
              type: 'TextBlock',
              isSubtle: true,
              text: `${told.cluster}, ${told.occurrences} events`,
            },
          ],
        },
      },
    ],
  });

const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue';
const PAGED: Readonly<Record<string, string>> = {
  CRITICAL: 'critical',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'info',
};

const pagerDuty: Write = ({ config, secret }, told) =>
  post(config.url ?? PAGERDUTY, {
    routing_key: secret,
    event_action: told.kind === 'RESOLVED' ? 'resolve' : 'trigger',
    dedup_key: `weirgate-${told.alertId}`,
    payload: {
      summary: `${titleOf(told)}: ${told.message}`.slice(0, 1_024),
      source: told.cluster,
      severity: PAGED[told.severity] ?? 'warning',
      timestamp: told.lastOccurredAt,
      component: `${told.namespace}/${told.deployment}`,
      class: told.rule,
    },
  });

/** Told once: Alertmanager ends it after a day where nothing resolves it before. */
const DAY = 86_400_000;

const alertmanager: Write = ({ config, secret }, told, now) => {
  const ended = told.kind === 'RESOLVED' ? now : new Date(now.getTime() + DAY);
  const { cluster, namespace, deployment, rule, severity } = told;
  const authorization = secret === '' ? {} : { authorization: `Bearer ${secret}` };
  return post(
    `${config.url?.replace(/\/$/, '')}/api/v2/alerts`,
    [
      {
        labels: {
          alertname: `Weirgate${rule}`,
          alert_id: told.alertId,
          cluster,
          namespace,
          deployment,
          rule,
          severity: severity.toLowerCase(),
        },
        annotations: { summary: titleOf(told), description: told.message },
        startsAt: told.firstOccurredAt,
        endsAt: ended.toISOString(),
      },
    ],
    authorization,
  );
};

/** A resolution makes no issue. */
const jira: Write = ({ config, secret }, told) => {
  if (told.kind === 'RESOLVED') return null;
  const text = { type: 'text', text: told.message.slice(0, 30_000) };
  const authorization = `Basic ${Buffer.from(`${config.email}:${secret}`).toString('base64')}`;
  return post(
    `${config.url?.replace(/\/$/, '')}/rest/api/3/issue`,
    {
      fields: {
        project: { key: config.project },
        issuetype: { name: config.issueType ?? 'Task' },
        summary: titleOf(told).slice(0, 255),
        description: { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [text] }] },
        labels: ['weirgate', `weirgate-${told.alertId}`],
      },
    },
    { authorization },
  );
};

const MAIL_HOST = 'weirgate.invalid';

const email: Write = ({ config, secret }, told) => ({
  via: 'mail',
  url: config.url ?? '',
  login: secret,
  from: config.from ?? '',
  to: (config.to ?? '').split(',').map(one => one.trim()),
  subject: titleOf(told),
  text: [
    told.message,
    '',
    `cluster: ${told.cluster}`,
    `deployment: ${told.namespace}/${told.deployment}`,
    `state: ${told.state}`,
    `events: ${told.occurrences}, from ${told.firstOccurredAt} to ${told.lastOccurredAt}`,
  ].join('\n'),
  messageId: `<${told.id}@${MAIL_HOST}>`,
  thread: `<alert.${told.alertId}@${MAIL_HOST}>`,
});

const syslog: Write = ({ config }, told) => ({
  via: 'line',
  url: config.url ?? '',
  text: syslogText(told, hostname()),
});

/** What each kind of target is sent; null: nothing. */
export const MESSAGES: Readonly<Record<NotifierKind, Write>> = {
  WEBHOOK: webhook,
  SLACK: slack,
  TEAMS: teams,
  PAGERDUTY: pagerDuty,
  ALERTMANAGER: alertmanager,
  JIRA: jira,
  EMAIL: email,
  SYSLOG: syslog,
};
