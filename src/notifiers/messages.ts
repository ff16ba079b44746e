import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import { alertmanagerMessage } from './alertmanager.js';
import { syslogText } from './cef.js';
import { type Clear, contextOf, type Message, post, textOf, titleOf } from './message.js';
import type { NotifierKind, Told } from './notifier.js';

type Write = (target: Clear, told: Told, now: Date) => Message;

/** Standard Webhooks 1.0: "the content to sign is id.timestamp.body". */
export const signature = (secret: string, id: string, seconds: number, body: string): string => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
};

const TYPES = {
  OPENED: 'alert.opened',
  RESOLVED: 'alert.resolved',
  TEST: 'notifier.test',
  DIGEST: 'alert.digest',
} as const;

const webhook: Write = ({ config, secret, oldSecret }, told, now) => {
  const { id, kind, ref: _ref, again: _again, ...data } = told;
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
      'webhook-signature': [secret, ...(oldSecret === null ? [] : [oldSecret])]
        .map(one => signature(one, id, seconds, message.body))
        .join(' '),
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
      { type: 'section', text: { type: 'mrkdwn', text: slackText(textOf(told)).slice(0, 2_900) } },
      {
        type: 'context',
        elements: [
          {
            type: 'mrkdwn',
            text: slackText(contextOf(told)),
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
            { type: 'TextBlock', wrap: true, text: textOf(told).slice(0, 4_000) },
            {
              type: 'TextBlock',
              isSubtle: true,
              text: contextOf(told),
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
      component: told.subject,
      class: told.rule,
    },
  });

const jira: Write = ({ config, secret }, told) => ({
  via: 'issue',
  url: (config.url ?? '').replace(/\/$/, ''),
  authorization: `Basic ${Buffer.from(`${config.email}:${secret}`).toString('base64')}`,
  project: config.project ?? '',
  issueType: config.issueType ?? 'Task',
  label: `weirgate-${told.alertId}`,
  summary: titleOf(told).replaceAll(/\s+/g, ' ').slice(0, 255),
  text: textOf(told).slice(0, 30_000),
  ref: told.ref,
  creates: told.kind !== 'RESOLVED',
});

const MAIL_HOST = 'weirgate.invalid';

const email: Write = ({ config, secret }, told) => ({
  via: 'mail',
  url: config.url ?? '',
  login: secret,
  from: config.from ?? '',
  to: (config.to ?? '').split(',').map(one => one.trim()),
  subject: titleOf(told),
  text: [
    textOf(told),
    '',
    `cluster: ${told.cluster}`,
    `subject: ${told.subject}`,
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

/** What each kind of target is sent. */
export const MESSAGES: Readonly<Record<NotifierKind, Write>> = {
  WEBHOOK: webhook,
  SLACK: slack,
  TEAMS: teams,
  PAGERDUTY: pagerDuty,
  ALERTMANAGER: (target, told, now) => alertmanagerMessage(target, [told], now),
  JIRA: jira,
  EMAIL: email,
  SYSLOG: syslog,
};
