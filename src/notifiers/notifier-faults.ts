import type { Problem } from '../netpol/index.js';
import { emptyLists, errorAt, warningAt } from '../query/problem.js';
import { type Notifier, NotifierKind, READ_BY_PEOPLE } from './notifier.js';
import type { Secrets } from './secret.js';

/** What somebody gives of a notifier; the secret in clear, or null for none. */
export type NotifierDraft = Pick<
  Notifier,
  | 'name'
  | 'kind'
  | 'config'
  | 'minSeverity'
  | 'rules'
  | 'clusters'
  | 'enabled'
  | 'maxPerHour'
  | 'digest'
> & { readonly secret: string | null };

const NEEDS_SECRET: ReadonlySet<NotifierKind> = new Set([
  NotifierKind.SLACK,
  NotifierKind.TEAMS,
  NotifierKind.PAGERDUTY,
  NotifierKind.JIRA,
]);
const NEEDS_URL: ReadonlySet<NotifierKind> = new Set([
  NotifierKind.WEBHOOK,
  NotifierKind.ALERTMANAGER,
  NotifierKind.JIRA,
  NotifierKind.EMAIL,
  NotifierKind.SYSLOG,
]);

/** Schemes of an address, and one that is right. */
const SCHEMES: Readonly<Partial<Record<NotifierKind, readonly [RegExp, string]>>> = {
  EMAIL: [/^smtps?:$/, 'smtp://mail.example.org:587 or smtps://mail.example.org'],
  SYSLOG: [/^(?:tcp|tls):$/, 'tls://siem.example.org:6514 or tcp://siem.example.org:601'],
};
const HTTP = [/^https?:$/, 'https://example.org/hook'] as const;

/** Where it goes: of SLACK and TEAMS the URL is the secret. */
const urlIn = ({ kind, config, secret }: NotifierDraft): string | null =>
  kind === NotifierKind.SLACK || kind === NotifierKind.TEAMS ? secret : (config.url ?? null);

function urlFault(draft: NotifierDraft): readonly Problem[] {
  const url = urlIn(draft);
  const [scheme, right] = SCHEMES[draft.kind] ?? HTTP;
  if (url === null)
    return NEEDS_URL.has(draft.kind)
      ? [errorAt('NO_URL', 'url', '`url` is missing', `give it, such as ${right}`)]
      : [];
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !scheme.test(parsed.protocol) || parsed.hostname === '')
    return [
      errorAt(
        'BAD_URL',
        'url',
        `the address is not one that ${draft.kind} has`,
        `write it such as ${right}`,
      ),
    ];
  return parsed.username === '' && parsed.password === ''
    ? []
    : [
        errorAt(
          'BAD_URL',
          'url',
          'the address holds a user or a password',
          'give them as the secret',
        ),
      ];
}

/** 32 bytes, as Standard Webhooks writes them. */
const WEBHOOK_SECRET = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

const ADDRESS = /^[^\s@<>,]+@[^\s@<>,]+$/;

function mailFaults({ config: { from = '', to = '' }, secret }: NotifierDraft): readonly Problem[] {
  const wrong = to.split(',').filter(one => !ADDRESS.test(one.trim()));
  return [
    ...(ADDRESS.test(from)
      ? []
      : [
          errorAt(
            'BAD_CONFIG',
            'from',
            'EMAIL needs `from`, the address of the sender',
            'give it, such as `weirgate@example.org`',
          ),
        ]),
    ...wrong.map(one =>
      errorAt(
        'BAD_CONFIG',
        'to',
        `\`${one.trim()}\` is not an e-mail address`,
        'give one or more addresses, with commas between them',
      ),
    ),
    ...(secret === null || secret.includes(':')
      ? []
      : [
          errorAt(
            'BAD_SECRET',
            'secret',
            'the secret of EMAIL is `USER:PASSWORD`',
            'write both with a colon between them',
          ),
        ]),
  ];
}

const MOST_PER_HOUR = 10_000;

const PROJECT = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Sent in clear to another host: whoever is on the way reads it. */
export function clearTextWarnings(draft: NotifierDraft): readonly Problem[] {
  const url = urlIn(draft);
  if (url === null || !URL.canParse(url)) return [];
  const { protocol, hostname } = new URL(url);
  const isNear = hostname === 'localhost' || /^127\.|^\[::1\]$/.test(hostname);
  if (isNear || (protocol !== 'http:' && protocol !== 'tcp:')) return [];
  const better = protocol === 'http:' ? 'https' : 'tls';
  return [warningAt('CLEAR_TEXT', 'url', 'alerts are sent unencrypted', `use \`${better}://\``)];
}

/** A fault where something holds. */
const where = (holds: boolean, ...fault: Parameters<typeof errorAt>): readonly Problem[] =>
  holds ? [errorAt(...fault)] : [];

const rateFaults = ({ kind, maxPerHour, digest }: NotifierDraft): readonly Problem[] => [
  ...where(
    maxPerHour !== null && (maxPerHour < 1 || maxPerHour > MOST_PER_HOUR),
    'BAD_RATE',
    'maxPerHour',
    `\`maxPerHour\` is not between 1 and ${MOST_PER_HOUR}`,
    'give another number, or null for no limit',
  ),
  ...where(
    digest && !READ_BY_PEOPLE.has(kind),
    'NO_EFFECT',
    'digest',
    `${kind} takes no digest: each alert is told by itself`,
    'give `maxPerHour`, and what is more waits',
  ),
];

const secretFaults = (
  { kind, secret }: NotifierDraft,
  secrets: Secrets | null,
): readonly Problem[] => [
  ...where(
    NEEDS_SECRET.has(kind) && secret === null,
    'NO_SECRET',
    'secret',
    `${kind} needs a secret`,
    'give it as `secret`: `NotifierKind` says what it is',
  ),
  ...where(
    kind === NotifierKind.WEBHOOK && secret !== null && !WEBHOOK_SECRET.test(secret),
    'BAD_SECRET',
    'secret',
    'the secret of a webhook begins with `whsec_`',
    'leave it out, and one is made',
  ),
  ...where(
    secret !== null && secrets === null,
    'NO_KEY',
    'secret',
    'no key is set that secrets are sealed with',
    'start the server with WEIRGATE_SECRET_KEY',
  ),
];

const jiraFaults = ({ config: { project, email } }: NotifierDraft): readonly Problem[] => [
  ...where(
    !project || !email,
    'BAD_CONFIG',
    'project',
    'JIRA needs `project` and `email`',
    'give the key of the project, and whose API token the secret is',
  ),
  ...where(
    project !== undefined && project !== '' && !PROJECT.test(project),
    'BAD_CONFIG',
    'project',
    '`project` is no key of a project',
    'write it such as `SEC`',
  ),
];

/** Why a notifier cannot be as it is given. */
export const faultsOf = (draft: NotifierDraft, secrets: Secrets | null): readonly Problem[] => [
  ...where(
    draft.name.trim() === '',
    'BAD_NAME',
    'name',
    'a notifier needs a name',
    'say in a word or two where it sends',
  ),
  ...emptyLists({ rules: draft.rules, clusters: draft.clusters }),
  ...urlFault(draft),
  ...(draft.kind === NotifierKind.JIRA ? jiraFaults(draft) : []),
  ...(draft.kind === NotifierKind.EMAIL ? mailFaults(draft) : []),
  ...secretFaults(draft, secrets),
  ...rateFaults(draft),
];
