import { randomBytes, randomUUID } from 'node:crypto';
import type { Problem } from '../netpol/index.js';
import { errorAt } from '../query/problem.js';
import { attemptToTell } from './deliver.js';
import type { NotificationStore } from './notification.store.js';
import { type Notifier, NotifierKind, type Told } from './notifier.js';
import type { NotifierStore } from './notifier.store.js';
import { clearTextWarnings, faultsOf, type NotifierDraft } from './notifier-faults.js';
import type { Reach } from './reach.js';
import type { Secrets } from './secret.js';

export type NotifierDeps = {
  readonly notifiers: NotifierStore;
  readonly notifications: Pick<NotificationStore, 'retryDead'>;
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

const refused = (...problems: readonly Problem[]): NotifierOutcome => ({
  notifier: null,
  signingSecret: null,
  problems,
});

type Prepared =
  | { readonly problems: readonly Problem[]; readonly sealed: null }
  | {
      readonly problems: readonly Problem[];
      readonly sealed: Pick<Notifier, 'secret'>;
    };

/** What is wrong with a notifier, or its secret as it is stored. */
async function prepared(
  { notifiers, secrets }: NotifierDeps,
  draft: NotifierDraft,
  id: string,
): Promise<Prepared> {
  const same = (await notifiers.all()).some(
    one => one.id !== id && one.name.toLowerCase() === draft.name.toLowerCase(),
  );
  const problems = same
    ? [errorAt('NAME_TAKEN', 'name', `a notifier is named \`${draft.name}\` already`, null)]
    : faultsOf(draft, secrets);
  if (problems.length > 0) return { problems, sealed: null };
  const secret = draft.secret === null ? null : (secrets?.seal(draft.secret) ?? null);
  return { problems: clearTextWarnings(draft), sealed: { secret } };
}

export async function createNotifier(
  deps: NotifierDeps,
  given: NotifierDraft,
): Promise<NotifierOutcome> {
  const signs = given.kind === NotifierKind.WEBHOOK && given.secret === null;
  const made = signs ? `whsec_${randomBytes(32).toString('base64')}` : null;
  const draft = { ...given, secret: given.secret ?? made };
  const id = randomUUID();
  const { problems, sealed } = await prepared(deps, draft, id);
  if (sealed === null) return refused(...problems);
  const told = { failures: 0, lastError: null, updatedAt: deps.now(), updatedBy: deps.who };
  const old = { oldSecret: null, oldSecretUntil: null };
  const notifier: Notifier = { ...draft, ...sealed, ...old, ...told, id };
  await deps.notifiers.put(notifier);
  return { notifier, signingSecret: made, problems };
}

const notThere = errorAt(
  'NOT_FOUND',
  'id',
  'there is no notifier of this id',
  'take the `id` of a notifier from `notifiers`',
);

const byId = async ({ notifiers }: NotifierDeps, id: string | null): Promise<Notifier | null> =>
  (await notifiers.all()).find(one => one.id === id) ?? null;

/** Null: it cannot be opened. */
function openedSecret({ secrets }: NotifierDeps, sealed: string): string | null {
  try {
    return secrets?.open(sealed) ?? null;
  } catch {
    return null;
  }
}

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

export type UpdateNotifierInput = {
  /** Null: the id of no notifier. */
  readonly id: string | null;
  /** What is given changes; the kind stays. */
  readonly change: Partial<Omit<NotifierDraft, 'kind' | 'secret'>>;
  /** In clear; null: it stays. */
  readonly secret: string | null;
};

const DAY_MS = 86_400_000;

/** The old secret of a webhook signs for another day, so that receivers can change theirs when they like. */
const oldOf = (before: Notifier, secret: string | null, now: string) =>
  secret === null || before.kind !== NotifierKind.WEBHOOK
    ? { oldSecret: before.oldSecret, oldSecretUntil: before.oldSecretUntil }
    : {
        oldSecret: before.secret,
        oldSecretUntil: new Date(Date.parse(now) + DAY_MS).toISOString(),
      };

/** Where the address of the receiver changes a secret is given with it: nobody is sent the secret of another. */
const movedWithSecret = ({ kind }: Notifier, moved: boolean, secret: string | null) =>
  moved && secret === null && kind !== NotifierKind.WEBHOOK
    ? [
        errorAt(
          'NO_SECRET',
          'secret',
          'the notifier has a secret, which another address must not be sent',
          'give the secret with the new address',
        ),
      ]
    : [];

/** Changes what is given. What it has still to send goes to where it points then. */
export async function updateNotifier(
  deps: NotifierDeps,
  { id, change, secret }: UpdateNotifierInput,
): Promise<NotifierOutcome> {
  const before = await byId(deps, id);
  if (before === null) return refused(notThere);
  const config = { ...before.config, ...change.config };
  const moved = before.secret !== null && config.url !== before.config.url;
  const stolen = movedWithSecret(before, moved, secret);
  if (stolen.length > 0) return refused(...stolen);
  const known = before.secret === null ? null : openedSecret(deps, before.secret);
  const draft = { ...before, ...change, config, secret: secret ?? known };
  const { problems, sealed } = await prepared(deps, draft, before.id);
  if (sealed === null) return refused(...problems);
  const now = deps.now();
  const notifier: Notifier = {
    ...draft,
    secret: secret === null ? before.secret : sealed.secret,
    ...oldOf(before, secret, now),
    updatedAt: now,
    updatedBy: deps.who,
  };
  await deps.notifiers.put(notifier);
  return { notifier, signingSecret: null, problems };
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
  resolution: null,
  again: false,
  ref: null,
});

const tooSoon = errorAt(
  'RATE_LIMITED',
  'id',
  'the notifier was tested less than ten seconds ago',
  'wait a moment',
);

/** Sends a message marked TEST, once. The answer's body is not told: it could be anything that the server can reach. */
export async function testNotifier(deps: NotifierDeps, id: string | null): Promise<TestOutcome> {
  const notifier = await byId(deps, id);
  if (notifier === null) return { sent: false, status: null, problems: [notThere] };
  if (!(await deps.notifiers.mayTest(notifier.id)))
    return { sent: false, status: null, problems: [tooSoon] };
  const { sent, status } = await attemptToTell(deps, notifier, testOf(deps.now()));
  return { sent, status, problems: [] };
}

export type RetryOutcome = { readonly again: number; readonly problems: readonly Problem[] };

export async function retryNotifications(
  deps: NotifierDeps,
  id: string | null,
): Promise<RetryOutcome> {
  const notifier = await byId(deps, id);
  if (notifier === null) return { again: 0, problems: [notThere] };
  return { again: await deps.notifications.retryDead(notifier.id), problems: [] };
}
