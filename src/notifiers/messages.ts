import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import { alertmanagerMessage } from './alertmanager.js';
import { syslogText } from './cef.js';
import {
  bounded,
  type Clear,
  contextOf,
  cut,
  type Message,
  post,
  textOf,
  titleOf,
} from './message.js';
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

/** Slack: "maximum length for the text in this field is 3000 characters"; no entity is cut in two. */
const slackCut = (text: string): string =>
  cut(slackText(text), 2_900).replace(/&[a-z]{0,3}…$/, '…');

const slack: Write = ({ secret }, told) =>
  post(secret, {
    text: slackCut(titleOf(told)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(titleOf(told), 150) } },
      { type: 'section', text: { type: 'mrkdwn', text: slackCut(textOf(told)) } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: slackCut(contextOf(told)) }] },
    ],
  });

/** What a text block shows is Markdown, in which a name could be a link; a text run shows what it holds. */
const cardText = (text: string, how: object = {}): object => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...how }],
});

const linesOf = (text: string): readonly string[] =>
  text.split(/[\r\n]+/).filter(line => line !== '');

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
            cardText(titleOf(told), { weight: 'Bolder' }),
            ...linesOf(textOf(told)).map(line => cardText(line)),
            cardText(contextOf(told), { isSubtle: true }),
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
      summary: cut(`${titleOf(told)}: ${told.message}`, 1_024),
      source: cut(told.cluster, 255),
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
  summary: cut(titleOf(told).replaceAll(/\s+/g, ' '), 255),
  text: textOf(told),
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

const WRITE: Readonly<Record<NotifierKind, Write>> = {
  WEBHOOK: webhook,
  SLACK: slack,
  TEAMS: teams,
  PAGERDUTY: pagerDuty,
  ALERTMANAGER: (target, told, now) => alertmanagerMessage(target, [told], now),
  JIRA: jira,
  EMAIL: email,
  SYSLOG: syslog,
};

/** What a kind of target is sent, within the lengths that it takes. */
export const messageFor = (kind: NotifierKind, target: Clear, told: Told, now: Date): Message =>
  WRITE[kind](target, bounded(told), now);
