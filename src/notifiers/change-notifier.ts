import { randomBytes, randomUUID } from 'node:crypto';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { unknownClusters } from '../inventory/existing-cluster.js';
import type { Problem } from '../netpol/index.js';
import { errorAt, versionFault } from '../query/problem.js';
import { attemptToTell } from './deliver.js';
import type { NotificationStore } from './notification.store.js';
import { type Notifier, type NotifierConfig, NotifierKind, type Told } from './notifier.js';
import type { NotifierStore } from './notifier.store.js';
import { clearTextWarnings, faultsOf, type NotifierDraft } from './notifier-faults.js';
import type { Reach } from './reach.js';
import { openedAddress, sealedAddress } from './sealed-address.js';
import type { Secrets } from './secret.js';

type Stores = {
  readonly notifiers: NotifierStore;
  readonly clusters: Pick<ClusterStore, 'names'>;
};

export type NotifierDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
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
      readonly sealed: Pick<Notifier, 'secret' | 'config'>;
    };

const nameTaken = (name: string): Problem =>
  errorAt(
    'NAME_TAKEN',
    'name',
    `a notifier is named ${name} already`,
    'give it another name, or change that one',
  );

/** What is wrong with a notifier, or its secret and address as they are stored. */
function prepared(
  { secrets }: Pick<NotifierDeps, 'secrets'>,
  draft: NotifierDraft & { readonly id: string },
  all: readonly Notifier[],
): Prepared {
  const same = all.find(
    one => one.id !== draft.id && one.name.toLowerCase() === draft.name.toLowerCase(),
  );
  const problems = same === undefined ? faultsOf(draft, secrets) : [nameTaken(`\`${same.name}\``)];
  if (problems.length > 0) return { problems, sealed: null };
  const secret = draft.secret === null ? null : (secrets?.seal(draft.secret) ?? null);
  const config = sealedAddress(draft.config, secrets);
  return { problems: clearTextWarnings(draft), sealed: { secret, config } };
}

export async function createNotifier(
  deps: NotifierDeps,
  given: NotifierDraft,
): Promise<NotifierOutcome> {
  const signs = given.kind === NotifierKind.WEBHOOK && given.secret === null;
  const made = signs ? `whsec_${randomBytes(32).toString('base64')}` : null;
  const draft = { ...given, secret: given.secret ?? made };
  const id = randomUUID();
  return deps.transaction(async ({ notifiers, clusters }) => {
    await notifiers.lock();
    const unknown = await unknownClusters(clusters, given.clusters, 'clusters');
    if (unknown.length > 0) return refused(...unknown);
    const { problems, sealed } = prepared(deps, { ...draft, id }, await notifiers.all());
    if (sealed === null) return refused(...problems);
    const told = { failures: 0, lastError: null, updatedAt: deps.now(), updatedBy: deps.who };
    const old = { oldSecret: null, oldSecretUntil: null };
    const notifier: Notifier = { ...draft, ...sealed, ...old, ...told, id, version: 1 };
    await notifiers.put(notifier);
    return { notifier, signingSecret: made, problems };
  });
}

const notThere = errorAt(
  'NOT_FOUND',
  'id',
  'there is no notifier of this id',
  'take the `id` of a notifier from `notifiers`',
);

/** A notifier, as it was when somebody decided what to do with it. */
export type WhichNotifier = {
  /** Null: the id of no notifier. */
  readonly id: string | null;
  /** Null: whatever version it is. */
  readonly expectedVersion?: number | null;
};

type Found =
  | { readonly notifier: Notifier; readonly fault: null }
  | { readonly notifier: null; readonly fault: Problem };

function foundIn(all: readonly Notifier[], { id, expectedVersion }: WhichNotifier): Found {
  const notifier = all.find(one => one.id === id);
  if (notifier === undefined) return { notifier: null, fault: notThere };
  const fault = versionFault('the notifier', notifier.version, expectedVersion);
  return fault === null ? { notifier, fault } : { notifier: null, fault };
}

/** Null: it cannot be opened. */
function openedSecret({ secrets }: NotifierDeps, sealed: string): string | null {
  try {
    return secrets?.open(sealed) ?? null;
  } catch {
    return null;
  }
}

/** @param enabled null: it is deleted */
export const changeNotifier = (
  { transaction, now, who }: NotifierDeps,
  which: WhichNotifier,
  enabled: boolean | null,
): Promise<NotifierOutcome> =>
  transaction(async ({ notifiers }) => {
    await notifiers.lock();
    const { notifier: before, fault } = foundIn(await notifiers.all(), which);
    if (before === null) return refused(fault);
    const version = enabled === null ? before.version : before.version + 1;
    const changed = { enabled: enabled ?? false, version, updatedAt: now(), updatedBy: who };
    const notifier = { ...before, ...changed };
    await (enabled === null ? notifiers.remove(before.id) : notifiers.put(notifier));
    return { notifier, signingSecret: null, problems: [] };
  });

export type UpdateNotifierInput = WhichNotifier & {
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

/** In clear where its key is there; where it is not, an address that is not given stays sealed. */
function configAfter(
  { secrets }: NotifierDeps,
  before: Notifier,
  change: UpdateNotifierInput['change'],
): NotifierConfig {
  const { path, ...known } = openedAddress(before.config, secrets) ?? before.config;
  const stays = path !== undefined && change.config?.url === undefined;
  return { ...known, ...(stays && { path }), ...change.config };
}

const addressIn = ({ secrets }: NotifierDeps, config: NotifierConfig): string | undefined =>
  (openedAddress(config, secrets) ?? config).url;

/** The notifier that a change makes of another, or why it cannot. */
function changed(
  deps: NotifierDeps,
  before: Notifier,
  { change, secret }: UpdateNotifierInput,
  all: readonly Notifier[],
): { readonly notifier: Notifier | null; readonly problems: readonly Problem[] } {
  const config = configAfter(deps, before, change);
  const moved =
    before.secret !== null && addressIn(deps, config) !== addressIn(deps, before.config);
  const stolen = movedWithSecret(before, moved, secret);
  if (stolen.length > 0) return { notifier: null, problems: stolen };
  const known = before.secret === null ? null : openedSecret(deps, before.secret);
  const draft = { ...before, ...change, config, secret: secret ?? known };
  const { problems, sealed } = prepared(deps, draft, all);
  if (sealed === null) return { notifier: null, problems };
  const now = deps.now();
  const told = { version: before.version + 1, updatedAt: now, updatedBy: deps.who };
  const sealedNow = secret === null ? before.secret : sealed.secret;
  const stored = { secret: sealedNow, config: sealed.config };
  const notifier = { ...draft, ...stored, ...oldOf(before, secret, now), ...told };
  return { notifier, problems };
}

/** Changes what is given. What it has still to send goes to where it points then. */
export const updateNotifier = (
  deps: NotifierDeps,
  input: UpdateNotifierInput,
): Promise<NotifierOutcome> =>
  deps.transaction(async ({ notifiers, clusters }) => {
    await notifiers.lock();
    const all = await notifiers.all();
    const { notifier: before, fault } = foundIn(all, input);
    if (before === null) return refused(fault);
    const unknown = await unknownClusters(clusters, input.change.clusters, 'clusters');
    if (unknown.length > 0) return refused(...unknown);
    const { notifier, problems } = changed(deps, before, input, all);
    if (notifier === null) return refused(...problems);
    await notifiers.put(notifier);
    return { notifier, signingSecret: null, problems };
  });

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
  subject: 'test/test',
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
export async function testNotifier(deps: NotifierDeps, which: WhichNotifier): Promise<TestOutcome> {
  const { notifier, fault } = foundIn(await deps.notifiers.all(), which);
  if (notifier === null) return { sent: false, status: null, problems: [fault] };
  if (!(await deps.notifiers.mayTest(notifier.id)))
    return { sent: false, status: null, problems: [tooSoon] };
  const { sent, status } = await attemptToTell(deps, notifier, testOf(deps.now()));
  return { sent, status, problems: [] };
}

export type RetryOutcome = { readonly again: number; readonly problems: readonly Problem[] };

export async function retryNotifications(
  deps: NotifierDeps,
  which: WhichNotifier,
): Promise<RetryOutcome> {
  const { notifier, fault } = foundIn(await deps.notifiers.all(), which);
  if (notifier === null) return { again: 0, problems: [fault] };
  return { again: await deps.notifications.retryDead(notifier.id), problems: [] };
}
