import { setTimeout } from 'node:timers/promises';
import type { Enter } from '../database/presence.js';
import { alertmanagerMessage } from './alertmanager.js';
import type { Clear, Message } from './message.js';
import { messageFor } from './messages.js';
import type { Claimed, NotificationStore, Settled } from './notification.store.js';
import type { Notifier, Told } from './notifier.js';
import type { Outcome } from './outcome.js';
import { type Planned, planMessages, roomFor, toldOf } from './plan.js';
import type { Reach } from './reach.js';
import { openedAddress } from './sealed-address.js';
import type { Secrets } from './secret.js';
import { sendMessage } from './send.js';

export type DeliverDeps = {
  readonly notifications: NotificationStore;
  /** Null: there is no key, so that nothing with a secret can be sent. */
  readonly secrets: Secrets | null;
  readonly reach: Reach;
  /** By which other processes see that this one lives. */
  readonly enter: Enter;
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after each failed attempt; then it is given up. */
const WAITS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, ...Array(8).fill(3 * HOUR)];

/** Where the receiver does not say how long, one message so often finds out whether it is back. */
const LONGEST_PAUSE = 2 * MINUTE;

/** Half of it at least, so that many do not come back at once. */
const jittered = (wait: number): number => wait / 2 + (Math.random() * wait) / 2;

const lost = (status: string): Outcome => ({ sent: false, status, again: true, after: null });

/** Null: it was sealed with another key. */
function openedOrNull(sealed: string, { open }: Secrets): string | null {
  try {
    return open(sealed);
  } catch {
    return null;
  }
}

type Target = Pick<Notifier, 'kind' | 'config' | 'secret' | 'oldSecret'>;

/** Its secrets in clear; a text: why they cannot be had. */
function opened(
  { secret, oldSecret }: Target,
  secrets: Secrets | null,
): { readonly secret: string; readonly oldSecret: string | null } | string {
  if (secret === null) return { secret: '', oldSecret: null };
  if (secrets === null) return 'no key opens its secret';
  const clear = openedOrNull(secret, secrets);
  if (clear === null) return 'its secret was sealed with another key';
  return { secret: clear, oldSecret: oldSecret === null ? null : openedOrNull(oldSecret, secrets) };
}

async function attempt(
  { secrets, reach }: Pick<DeliverDeps, 'secrets' | 'reach'>,
  notifier: Target,
  write: (target: Clear, now: Date) => Message,
): Promise<Outcome> {
  const clear = opened(notifier, secrets);
  if (typeof clear === 'string') return lost(clear);
  const config = openedAddress(notifier.config, secrets);
  if (config === null) return lost('no key opens its address');
  const now = new Date();
  return sendMessage(write({ config, ...clear }, now), reach, now);
}

/** One attempt to tell of an alert, or of a digest. */
export const attemptToTell = (
  deps: Pick<DeliverDeps, 'secrets' | 'reach'>,
  notifier: Target,
  told: Told,
): Promise<Outcome> =>
  attempt(deps, notifier, (target, now) => messageFor(notifier.kind, target, told, now));

/** What an outcome makes of a message that was tried so often. */
export function settledBy(outcome: Outcome, attempts: number): Settled {
  const settled = { error: null, waitMs: null, pauseMs: null, gone: false, ref: null } as const;
  if (outcome.sent) return { ...settled, state: 'SENT', ref: outcome.ref ?? null };
  const error = outcome.status;
  if (outcome.gone === true)
    return { ...settled, state: 'PENDING', error: `${error}: switched off`, gone: true };
  const wait = WAITS[attempts - 1];
  if (!outcome.again || wait === undefined) return { ...settled, state: 'DEAD', error };
  const waitMs = Math.max(outcome.after ?? 0, jittered(wait));
  return {
    ...settled,
    state: 'PENDING',
    error,
    waitMs,
    pauseMs: outcome.after ?? Math.min(waitMs, LONGEST_PAUSE),
  };
}

type Sender = DeliverDeps & {
  /** Name of its session. */
  readonly holder: string;
};

/** Whether the next message may be tried at once. */
async function deliverOne(deps: Sender, notifier: Claimed, message: Planned): Promise<boolean> {
  const { notifications, holder } = deps;
  const told = toldOf(message);
  if (told === null) return true;
  const held = { notifierId: notifier.id, holder };
  if (!(await notifications.begin(held, message.id, message.dues))) return false;
  const outcome = await attemptToTell(deps, notifier, told);
  const attempts = 1 + Math.max(...message.dues.map(one => one.attempts));
  const settled = settledBy(outcome, attempts);
  await notifications.settle(notifier.id, message.id, settled);
  return settled.state !== 'PENDING';
}

const AT_ONCE = 500;

/**
 * One message after another, in the order in which alerts changed; what cannot be sent now holds up the rest.
 * @returns whether all was sent
 */
async function deliverFor(deps: Sender, notifier: Claimed): Promise<boolean> {
  const { notifications } = deps;
  let room = roomFor(notifier);
  for (;;) {
    const due = await notifications.take(notifier.id, AT_ONCE);
    const planned = planMessages(due, { digest: notifier.digest, room });
    for (const message of planned) if (!(await deliverOne(deps, notifier, message))) return false;
    room -= planned.length;
    const told = planned.reduce((sum, { dues }) => sum + dues.length, 0);
    if (told < due.length) return false;
    if (due.length < AT_ONCE) return true;
  }
}

/** So many notifiers at the same time: one whose receiver is slow does not hold up the others. */
const SENDERS = 4;

/** While one of them waits for its receiver, what comes for the others is sent. */
const LOOK_AGAIN_MS = 500;

async function sendAll(deps: Sender): Promise<void> {
  const { notifications, holder } = deps;
  const waiting: string[] = [];
  let busy = 0;
  const send = async (): Promise<void> => {
    for (;;) {
      const notifier = await notifications.claim(waiting, holder);
      if (notifier === null) {
        if (busy === 0) return;
        await setTimeout(LOOK_AGAIN_MS);
        continue;
      }
      const { id } = notifier;
      busy += 1;
      // Where this process ends while it sends, another one sees it then.
      await notifications.askAgain();
      const isDone = await deliverFor(deps, notifier).finally(() => {
        busy -= 1;
        return notifications.release(id, holder);
      });
      if (!isDone) waiting.push(id);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

/**
 * Sends what is due, and asks for the next delivery where something waits for less than a minute. One process at a time sends
 * for a notifier, and holds it for a minute, or until its session ends: what a killed process was sending is sent again within five
 * seconds, under the same id, by another.
 */
export async function deliver(deps: DeliverDeps): Promise<void> {
  const { name: holder, leave } = await deps.enter();
  await sendAll({ ...deps, holder }).finally(leave);
  await deps.notifications.askAgain();
}

/** What Alertmanager takes in one call. */
const STANDING_AT_ONCE = 200;

/** Tells Alertmanager again of all alerts that stand: it takes for resolved what it does not hear of for long. */
export async function tellStanding(
  deps: DeliverDeps,
  notifiers: readonly Notifier[],
): Promise<void> {
  for (const notifier of notifiers) {
    if (notifier.kind !== 'ALERTMANAGER' || !notifier.enabled) continue;
    const standing = await deps.notifications.standing(notifier.id);
    for (let from = 0; from < standing.length; from += STANDING_AT_ONCE) {
      const some = standing.slice(from, from + STANDING_AT_ONCE);
      const outcome = await attempt(deps, notifier, (target, now) =>
        alertmanagerMessage(target, some, now),
      );
      await deps.notifications.note(notifier.id, outcome.sent ? null : outcome.status);
      if (!outcome.sent) break;
    }
  }
}
