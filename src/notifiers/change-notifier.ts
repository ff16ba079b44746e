import { randomBytes, randomUUID } from 'node:crypto';
import type { Problem } from '../netpol/index.js';
import { errorAt } from '../query/problem.js';
import { attempt } from './deliver.js';
import { type Notifier, NotifierKind, type Told } from './notifier.js';
import type { NotifierStore } from './notifier.store.js';
import type { Reach } from './reach.js';
import type { Secrets } from './secret.js';

/** What somebody gives of a notifier; the secret in clear, or null for none. */
export type NotifierDraft = Pick<
  Notifier,
  'name' | 'kind' | 'config' | 'minSeverity' | 'rules' | 'clusters' | 'enabled'
> & { readonly secret: string | null };

export type NotifierDeps = {
  readonly notifiers: NotifierStore;
  readonly secrets: Secrets | null;
  readonly reach: Reach;
  /** ISO text. */
  readonly now: () => string;
  readonly who: string;
};

export type NotifierOutcome = {
  readonly notifier: Notifier | null;
  /** The secret of a webhook that was made here: told this once only. */
  readonly signingSecret: string | null;
  readonly problems: readonly Problem[];
};

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
  if (url === null)
    return NEEDS_URL.has(draft.kind) ? [errorAt('NO_URL', 'url', '`url` is missing', null)] : [];
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const [scheme, right] = SCHEMES[draft.kind] ?? HTTP;
  if (parsed === null || !scheme.test(parsed.protocol) || parsed.hostname === '')
    return [
      errorAt('BAD_URL', 'url', `the address is not one that ${draft.kind} has`, `as ${right}`),
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
      : [errorAt('BAD_CONFIG', 'from', 'EMAIL needs `from`, the address of the sender', null)]),
    ...wrong.map(one =>
      errorAt(
        'BAD_CONFIG',
        'to',
        `\`${one.trim()}\` is not an e-mail address`,
        'with commas between them',
      ),
    ),
    ...(secret === null || secret.includes(':')
      ? []
      : [errorAt('BAD_SECRET', 'secret', 'the secret of EMAIL is `USER:PASSWORD`', null)]),
  ];
}

function faultsOf(draft: NotifierDraft, secrets: Secrets | null): readonly Problem[] {
  const { name, kind, secret, config } = draft;
  const wantsKey = secret !== null && secrets === null;
  return [
    ...(name.trim() === '' ? [errorAt('BAD_NAME', 'name', 'a notifier needs a name', null)] : []),
    ...urlFault(draft),
    ...(NEEDS_SECRET.has(kind) && secret === null
      ? [errorAt('NO_SECRET', 'secret', `${kind} needs a secret`, null)]
      : []),
    ...(kind === NotifierKind.WEBHOOK && secret !== null && !WEBHOOK_SECRET.test(secret)
      ? [
          errorAt(
            'BAD_SECRET',
            'secret',
            'the secret of a webhook begins with `whsec_`',
            'leave it out, and one is made',
          ),
        ]
      : []),
    ...(kind === NotifierKind.JIRA && (!config.project || !config.email)
      ? [errorAt('BAD_CONFIG', 'project', 'JIRA needs `project` and `email`', null)]
      : []),
    ...(kind === NotifierKind.EMAIL ? mailFaults(draft) : []),
    ...(wantsKey
      ? [
          errorAt(
            'NO_KEY',
            'secret',
            'no key is set that secrets are sealed with',
            'start the server with WEIRGATE_SECRET_KEY',
          ),
        ]
      : []),
  ];
}

const refused = (...problems: readonly Problem[]): NotifierOutcome => ({
  notifier: null,
  signingSecret: null,
  problems,
});

export async function createNotifier(
  { notifiers, secrets, now, who }: NotifierDeps,
  given: NotifierDraft,
): Promise<NotifierOutcome> {
  const signs = given.kind === NotifierKind.WEBHOOK && given.secret === null;
  const made = signs ? `whsec_${randomBytes(32).toString('base64')}` : null;
  const draft = { ...given, secret: given.secret ?? made };
  const problems = faultsOf(draft, secrets);
  const same = (await notifiers.all()).some(
    ({ name }) => name.toLowerCase() === draft.name.toLowerCase(),
  );
  if (same)
    return refused(
      errorAt('NAME_TAKEN', 'name', `a notifier is named \`${draft.name}\` already`, null),
    );
  if (problems.length > 0) return refused(...problems);
  const notifier: Notifier = {
    ...draft,
    id: randomUUID(),
    secret: draft.secret === null ? null : (secrets?.seal(draft.secret) ?? null),
    failures: 0,
    lastError: null,
    updatedAt: now(),
    updatedBy: who,
  };
  await notifiers.put(notifier);
  return { notifier, signingSecret: made, problems: [] };
}

const notThere = errorAt(
  'NOT_FOUND',
  'id',
  'there is no notifier of this id',
  'take the `id` of a notifier from `notifiers`',
);

const byId = async ({ notifiers }: NotifierDeps, id: string | null): Promise<Notifier | null> =>
  (await notifiers.all()).find(one => one.id === id) ?? null;

/** @param enabled null: it is deleted */
export async function changeNotifier(
  deps: NotifierDeps,
  id: string | null,
  enabled: boolean | null,
): Promise<NotifierOutcome> {
  const before = await byId(deps, id);
  if (before === null) return refused(notThere);
  const notifier = {
    ...before,
    enabled: enabled ?? false,
    updatedAt: deps.now(),
    updatedBy: deps.who,
  };
  await (enabled === null ? deps.notifiers.remove(before.id) : deps.notifiers.put(notifier));
  return { notifier, signingSecret: null, problems: [] };
}

export type TestOutcome = {
  readonly sent: boolean;
  /** `HTTP 200`, or why not. */
  readonly status: string | null;
  readonly problems: readonly Problem[];
};

const testOf = (now: string): Told => ({
  id: randomUUID(),
  kind: 'TEST',
  alertId: randomUUID(),
  cluster: 'test',
  namespace: 'test',
  deployment: 'test',
  rule: 'TEST',
  severity: 'LOW',
  state: 'RESOLVED',
  message: 'a test of the notifier, and no alert',
  occurrences: '0',
  firstOccurredAt: now,
  lastOccurredAt: now,
});

/** Sends a message marked TEST, once. The answer's body is not told: it could be anything that the server can reach. */
export async function testNotifier(deps: NotifierDeps, id: string | null): Promise<TestOutcome> {
  const notifier = await byId(deps, id);
  if (notifier === null) return { sent: false, status: null, problems: [notThere] };
  const { sent, status } = await attempt(deps, notifier, testOf(deps.now()));
  return { sent, status, problems: [] };
}

export type RetryOutcome = { readonly again: number; readonly problems: readonly Problem[] };

export async function retryNotifications(
  deps: NotifierDeps,
  id: string | null,
): Promise<RetryOutcome> {
  const notifier = await byId(deps, id);
  if (notifier === null) return { again: 0, problems: [notThere] };
  return { again: await deps.notifiers.retryDead(notifier.id), problems: [] };
}
